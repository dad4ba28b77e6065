"""The nodes that pods run on, or could not be put on."""

from collections.abc import Iterator

from kubectl_diagnose.collect.focus import Known
from kubectl_diagnose.collect.kinds import BY_KIND
from kubectl_diagnose.collect.requests import Request, every, metrics, one
from kubectl_diagnose.model import Pod

_MOST_NODES = 8


def plan_nodes(known: Known) -> Iterator[Request]:
    """Ask for the nodes of the pods; for all nodes, and all that runs on them, where a pod finds no place."""
    if any(map(unscheduled, known.pods)):
        yield every("Node", most=5000)
        yield every("Pod", "", most=5000)
        return
    names = sorted({p.node_name for p in known.pods if p.node_name})
    if known.broad and "" in known.namespaces:
        yield every("Node", most=5000)
        yield metrics("NodeMetrics")
    elif len(names) > _MOST_NODES:
        yield every("Node", most=5000)
    else:
        yield from (one(BY_KIND["Node"], "", name) for name in names if name not in _nodes(known))


def _nodes(known: Known) -> set[str]:
    return {ref.name for ref in known.snapshot.resources if ref.kind == "Node"}


def unscheduled(pod: Pod) -> bool:
    """Whether the scheduler said that it finds no node for a pod."""
    scheduled = pod.condition("PodScheduled")
    waits = not pod.node_name and not pod.finished and pod.deleted is None
    return waits and scheduled is not None and scheduled.status == "False" and scheduled.reason != "SchedulingGated"
