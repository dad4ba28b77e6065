"""
What NetworkPolicies let through, as far as the objects tell.

Policies add up: what one allows is allowed. Whatever cannot be decided from here (a range of addresses, the labels of a
namespace, a named port) counts as allowed. Whether the network plugin enforces policies at all is not known.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kubectl_diagnose.model import NetworkPolicy, Pod
from kubectl_diagnose.model.selector import label_selector, matches
from kubectl_diagnose.snapshot import Snapshot

_NAME = "kubernetes.io/metadata.name"


def policies_for(pod: Pod, direction: str, snapshot: Snapshot) -> list[NetworkPolicy]:
    """Return the policies that select a pod and restrict a direction (``Ingress``, ``Egress``)."""
    return [
        policy
        for policy in snapshot.all(NetworkPolicy)
        if policy.namespace == pod.namespace
        and direction in _types(policy)
        and _selects(policy.value("spec.podSelector"), pod.labels)
    ]


class Other(NamedTuple):
    """The other end of a call; labels None stand for pods that are not known."""

    namespace: str
    labels: Mapping[str, str] | None


def allowed(policies: list[NetworkPolicy], direction: str, other: Other, port: int, protocol: str = "TCP") -> bool:
    """Whether any policy lets calls through to (or from) other pods, at a port of the called."""
    side = "to" if direction == "Egress" else "from"
    return any(
        _peers_allow(rule.get(side), policy.namespace, other) and _ports_allow(rule.get("ports"), port, protocol)
        for policy in policies
        for rule in policy.items(f"spec.{direction.lower()}")
        if isinstance(rule, dict)
    )


def _types(policy: NetworkPolicy) -> list[Any]:
    """The API server fills these in; of a manifest they are told by what it has (networking/v1 defaults)."""
    return policy.items("spec.policyTypes") or ["Ingress", *(["Egress"] if "egress" in policy.mapping("spec") else [])]


def _selects(selector: Any, labels: Mapping[str, str]) -> bool:
    wanted = label_selector(selector)
    return wanted is not None and matches(wanted, labels)


def _peers_allow(peers: Any, own: str, other: Other) -> bool:
    if not isinstance(peers, list) or not peers:
        return True
    return any(_peer_allows(peer, own, other) for peer in peers if isinstance(peer, dict))


def _peer_allows(peer: dict[str, Any], own: str, other: Other) -> bool:
    if "ipBlock" in peer:
        return True
    if not _namespace_allows(peer.get("namespaceSelector"), own, other.namespace):
        return False
    return peer.get("podSelector") is None or other.labels is None or _selects(peer["podSelector"], other.labels)


def _namespace_allows(selector: Any, own: str, namespace: str) -> bool:
    if selector is None:
        return own == namespace
    wanted = label_selector(selector) or ()
    return all(r.key != _NAME or r.holds({_NAME: namespace}) for r in wanted)


def _ports_allow(ports: Any, port: int, protocol: str) -> bool:
    if not isinstance(ports, list) or not ports:
        return True
    return any(_port_allows(entry, port, protocol) for entry in ports if isinstance(entry, dict))


def _port_allows(entry: dict[str, Any], port: int, protocol: str) -> bool:
    first, last = entry.get("port"), entry.get("endPort")
    if entry.get("protocol", "TCP") != protocol:
        return False
    return not isinstance(first, int) or first == port or (isinstance(last, int) and first <= port <= last)
