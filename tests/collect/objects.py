"""Raw objects for the tests of collecting."""

from typing import Any

Raw = dict[str, Any]
VERSIONS = {
    "Deployment": "apps/v1", "ReplicaSet": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1",
    "ControllerRevision": "apps/v1", "Job": "batch/v1", "CronJob": "batch/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2", "StorageClass": "storage.k8s.io/v1", "Ingress": "networking.k8s.io/v1",
    "PodMetrics": "metrics.k8s.io/v1beta1", "NodeMetrics": "metrics.k8s.io/v1beta1",
}  # fmt: skip
CLUSTER_WIDE = ("Node", "Namespace", "StorageClass", "PersistentVolume")


def thing(kind: str, name: str, *, namespace: str = "shop", owner: str = "", labels: Raw | None = None, **fields: Any) -> Raw:
    """Return an object; ``owner`` is ``Kind/name``."""
    metadata: Raw = {"name": name, "uid": f"uid-{name}", "managedFields": [{"manager": "x"}]}
    if kind not in CLUSTER_WIDE:
        metadata["namespace"] = namespace
    if labels:
        metadata["labels"] = labels
    if owner:
        parent, _, called = owner.partition("/")
        reference = {"apiVersion": VERSIONS.get(parent, "v1"), "kind": parent, "name": called, "controller": True}
        metadata["ownerReferences"] = [{**reference, "uid": f"uid-{called}"}]
    return {"apiVersion": VERSIONS.get(kind, "v1"), "kind": kind, "metadata": metadata, **fields}


def container_status(
    name: str = "app", *, state: Raw | None = None, ready: bool = True, restarts: int = 0, last: Raw | None = None
) -> Raw:
    """Return the status of a container; it runs unless told otherwise."""
    return {
        "name": name,
        "ready": ready,
        "started": True,
        "restartCount": restarts,
        "state": state or {"running": {"startedAt": "2026-11-22T14:00:00Z"}},
        "lastState": {"terminated": last} if last else {},
    }


def pod(name: str, *, status: Raw | None = None, spec: Raw | None = None, ready: bool = True, **more: Any) -> Raw:
    """Return a pod that runs on ``node-1``, with one container ``app``."""
    phase = {"phase": "Running", "conditions": [{"type": "Ready", "status": str(ready)}]}
    body = {"containers": [{"name": "app", "image": "app:1"}], "nodeName": "node-1", "serviceAccountName": "default"}
    statuses = {"containerStatuses": [container_status(ready=ready)]}
    return thing("Pod", name, spec=body | (spec or {}), status=phase | statuses | (status or {}), **more)


def unscheduled(name: str, **more: Any) -> Raw:
    """Return a pod that no node was found for."""
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available"}
    raw = pod(name, status={"phase": "Pending", "conditions": [condition], "containerStatuses": []}, **more)
    del raw["spec"]["nodeName"]
    return raw


def deployment(name: str, labels: Raw, pod_spec: Raw | None = None) -> Raw:
    """Return a Deployment whose template has one container ``app``."""
    spec = {"containers": [{"name": "app", "image": "app:1"}]} | (pod_spec or {})
    template = {"metadata": {"labels": labels}, "spec": spec}
    return thing(
        "Deployment", name, labels=labels, spec={"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    )


def workload(name: str = "web", hashed: str = "abc", **pod_fields: Any) -> list[Raw]:
    """Return a Deployment, its ReplicaSet and a pod."""
    labels = {"app": name}
    with_hash = labels | {"pod-template-hash": hashed}
    top = deployment(name, labels)
    spec = {**top["spec"], "selector": {"matchLabels": with_hash}}
    return [
        thing("Namespace", "shop"),
        thing("Node", "node-1"),
        thing("ServiceAccount", "default"),
        top,
        thing("ReplicaSet", f"{name}-{hashed}", owner=f"Deployment/{name}", labels=with_hash, spec=spec),
        pod(f"{name}-{hashed}-1", owner=f"ReplicaSet/{name}-{hashed}", labels=with_hash, **pod_fields),
    ]
