"""How objects lean on each other. Every relation is a pure function of the snapshot and one Ref."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from kubectl_diagnose.model import (
    Claim,
    ConfigMap,
    CronJob,
    DaemonSet,
    Deployment,
    HorizontalPodAutoscaler,
    Job,
    Object,
    Pod,
    PodTemplate,
    Ref,
    ReplicaSet,
    Secret,
    Service,
    StatefulSet,
    Workload,
)
from kubectl_diagnose.model.view import View
from kubectl_diagnose.snapshot import Snapshot

Relation = Callable[[Snapshot, Ref], Iterable[Ref]]


def itself(snapshot: Snapshot, ref: Ref) -> Iterable[Ref]:
    """The object, and the replicas that are like it where it is a pod."""
    pod = snapshot.get(ref)
    return [p.ref for p in replicas_like(snapshot, pod)] if isinstance(pod, Pod) else [ref]


def controller_of(snapshot: Snapshot, ref: Ref) -> Ref | None:
    """The object that controls another, None where nothing does."""
    resource = snapshot.get(ref)
    return resource.controller.owner if resource and resource.controller else None


def owner(snapshot: Snapshot, ref: Ref) -> Ref:
    """
    The topmost controller that keeps the pod template, the object itself where it has none.

    The Deployment of a ReplicaSet that may not be read is inferred from its name, which is the Deployment's and the
    pod-template-hash (pkg/controller/deployment/sync.go). A custom resource above a workload is not climbed to: the
    template that can be patched is the workload's.
    """
    parent = controller_of(snapshot, ref)
    if parent is None or parent.kind == "Node":
        return ref
    if ref.kind in ("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Rollout", "DeploymentConfig"):
        return ref
    if snapshot.get(parent) is None and parent.kind == "ReplicaSet":
        return _inferred_deployment(snapshot, ref, parent)
    if snapshot.get(parent) is None and parent.kind not in ("Job", "ReplicationController"):
        return parent
    return owner(snapshot, parent)


def inferred(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether the owner of an object is named by inference, its ReplicaSet not having been read."""
    parent = controller_of(snapshot, ref)
    return parent is not None and parent.kind == "ReplicaSet" and snapshot.get(parent) is None


def _inferred_deployment(snapshot: Snapshot, ref: Ref, parent: Ref) -> Ref:
    pod = snapshot.get(ref)
    suffix = f"-{pod.labels['pod-template-hash']}" if pod and "pod-template-hash" in pod.labels else ""
    if suffix and parent.name.endswith(suffix):
        return Deployment.named(parent.namespace, parent.name.removesuffix(suffix))
    return parent


def custom_owner(snapshot: Snapshot, ref: Ref) -> Ref | None:
    """The custom resource that controls a workload (an operator's), or None."""
    parent = controller_of(snapshot, ref)
    known = {Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob}
    builtin = {k.kind for k in known} | {"Node", "ReplicationController"}
    return parent if parent is not None and parent.kind not in builtin else None


@lru_cache(maxsize=8)
def _owned(snapshot: Snapshot) -> dict[Ref, tuple[Ref, ...]]:
    found: dict[Ref, list[Ref]] = {}
    for ref, resource in sorted(snapshot.resources.items()):
        if resource.controller:
            found.setdefault(resource.controller.owner, []).append(ref)
    return {parent: tuple(children) for parent, children in found.items()}


def children(snapshot: Snapshot, ref: Ref) -> tuple[Ref, ...]:
    """What an object controls directly."""
    return _owned(snapshot).get(ref, ())


def pods_of(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    """The pods that an object controls, directly or not; a pod itself."""
    if ref.kind == "Pod":
        return [ref]
    direct = children(snapshot, ref)
    found = [pod for child in direct for pod in pods_of(snapshot, child)]
    if not found and ref.kind == "Deployment":
        found = [p.ref for p in snapshot.all(Pod) if p.namespace == ref.namespace and owner(snapshot, p.ref) == ref]
    return found


def pods_mounting(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The pods that mount a claim, or that read a ConfigMap or a Secret by volume or environment."""
    for pod in snapshot.all(Pod):
        if pod.namespace == ref.namespace and ref.name in _names_read(pod, ref.kind):
            yield pod.ref


def _names_read(pod: Pod, kind: str) -> set[str]:
    if kind == Claim.kind:
        return {name for name, _ in pod.spec.claim_names()}
    if kind not in (ConfigMap.kind, Secret.kind):
        return set()
    found = {name for named, name, *_ in pod.spec.references() if named == kind}
    return found | {name for c in pod.all_containers for named, name, *_ in c.references() if named == kind}


def pods_on(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The pods that run on a node."""
    return (pod.ref for pod in snapshot.all(Pod) if pod.node_name == ref.name)


def pending_pods(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The pods that no node was found for."""
    return (pod.ref for pod in snapshot.all(Pod) if not pod.node_name and not pod.finished)


def backends_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The pods that a Service selects."""
    service = snapshot.get(ref)
    if isinstance(service, Service) and service.selector:
        for pod in snapshot.all(Pod):
            if pod.namespace == ref.namespace and service.selector.items() <= pod.labels.items():
                yield pod.ref


def services_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The Services that select a pod or the pods of a workload's template."""
    resource = snapshot.get(ref)
    labels = resource.template.labels if isinstance(resource, Workload) else resource.labels if resource else {}
    for service in snapshot.all(Service):
        if service.namespace == ref.namespace and service.selector and service.selector.items() <= labels.items():
            yield service.ref


def services_behind(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The Services whose pods are those of an object (a pod, a controller); a Service itself."""
    if ref.kind == Service.kind:
        yield ref
    for pod in {*itself(snapshot, ref), *pods_of(snapshot, ref)}:
        yield from services_of(snapshot, pod)


def owners_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The controllers above an object, nearest first."""
    parent = controller_of(snapshot, ref)
    while parent is not None:
        yield parent
        parent = controller_of(snapshot, parent)
    top = owner(snapshot, ref)
    if inferred(snapshot, ref) and top != ref:
        yield top


def workload_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """An object and all above and below it: its owners, the pods of its owner, and those like it."""
    yield from itself(snapshot, ref)
    yield from owners_of(snapshot, ref)
    top = owner(snapshot, ref)
    yield top
    yield from children(snapshot, top)
    yield from pods_of(snapshot, top)


def targets_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The workload that an autoscaler scales."""
    autoscaler = snapshot.get(ref)
    if isinstance(autoscaler, HorizontalPodAutoscaler):
        group = autoscaler.target.text("apiVersion").rpartition("/")[0]
        yield Ref(group, autoscaler.target.text("kind"), ref.namespace, autoscaler.target.text("name"))


def replica_sets(snapshot: Snapshot, ref: Ref) -> list[ReplicaSet]:
    """The ReplicaSets of a Deployment, newest revision first."""
    found = [r for r in (snapshot.get(child) for child in children(snapshot, ref)) if isinstance(r, ReplicaSet)]
    return sorted(found, key=lambda r: (-r.revision, r.name))


def newest_revision(snapshot: Snapshot, ref: Ref) -> str | None:
    """
    The template hash of the newest revision of a controller, None where revisions cannot be told apart.

    Without its ReplicaSets (not readable, or not in the dump) the youngest pod's hash counts.
    """
    resource = snapshot.get(ref)
    if isinstance(resource, StatefulSet) and resource.update_revision:
        return resource.update_revision
    sets = replica_sets(snapshot, ref)
    if sets:
        return sets[0].labels.get("pod-template-hash") or None
    pods = [p for p in (snapshot.get(r) for r in pods_of(snapshot, ref)) if isinstance(p, Pod) and p.template_hash]
    dated = [p for p in pods if p.created is not None]
    return max(dated, key=lambda p: (p.created, p.name)).template_hash if dated else None


@lru_cache(maxsize=8)
def _newest_by_owner(snapshot: Snapshot) -> dict[Ref, str | None]:
    owners = {owner(snapshot, pod.ref) for pod in snapshot.all(Pod)}
    return {ref: newest_revision(snapshot, ref) for ref in owners}


def outdated(snapshot: Snapshot, pod: Pod) -> bool:
    """Whether a pod is of an older revision than its controller's newest."""
    if not pod.template_hash:
        return False
    newest = _newest_by_owner(snapshot).get(owner(snapshot, pod.ref))
    return newest is not None and newest != pod.template_hash


def template_of(snapshot: Snapshot, ref: Ref) -> PodTemplate | None:
    """The pod template that an object's owner keeps; the pod itself where it has no owner that can be read."""
    top = snapshot.get(owner(snapshot, ref))
    if isinstance(top, Workload):
        return top.template
    resource = snapshot.get(ref)
    return PodTemplate(ref, "", resource.raw) if isinstance(resource, Pod) else None


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


def containers_of(snapshot: Snapshot, ref: Ref) -> Iterator[View]:
    """The containers of a pod or of a workload's template."""
    resource = snapshot.get(ref)
    if isinstance(resource, Pod | Workload):
        yield from (resource if isinstance(resource, Pod) else resource.template.spec).all_containers
