"""What containers use, and which requests and limits that suggests."""

from typing import Any

import pytest

from kubectl_diagnose.readings.usage import comfortable, peak, round_cpu, round_memory
from tests.readings.pods import POD, Raw, container_of, pod, snapshot

MI = 2**20


def sample(memory: str, cpu: str) -> Raw:
    return {
        "apiVersion": "metrics.k8s.io/v1beta1",
        "kind": "PodMetrics",
        "metadata": {"name": "web", "namespace": "shop"},
        "containers": [{"name": "web", "usage": {"memory": memory, "cpu": cpu}}],
    }


@pytest.mark.parametrize(
    ("count", "rounded"), [(1, 16), (16 * MI, 16), (16 * MI + 1, 32), (500 * MI, 512), (512 * MI, 512), (513 * MI, 576)]
)
def test_memory_is_rounded_up(count: int, rounded: int) -> None:
    assert round_memory(count) == rounded * MI


@pytest.mark.parametrize(("count", "rounded"), [(0, 10), (10, 10), (11, 20), (251, 260)])
def test_cpu_is_rounded_up(count: int, rounded: int) -> None:
    assert round_cpu(count) == rounded


def test_the_highest_use() -> None:
    known = snapshot(pod(), sample("100Mi", "250m"))
    used = peak(known, POD, "web")
    assert used is not None
    assert (used.memory, used.cpu) == (100 * MI, 250)
    assert used.evidence[0].value == "100Mi"
    assert peak(known, POD, "other") is None
    assert peak(snapshot(pod()), POD, "web") is None


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({}, {"requests": {"memory": "160Mi", "cpu": "380m"}, "limits": {"memory": "320Mi"}}),
        ({"requests": {"memory": "64Mi", "cpu": "100m"}}, {"limits": {"memory": "320Mi"}}),
        ({"limits": {"memory": "128Mi"}}, {"requests": {"memory": "128Mi", "cpu": "380m"}}),
        ({"limits": {"cpu": "100m"}}, {"requests": {"memory": "160Mi", "cpu": "100m"}, "limits": {"memory": "320Mi"}}),
        ({"requests": {"memory": "1Mi", "cpu": "1m"}, "limits": {"memory": "1Gi"}}, {}),
    ],
)
def test_comfortable(resources: Raw, expected: Any) -> None:
    known = snapshot(pod({"resources": resources}), sample("100Mi", "250m"))
    assert comfortable(container_of(known), peak(known, POD, "web")) == expected


def test_comfortable_without_a_sample() -> None:
    known = snapshot(pod())
    assert comfortable(container_of(known), None) == {
        "requests": {"memory": "64Mi", "cpu": "50m"},
        "limits": {"memory": "128Mi"},
    }
