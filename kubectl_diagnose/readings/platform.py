"""Which kind of processor a pod landed on, and which others there are."""

from kubectl_diagnose.findings import Basis, Fix, Safety, TemplateEdit
from kubectl_diagnose.model import Container, Evidence, Node, Pod
from kubectl_diagnose.readings.history import earlier_image
from kubectl_diagnose.snapshot import Snapshot


def node_architecture(container: Container, snapshot: Snapshot) -> Evidence | None:
    """Return the quoted architecture of the node that a container is on, None where the node was not seen."""
    pod = snapshot.get(container.ref)
    node = snapshot.find(Node, "", pod.node_name) if isinstance(pod, Pod) else None
    return node.at("status.nodeInfo.architecture") if node is not None and node.architecture else None


def run_elsewhere(container: Container, snapshot: Snapshot) -> tuple[Fix, ...]:
    """Return what repairs an image of the wrong architecture: the image before, nodes of the other kind, or a new build."""
    here = node_architecture(container, snapshot)
    others = {n.architecture for n in snapshot.all(Node) if n.architecture} - ({here.value} if here else set())
    offered = list(earlier_image(container, snapshot))
    if here and len(others) == 1:
        other = others.pop()
        change = TemplateEdit({"nodeSelector": {"kubernetes.io/arch": other}})
        said = f"the only other architecture among the nodes is {other}"
        offered.append(Fix(f"Run on {other} nodes", change, basis=Basis.BOUNDED, value_from=said))
    build = f"Build image {container.image!r} for {here.value if here else 'the nodes'}, or use one that is"
    return tuple(offered) or (Fix(build, safety=Safety.MANUAL),)
