"""What pods lean on, and what leans on them: claims, configuration, nodes, Services, autoscalers."""

from collections.abc import Iterator

from kubectl_diagnose.model import Claim, ConfigMap, HorizontalPodAutoscaler, Pod, Ref, Secret, Service, Workload
from kubectl_diagnose.relations.owners import pods_of
from kubectl_diagnose.relations.replicas import itself
from kubectl_diagnose.snapshot import Snapshot


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


def targets_of(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """The workload that an autoscaler scales."""
    autoscaler = snapshot.get(ref)
    if isinstance(autoscaler, HorizontalPodAutoscaler):
        group = autoscaler.target.text("apiVersion").rpartition("/")[0]
        yield Ref(group, autoscaler.target.text("kind"), ref.namespace, autoscaler.target.text("name"))
