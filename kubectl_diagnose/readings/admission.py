"""What the API server answered to a controller that wanted to make a pod, decided once."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.model import CronJob, DaemonSet, Deployment, Evidence, Job, Object, PodSpec, ReplicaSet, Workload
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.relations import controller_of, replica_sets
from kubectl_diagnose.snapshot import Snapshot

# The first row that matches decides.
_KINDS: tuple[tuple[str, str], ...] = (
    ("webhook-unreachable", r'failed calling webhook "(?P<name>[^"]+)": (?P<text>.*)'),
    ("webhook-denied", r'admission webhook "(?P<name>[^"]+)" denied the request(?:: | )(?P<text>.*)'),
    ("policy-denied", r"olicy '(?P<name>[^']+)' with binding '(?P<binding>[^']+)' denied request: (?P<text>.*)"),
    (
        "quota-exceeded",
        r"exceeded quota: (?P<name>[^,]+), requested: (?P<requested>.*), used: (?P<used>.*), limited: (?P<limited>.*)",
    ),
    ("quota-unspecified", r"failed quota: (?P<name>[^:]+): must specify (?P<text>.*)"),
    ("limit-range", r"(?P<text>(?:minimum|maximum) \S+ usage per \S+ is .*|\S+ max limit to request ratio per .*)"),
    ("pod-security", r'violates PodSecurity "(?P<level>[^":]+)[^"]*": (?P<text>.*)'),
    ("service-account", r"error looking up service account [^/]+/(?P<name>[^:]+): "),
    ("priority-class", r"no PriorityClass with name (?P<name>\S+) was found"),
    ("runtime-class", r'RuntimeClass "(?P<name>[^"]+)" not found'),
)
_COMPILED = tuple((kind, regex(pattern, re.DOTALL)) for kind, pattern in _KINDS)


class Refusal(Struct, frozen=True, eq=False):
    """A pod that was not made: for which workload, of what kind the refusal is, what it names, and where it is said."""

    workload: Workload
    kind: str
    details: Mapping[str, str]
    text: str
    evidence: Evidence

    @property
    def name(self) -> str:
        """The quota, class, account, webhook or policy that it names, or ''."""
        return self.details.get("name", "").strip()

    @property
    def spec(self) -> PodSpec:
        """The spec of the pods that were to be made."""
        return self.workload.template.spec


def decode(message: str) -> tuple[str, Mapping[str, str]]:
    """Return the kind of a refusal and what it names; ``other`` where no row knows it."""
    for kind, pattern in _COMPILED:
        if match := pattern.search(message):
            return kind, match.groupdict()
    return "other", {}


def refusals(snapshot: Snapshot, kind: str) -> list[Refusal]:
    """Return the refusals of a kind that hold now, one a workload."""
    return [r for r in _all(snapshot) if r.kind == kind]


@lru_cache(maxsize=8)
def _all(snapshot: Snapshot) -> tuple[Refusal, ...]:
    found = []
    for resource in snapshot.resources.values():
        if isinstance(resource, Workload) and not _outdated(resource, snapshot):
            for message, evidence in _said(resource, snapshot):
                kind, details = decode(message)
                found.append(Refusal(resource, kind, details, message, evidence))
                break
    return tuple(sorted(found, key=lambda r: r.workload.ref))


def _outdated(workload: Object, snapshot: Snapshot) -> bool:
    """Whether it is a ReplicaSet that is not the newest of its Deployment, or a Deployment whose ReplicaSets speak."""
    if isinstance(workload, Deployment):
        return bool(replica_sets(snapshot, workload.ref))
    parent = controller_of(snapshot, workload.ref)
    if not isinstance(workload, ReplicaSet) or parent is None:
        return False
    sets = replica_sets(snapshot, parent)
    return bool(sets) and sets[0].ref != workload.ref


def _said(workload: Workload, snapshot: Snapshot) -> Iterator[tuple[str, Evidence]]:
    condition = workload.condition("ReplicaFailure")
    if condition and condition.status == "True" and condition.reason == "FailedCreate":
        yield condition.message, condition.at("message")
    elif _lacks_pods(workload):
        events = snapshot.events(workload, "FailedCreate")
        made = snapshot.events(workload, "SuccessfulCreate")
        if events and not _after(made[-1].last_seen if made else None, events[-1].last_seen):
            yield events[-1].message, events[-1].at("message")


def _after(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other


def _lacks_pods(workload: Workload) -> bool:
    if isinstance(workload, CronJob):
        return not workload.items("status.active")
    if isinstance(workload, Job):
        return not workload.complete and workload.number("status.active") < workload.number("spec.parallelism", 1)
    if isinstance(workload, DaemonSet):
        return workload.number("status.currentNumberScheduled") < workload.replicas
    return workload.number("status.replicas") < workload.replicas
