"""Which workloads and pods a target is about, and what was looked at."""

from collections.abc import Iterable
from functools import lru_cache

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.model import (
    Claim,
    CronJob,
    DaemonSet,
    Deployment,
    Ingress,
    Job,
    Node,
    Object,
    Pod,
    Ref,
    ReplicaSet,
    ReplicationController,
    Service,
    StatefulSet,
    Workload,
)
from kubectl_diagnose.relations import owner, pods_of, replica_sets, services_of
from kubectl_diagnose.relations.scope import scope
from kubectl_diagnose.report.wording import counted
from kubectl_diagnose.snapshot import Snapshot, Target

_KINDS = (Deployment, StatefulSet, DaemonSet, CronJob, Job, ReplicaSet, ReplicationController, Pod)
KINDS_OF_WORKLOADS = frozenset(k.kind for k in _KINDS)
_COUNTED = (Pod, *_KINDS[:-1], Service, Ingress, Claim, Node)


def workloads(target: Target, snapshot: Snapshot, problems: Iterable[Problem]) -> tuple[Ref, ...]:
    """Return the owners of what was asked for and of what is wrong with it: those that keep a template, and bare pods."""
    reached = scope(target, snapshot)
    asked = [
        resource.ref
        for resource in snapshot.resources.values()
        if isinstance(resource, Pod | Workload) and (target.includes(resource) if reached is None else resource.ref in reached)
    ]
    found = {owner(snapshot, ref) for ref in asked}
    there = (p for p in problems if p.cause.subject in snapshot.resources)
    found |= {p.owner for p in there if p.owner.kind in KINDS_OF_WORKLOADS}
    return tuple(sorted(found))


@lru_cache(maxsize=8)
def _by_owner(snapshot: Snapshot) -> dict[Ref, list[Pod]]:
    found: dict[Ref, list[Pod]] = {}
    for pod in snapshot.all(Pod):
        found.setdefault(owner(snapshot, pod.ref), []).append(pod)
    return found


def pods_under(snapshot: Snapshot, ref: Ref) -> list[Pod]:
    """Return the pods of a workload."""
    found = _by_owner(snapshot).get(ref)
    if found is None and owner(snapshot, ref) != ref:
        return [pod for pod in map(snapshot.get, pods_of(snapshot, ref)) if isinstance(pod, Pod)]
    return found or []


def pods_in(snapshot: Snapshot, refs: Iterable[Ref]) -> list[Pod]:
    """Return the pods of some workloads, each once."""
    found = {pod.ref: pod for ref in refs for pod in pods_under(snapshot, ref)}
    return list(found.values())


def looked_at(target: Target, snapshot: Snapshot, refs: tuple[Ref, ...]) -> tuple[str, ...]:
    """Return what was looked at, by kind: ``2 pods``, ``1 deployment``, ``1 service``."""
    pods = pods_in(snapshot, refs)
    seen = {*refs, *(p.ref for p in pods), *(s for ref in refs for s in services_of(snapshot, ref))}
    seen |= {s for pod in pods for s in services_of(snapshot, pod.ref)}
    seen |= {r.ref for r in snapshot.resources.values() if type(r) in _COUNTED and _named(target, r)}
    seen -= {r.ref for ref in refs for r in replica_sets(snapshot, ref)}
    numbers = {kind: sum(ref.kind == kind.kind for ref in seen) for kind in _COUNTED}
    names = {"PersistentVolumeClaim": "claim"}
    return tuple(counted(n, names.get(kind.kind, kind.kind.lower())) for kind, n in numbers.items() if n)


def _named(target: Target, resource: Object) -> bool:
    """Whether an object is one of those asked for; nodes and the like only where their kind was."""
    return target.includes(resource) and (resource.namespaced or not target.everything)
