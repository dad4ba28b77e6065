"""Who would undo a patch, and where the change belongs instead."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_diagnose.model import HorizontalPodAutoscaler, LimitRange, Object, Pod, Ref
from kubectl_diagnose.relations import custom_owner, pods_of, targets_of
from kubectl_diagnose.snapshot import Snapshot

_FLUX = {
    "kustomize.toolkit.fluxcd.io": "Flux kustomization",
    "helm.toolkit.fluxcd.io": "Flux Helm release",
}
_ADVISED = ("vpaUpdates", "vpaObservedContainers")
_LIMITED = "kubernetes.io/limit-ranger"


def warnings(ref: Ref, body: Any, snapshot: Snapshot) -> tuple[str, ...]:
    """Return a warning for each that would change an object back after a patch, naming where to change it instead."""
    resource = snapshot.get(ref) or _one_pod(ref, snapshot)
    found = list(_tools(resource)) if resource else []
    parent = custom_owner(snapshot, ref)
    if parent is not None:
        found.append(f"{ref} is kept by {parent.kind} {parent.name!r}, whose controller may revert this: change it there")
    if mentions(body, "replicas"):
        found += _autoscalers(ref, snapshot)
    if mentions(body, "resources"):
        found += _resources(ref, snapshot)
    return tuple(found)


def _one_pod(ref: Ref, snapshot: Snapshot) -> Object | None:
    """A pod of an owner that was not read: its template's labels are often the owner's."""
    return next((snapshot.get(pod) for pod in pods_of(snapshot, ref)), None)


def _tools(resource: Object) -> Iterator[str]:
    labels, annotations = resource.labels, resource.annotations
    release = annotations.get("meta.helm.sh/release-name")
    if release or labels.get("app.kubernetes.io/managed-by") == "Helm":
        named = f"Helm release {release!r}" if release else "a Helm release"
        yield f"{named} will revert this with its next upgrade: change its values or its chart"
    application = _application(resource)
    if application:
        yield f"Argo CD application {application!r} will revert this: change it in Git"
    for domain, what in _FLUX.items():
        name = labels.get(f"{domain}/name") or annotations.get(f"{domain}/name")
        if name:
            yield f"{what} {name!r} will revert this: change it in Git"


def _application(resource: Object) -> str:
    tracking = resource.annotations.get("argocd.argoproj.io/tracking-id", "")
    label = "argocd.argoproj.io/instance"
    return tracking.partition(":")[0] or resource.labels.get(label, "") or resource.annotations.get(label, "")


def _autoscalers(ref: Ref, snapshot: Snapshot) -> Iterator[str]:
    for autoscaler in snapshot.all(HorizontalPodAutoscaler):
        if ref in targets_of(snapshot, autoscaler.ref):
            yield f"{autoscaler.ref} sets the replicas of {ref}: change its minReplicas and maxReplicas"


def _resources(ref: Ref, snapshot: Snapshot) -> Iterator[str]:
    pods = [pod for pod in (snapshot.get(r) for r in pods_of(snapshot, ref)) if isinstance(pod, Pod)]
    if any(key in pod.annotations for pod in pods for key in _ADVISED):
        yield f"a VerticalPodAutoscaler sets the resources of {ref}: change its resourcePolicy"
    ranges = [r.name for r in snapshot.all(LimitRange) if r.namespace == ref.namespace]
    if any(_LIMITED in pod.annotations for pod in pods):
        named = f"limit range {ranges[0]!r}" if ranges else "a limit range"
        yield f"{named} gave its pods resources that their template does not set: change its defaults for all pods"


def mentions(body: Any, field: str) -> bool:
    """Whether a patch of any type, or the words of a command, set a field."""
    if isinstance(body, Mapping):
        pointed = f"/{field}" in str(body.get("path", "")) and "op" in body
        return field in body or pointed or any(mentions(value, field) for value in body.values())
    if isinstance(body, list | tuple):
        return any(mentions(item, field) for item in body)
    return isinstance(body, str) and body.startswith(f"--{field}=")
