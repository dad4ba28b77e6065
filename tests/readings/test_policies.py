"""What NetworkPolicies let through."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.policies import Other, allowed, policies_for
from kubectl_diagnose.snapshot import Snapshot

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop", "labels": {"app": "web"}}}
DNS = Other("kube-system", None)


def policy(spec: dict[str, Any]) -> dict[str, Any]:
    meta = {"name": "p", "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}


def lets(direction: str, other: Other, port: int, protocol: str, *rules: Any) -> bool:
    spec = {"podSelector": {}, "policyTypes": [direction], direction.lower(): list(rules)}
    snapshot = Snapshot.of([POD, policy(spec)], NOW)
    found = policies_for(snapshot.all(Pod)[0], direction, snapshot)
    assert len(found) == 1
    return allowed(found, direction, other, port, protocol)


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ([], False),
        ([{}], True),
        ([{"to": [{"podSelector": {}}]}], False),
        ([{"to": [{"namespaceSelector": {}}]}], True),
        ([{"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]}], True),
        ([{"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}}]}], False),
        ([{"to": [{"namespaceSelector": {"matchLabels": {"team": "platform"}}}]}], True),
        ([{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}], True),
        ([{"ports": [{"port": 443}]}], False),
        ([{"ports": [{"port": 53}]}], False),
        ([{"ports": [{"port": 53, "protocol": "UDP"}]}], True),
        ([{"ports": [{"port": 1, "endPort": 100, "protocol": "UDP"}]}], True),
        ([{"ports": [{"port": "dns", "protocol": "UDP"}]}], True),
        ([{"to": [{"podSelector": {}}]}, {"ports": [{"port": 53, "protocol": "UDP"}]}], True),
    ],
)
def test_dns(rules: list[Any], wanted: bool) -> None:
    assert lets("Egress", DNS, 53, "UDP", *rules) is wanted


@pytest.mark.parametrize(
    ("peer", "wanted"),
    [
        ({"podSelector": {"matchLabels": {"tier": "front"}}}, True),
        ({"podSelector": {"matchLabels": {"tier": "back"}}}, False),
        ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}, False),
    ],
)
def test_who_may_call(peer: dict[str, Any], wanted: bool) -> None:
    assert lets("Ingress", Other("shop", {"tier": "front"}), 8080, "TCP", {"from": [peer]}) is wanted


@pytest.mark.parametrize(
    ("spec", "direction", "wanted"),
    [
        ({"podSelector": {}}, "Ingress", True),
        ({"podSelector": {}}, "Egress", False),
        ({"podSelector": {}, "egress": []}, "Egress", True),
        ({"podSelector": {}, "policyTypes": ["Egress"]}, "Ingress", False),
        ({"podSelector": {"matchLabels": {"app": "db"}}}, "Ingress", False),
        ({"podSelector": None}, "Ingress", False),
    ],
)
def test_whom_a_policy_restricts(spec: dict[str, Any], direction: str, wanted: bool) -> None:
    snapshot = Snapshot.of([POD, policy(spec)], NOW)
    assert bool(policies_for(snapshot.all(Pod)[0], direction, snapshot)) is wanted
