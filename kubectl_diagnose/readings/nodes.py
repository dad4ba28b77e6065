"""What a node's conditions mean, and which pods suffer from them."""

from collections.abc import Iterable

from kubectl_diagnose.model import Node, Pod, Ref
from kubectl_diagnose.readings.scheduler import explaining_pods, unscheduled
from kubectl_diagnose.relations import pods_on
from kubectl_diagnose.snapshot import Snapshot

# The first row of which a mark is in the message of Ready=False decides; else it is the kubelet's own affair.
_UNREADY = (
    ("network", ("NetworkPluginNotReady", "cni plugin not initialized", "cni config uninitialized", "NetworkReady=false")),
    ("runtime", ("container runtime is down", "container runtime not ready", "PLEG is not healthy", "RuntimeReady=false")),
)
_SICK = ("not-ready", "unreachable", "memory-pressure", "disk-pressure", "pid-pressure", "network-unavailable")


def unready(node: Node) -> str:
    """Return whose fault it is that a node is not ready: ``network``, ``runtime``, ``kubelet``; '' where it is ready."""
    ready = node.ready
    if ready is None or ready.status == "True":
        return ""
    return next((who for who, marks in _UNREADY if any(mark in ready.message for mark in marks)), "kubelet")


def harmed_pods(snapshot: Snapshot, ref: Ref) -> Iterable[Ref]:
    """The pods on a node that are not ready, and those that wait since its taint keeps them away."""
    for on in pods_on(snapshot, ref):
        pod = snapshot.get(on)
        if isinstance(pod, Pod) and not pod.ready and pod.phase != "Succeeded":
            yield on
    node = snapshot.get(ref)
    if isinstance(node, Node) and any(t.text("key") in _TAINTS for t in node.taints):
        yield from _kept_away(snapshot)


_TAINTS = tuple(f"node.kubernetes.io/{name}" for name in _SICK)


def _kept_away(snapshot: Snapshot) -> Iterable[Ref]:
    for pod in snapshot.all(Pod):
        said = unscheduled(pod, snapshot)
        reason = said.reason("taint") if said else None
        if reason and (not reason.name or reason.name in _TAINTS):
            yield pod.ref


def concerned(snapshot: Snapshot, node: Node) -> bool:
    """Whether any pod that is known suffers from a node's state."""
    return any(True for _ in harmed_pods(snapshot, node.ref))


HARMED = explaining_pods(harmed_pods, "pod-unschedulable", "pod-not-ready", "container-not-started")
"""What a sick node explains."""
