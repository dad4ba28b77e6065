"""Who controls what: owners, what they own, and their revisions."""

from collections.abc import Iterator
from functools import lru_cache

from kubectl_diagnose.model import (
    CronJob,
    DaemonSet,
    Deployment,
    Job,
    Pod,
    PodTemplate,
    Ref,
    ReplicaSet,
    StatefulSet,
    Workload,
)
from kubectl_diagnose.snapshot import Snapshot


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


def owners_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The controllers above an object, nearest first."""
    parent = controller_of(snapshot, ref)
    while parent is not None:
        yield parent
        parent = controller_of(snapshot, parent)
    top = owner(snapshot, ref)
    if inferred(snapshot, ref) and top != ref:
        yield top


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
