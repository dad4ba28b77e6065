"""Pods of one template in one state: one of them stands for all."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from kubectl_diagnose.model import Job, Object, Pod, PodTemplate, Ref, Workload
from kubectl_diagnose.relations.owners import children, controller_of, owner, owners_of, pods_of, template_of
from kubectl_diagnose.snapshot import Snapshot


def _state(pod: Pod) -> tuple[object, ...]:
    """What tells replicas of one template apart for the rules."""
    containers = tuple(
        (
            c.name,
            c.status.ready,
            c.status.started,
            c.waiting_reason,
            c.status.terminated.exit_code if c.status.terminated else None,
            (c.last_exit.reason, c.last_exit.exit_code) if c.last_exit else None,
            c.status.restart_count > 0,
        )
        for c in pod.all_containers
    )
    conditions = tuple((c.type, c.status, c.reason) for c in pod.conditions.values())
    return pod.phase, pod.reason, bool(pod.node_name), pod.deleted is not None, pod.template_hash, containers, conditions


@lru_cache(maxsize=8)
def _groups(snapshot: Snapshot) -> dict[Ref, tuple[Pod, ...]]:
    groups: dict[tuple[object, ...], list[Pod]] = {}
    for pod in snapshot.all(Pod):
        parent = controller_of(snapshot, pod.ref)
        groups.setdefault((parent or pod.ref, *_state(pod)), []).append(pod)
    logged = {ref for ref, _, _ in snapshot.logs}
    found: dict[Ref, tuple[Pod, ...]] = {}
    for pods in groups.values():
        pods.sort(key=lambda p: (p.ref not in logged, -len(snapshot.events(p)), -p.restarts, p.name))
        found.update((pod.ref, tuple(pods)) for pod in pods)
    return found


def replicas_like(snapshot: Snapshot, pod: Pod) -> tuple[Pod, ...]:
    """The pods of one template in one state; the first, about which most is known, stands for all."""
    return _groups(snapshot).get(pod.ref, (pod,))


def representatives(snapshot: Snapshot) -> list[Pod]:
    """One pod of each group of pods that are alike, for the rules to look at."""
    return [pod for pod in snapshot.all(Pod) if replicas_like(snapshot, pod)[0] is pod]


def templates(snapshot: Snapshot) -> list[PodTemplate]:
    """Every pod template in use, once: of each topmost controller, and each pod that has none; not of what is done or goes."""
    found: dict[Ref, PodTemplate] = {}
    for resource in snapshot.resources.values():
        if isinstance(resource, Workload) and owner(snapshot, resource.ref) == resource.ref:
            found[resource.ref] = resource.template
    for pod in representatives(snapshot):
        if (template := template_of(snapshot, pod.ref)) is not None:
            found.setdefault(template.ref if template.path else owner(snapshot, pod.ref), template)
    return [found[ref] for ref in sorted(found) if not _done(snapshot.get(ref))]


def _done(resource: Object | None) -> bool:
    ended = resource.finished if isinstance(resource, Pod) else resource.complete if isinstance(resource, Job) else False
    return ended or (resource is not None and resource.deleted is not None)


def itself(snapshot: Snapshot, ref: Ref) -> Iterable[Ref]:
    """The object, and the replicas that are like it where it is a pod."""
    pod = snapshot.get(ref)
    return [p.ref for p in replicas_like(snapshot, pod)] if isinstance(pod, Pod) else [ref]


def workload_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """An object and all above and below it: its owners, the pods of its owner, and those like it."""
    yield from itself(snapshot, ref)
    yield from owners_of(snapshot, ref)
    top = owner(snapshot, ref)
    yield top
    yield from children(snapshot, top)
    yield from pods_of(snapshot, top)
