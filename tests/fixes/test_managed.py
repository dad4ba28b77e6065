"""Who would undo a patch is named, with the place to change instead."""

from typing import Any

import pytest

from kubectl_diagnose.findings import Fix, Kubectl
from tests.fixes.building import Raw, edit, owned, pod, probe_edit, repairs, snapshot, workload

MEMORY = edit({"containers": [{"name": "api", "resources": {"limits": {"memory": "1Gi"}}}]})


def warned(*objects: Raw, fix: Fix | None = None) -> str:
    """All warnings of a fix of the first object."""
    (repair,) = repairs(snapshot(*objects), objects[0], fix or probe_edit("readiness", 8080))
    assert repair.command is not None
    return "; ".join(repair.warnings)


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({"annotations": {"meta.helm.sh/release-name": "shop-api"}}, "Helm release 'shop-api'"),
        ({"labels": {"app.kubernetes.io/managed-by": "Helm"}}, "a Helm release will revert"),
        ({"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/api"}}, "application 'shop'"),
        ({"labels": {"argocd.argoproj.io/instance": "store"}}, "Argo CD application 'store'"),
        ({"labels": {"kustomize.toolkit.fluxcd.io/name": "apps"}}, "Flux kustomization 'apps'"),
        ({"labels": {"helm.toolkit.fluxcd.io/name": "api"}}, "Flux Helm release 'api'"),
    ],
)
def test_tools_that_own_the_manifest(metadata: dict[str, Any], says: str) -> None:
    assert says in warned(workload("Deployment", metadata=metadata))


def test_nobody_is_named_without_reason() -> None:
    assert warned(workload("Deployment")) == ""


def test_an_operator_is_named() -> None:
    database = {"apiVersion": "db.example/v1", "kind": "Database", "metadata": {"name": "main"}}
    assert "Database 'main'" in warned(workload("StatefulSet", metadata={"ownerReferences": [owned(database)]}))


def test_an_autoscaler_is_named_for_replicas_only() -> None:
    owner = workload("Deployment")
    scaler: Raw = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler"}
    scaler["metadata"] = {"name": "grow", "namespace": "shop"}
    scaler["spec"] = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"}}
    scale = Fix("More of it", Kubectl(("scale", "deployment/api", "--replicas=2")))
    assert "horizontalpodautoscaler/grow" in warned(owner, scaler, fix=scale)
    assert warned(owner, scaler) == ""


@pytest.mark.parametrize(
    ("annotation", "says"),
    [("kubernetes.io/limit-ranger", "limit range 'defaults'"), ("vpaUpdates", "VerticalPodAutoscaler")],
)
def test_who_sets_resources_is_named_for_resources_only(annotation: str, says: str) -> None:
    owner = workload("Deployment")
    one = pod(owned_by=owner, metadata={"annotations": {annotation: "x"}})
    limits: Raw = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults", "namespace": "shop"}}
    assert says in warned(owner, one, limits, fix=MEMORY)
    assert warned(owner, one, limits) == ""
