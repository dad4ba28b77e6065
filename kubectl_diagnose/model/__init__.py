"""Typed read-only views over raw objects of the API, in its own words."""

from kubectl_diagnose.model.container import Container, Probe
from kubectl_diagnose.model.core import (
    ConfigMap,
    EndpointSlice,
    Event,
    Ingress,
    IngressClass,
    LimitRange,
    Namespace,
    NetworkPolicy,
    Node,
    PriorityClass,
    ResourceQuota,
    RuntimeClass,
    Secret,
    Service,
    ServiceAccount,
    ServicePort,
)
from kubectl_diagnose.model.metrics import NodeMetrics, PodMetrics
from kubectl_diagnose.model.pod import Condition, Object, OwnerReference, Pod, PodSpec, PodTemplate
from kubectl_diagnose.model.status import ContainerStatus, Running, Terminated, Waiting
from kubectl_diagnose.model.storage import Claim, PersistentVolume, StorageClass
from kubectl_diagnose.model.view import Evidence, Raw, Ref, Resource, View, ref_of
from kubectl_diagnose.model.workloads import (
    ControllerRevision,
    CronJob,
    DaemonSet,
    Deployment,
    HorizontalPodAutoscaler,
    Job,
    PodDisruptionBudget,
    ReplicaSet,
    ReplicationController,
    StatefulSet,
    Workload,
)

KINDS: tuple[type[Object], ...] = (
    Pod,
    Deployment,
    ReplicaSet,
    ReplicationController,
    StatefulSet,
    DaemonSet,
    ControllerRevision,
    Job,
    CronJob,
    HorizontalPodAutoscaler,
    PodDisruptionBudget,
    Service,
    EndpointSlice,
    Ingress,
    IngressClass,
    NetworkPolicy,
    ConfigMap,
    Secret,
    ServiceAccount,
    Namespace,
    Node,
    Claim,
    PersistentVolume,
    StorageClass,
    ResourceQuota,
    LimitRange,
    PriorityClass,
    RuntimeClass,
    Event,
    PodMetrics,
    NodeMetrics,
)
_BY_NAME: dict[tuple[str, str], type[Object]] = {(k.group, k.kind): k for k in KINDS}


def view(raw: Raw) -> Object:
    """Return the typed view of a raw object; a plain Object for a kind that is not known here."""
    ref = ref_of(raw)
    group = "" if ref.group == "events.k8s.io" else ref.group
    return _BY_NAME.get((group, ref.kind), Object)(raw)


def kind_of(ref: Ref) -> type[Object]:
    """Return the view class for a Ref, Object where the kind is not known."""
    return _BY_NAME.get((ref.group, ref.kind), Object)


__all__ = [
    "KINDS", "Claim", "Condition", "ConfigMap", "Container", "ContainerStatus", "ControllerRevision", "CronJob", "DaemonSet",
    "Deployment", "EndpointSlice", "Event", "Evidence", "HorizontalPodAutoscaler", "Ingress", "IngressClass", "Job",
    "LimitRange", "Namespace", "NetworkPolicy", "Node", "NodeMetrics", "Object", "OwnerReference", "PersistentVolume",
    "Pod", "PodDisruptionBudget", "PodMetrics", "PodSpec", "PodTemplate", "PriorityClass", "Probe", "Raw", "Ref",
    "ReplicaSet", "ReplicationController", "Resource", "ResourceQuota", "Running", "RuntimeClass", "Secret", "Service",
    "ServiceAccount", "ServicePort", "StatefulSet", "StorageClass", "Terminated", "View", "Waiting", "Workload",
    "kind_of", "ref_of", "view",
]  # fmt: skip
