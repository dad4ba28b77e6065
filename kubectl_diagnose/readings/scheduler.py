"""What the scheduler says of a pod that no node takes: its reasons, each with the number of nodes (pkg/scheduler)."""

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.model import Evidence, Pod, Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.relations import Relation, pods_mounting, services_behind, workload_of
from kubectl_diagnose.snapshot import Snapshot

# Rows exclude each other: the first that matches a reason decides. The group is what the reason names.
_REASONS: tuple[tuple[str, str], ...] = (
    ("insufficient", r"^Insufficient (\S+)"),
    ("too-many-pods", r"^Too many pods"),
    ("taint", r"(?:had untolerated taint(?:\(s\))?|had taint) ?(?:\{([^:}]+)[^}]*\})?"),
    ("cordoned", r"were unschedulable"),
    ("node-name", r"didn't match the requested node name"),
    ("volume-node", r"volume node affinity conflict|PersistentVolume's node affinity|no available volume zone"),
    ("node-affinity", r"node affinity"),
    ("pod-anti-affinity", r"anti-affinity rules"),
    ("pod-affinity", r"pod affinity rules"),
    ("topology-spread", r"pod topology spread constraints( \(missing required label\))?"),
    ("host-port", r"free ports for the requested pod ports"),
    ("volume-lost", r"bound to non-existent (?:persistentvolume|pv)"),
    ("claim-missing", r'persistentvolumeclaim "([^"]+)" not found'),
    ("claim-going", r'persistentvolumeclaim "([^"]+)" is being deleted'),
    ("claim-unbound", r"unbound immediate PersistentVolumeClaims|find available persistent volumes to bind"),
    ("volume-limit", r"exceed max volume count"),
    ("no-nodes", r"no nodes available"),
)
_COMPILED = tuple((kind, regex(pattern)) for kind, pattern in _REASONS)
_HEAD = regex(r"^(?P<fit>\d+)/(?P<nodes>\d+) nodes are available: ?(?P<rest>.*)$", re.DOTALL)
_TAIL = regex(r"\s*(?:no new claims to deallocate,?\s*)?(?:preemption:.*)?$", re.DOTALL)
_COUNT = regex(r"^(\d+) (.*)$", re.DOTALL)


class Reason(Struct, frozen=True):
    """One reason of the scheduler: how many nodes it rules out, and the resource, taint or claim that it names."""

    kind: str
    nodes: int
    name: str
    text: str


class Unscheduled(Struct, frozen=True, eq=False):
    """Why no node takes a pod: of how many nodes, and the reasons."""

    nodes: int
    reasons: tuple[Reason, ...]
    evidence: Evidence

    def reason(self, kind: str, name: str = "") -> Reason | None:
        """Return the reason of a kind, and of a name where one is given, or None."""
        return next((r for r in self.reasons if r.kind == kind and name in ("", r.name)), None)

    def alone(self, reason: Reason) -> bool:
        """Whether that reason rules out every node, or is the only one."""
        return reason.nodes >= self.nodes or len({r.kind for r in self.reasons}) == 1

    def confidence(self, reason: Reason) -> Confidence:
        """How sure it is that this reason is what keeps the pod waiting: other nodes may have others."""
        return Confidence.CERTAIN if self.alone(reason) else Confidence.LIKELY


def parse(message: str) -> tuple[int, tuple[Reason, ...]]:
    """Return the number of nodes and the reasons in a message of the scheduler."""
    head = _HEAD.match(message)
    nodes, rest = (int(head["nodes"]), head["rest"]) if head else (0, message)
    rest = _TAIL.sub("", rest).strip().rstrip(".")
    return nodes, tuple(_reason(part.strip().rstrip("."), nodes) for part in _split(rest) if part.strip(" ."))


def _split(text: str) -> list[str]:
    """Split at the commas between reasons, which a count follows."""
    return re.split(r",\s+(?=\d+ )", text)


def _reason(text: str, nodes: int) -> Reason:
    counted = _COUNT.match(text)
    count, said = (int(counted[1]), counted[2]) if counted else (nodes, text)
    for kind, pattern in _COMPILED:
        if match := pattern.search(said):
            name = (match[1] or "").strip() if pattern.groups else ""
            return Reason(kind, count, name, said)
    return Reason("other", count, "", said)


def _said(pod: Pod, snapshot: Snapshot) -> tuple[str, Evidence] | None:
    condition = pod.condition("PodScheduled")
    if condition and condition.status == "False" and condition.reason != "SchedulingGated" and condition.message:
        return condition.message, condition.at("message")
    events = snapshot.events(pod, "FailedScheduling") if condition is None else []
    return (events[-1].message, events[-1].at("message")) if events else None


@lru_cache(maxsize=4096)
def unscheduled(pod: Pod, snapshot: Snapshot) -> Unscheduled | None:
    """
    Return why no node takes a pod; None where it has one, has ended, or nothing was said.

    The pod's condition decides; an event counts only where there is no condition. Of the pod of a DaemonSet, made for
    one node, the other nodes are left out, and so are control planes where anything else is said.
    """
    said = None if pod.node_name or pod.finished or pod.deleted else _said(pod, snapshot)
    if said is None:
        return None
    nodes, reasons = parse(said[0])
    reasons = tuple(r for r in reasons if not _expected(r, pod)) or reasons
    ruled_out = sum(r.nodes for r in reasons)
    return Unscheduled(min(nodes, ruled_out) if ruled_out else nodes, reasons, said[1])


def _expected(reason: Reason, pod: Pod) -> bool:
    if reason.kind == "node-affinity":
        return pod.controller is not None and pod.controller.text("kind") == "DaemonSet"
    return reason.kind == "taint" and reason.name in CONTROL_PLANE


CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")


def refused_pods(kind: str, name: str = "") -> Relation:
    """Return a relation from any object to the pods that are not scheduled for a reason of a kind."""

    def relation(snapshot: Snapshot, ref: Ref) -> Iterable[Ref]:
        for pod in snapshot.all(Pod):
            said = unscheduled(pod, snapshot)
            if said and said.reason(kind, name):
                yield pod.ref

    return relation


def through(first: Relation, then: Relation) -> Relation:
    """Return the relation to what the second relates to those that the first relates to."""

    def relation(snapshot: Snapshot, ref: Ref) -> Iterable[Ref]:
        for middle in first(snapshot, ref):
            yield from then(snapshot, middle)

    return relation


def explaining_pods(pods: Relation, *symptoms: str) -> dict[str, Relation]:
    """Return what an object explains that harms some pods: these symptoms of theirs, and what follows of them."""
    later = {"replicas-missing": workload_of, "rollout-stuck": workload_of, "job-failed": workload_of}
    found: dict[str, Relation] = dict.fromkeys(symptoms, pods)
    found |= {symptom: through(pods, then) for symptom, then in later.items()}
    return found | {"service-without-endpoints": through(pods, services_behind)}


KEEPS_PODS_WAITING = explaining_pods(pods_mounting, "pod-unschedulable")
"""What a claim explains that is not bound."""

__all__ = ["KEEPS_PODS_WAITING", "Reason", "Unscheduled", "explaining_pods", "parse", "refused_pods", "through", "unscheduled"]
