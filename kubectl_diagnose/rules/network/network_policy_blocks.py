"""
A NetworkPolicy does not allow a call that a program makes.

## What you see
Timeouts, not refusals, and no event. Where DNS is not allowed, no name resolves. Probes of the kubelet pass all the same.

## Why it happens
As soon as one policy selects a pod for a direction, all that no policy allows is dropped there. Port 53 of the cluster's
DNS is easily forgotten, and ports are those of the pods, not those of the Service.

## How to fix it
Allow the call, in a policy of the caller (egress) or of the called (ingress).
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Container, NetworkPolicy
from kubectl_diagnose.readings.blocked import Blocked, blocked
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__, title="NetworkPolicy blocks", severity=Severity.HIGH, needs=(NetworkPolicy,), explains=CRASHING, stage="sandbox"
)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Hold the call that timed out against what the policies allow."""
    found = blocked(container, snapshot)
    if found is None:
        return
    names = ", ".join(repr(p.name) for p in found.policies)
    to = "the cluster's DNS (port 53)" if found.what == "dns" else f"{found.host!r} (port {found.port} of its pods)"
    message = f"network policy {names} does not let container {container.name!r} call {to}"
    direction = "ingress" if found.what == "ingress" else "egress"
    shown = [quote for p in found.policies[:2] for quote in (p.at("spec.podSelector"), p.at(f"spec.{direction}"))]
    fix = _allow_dns(found.policies[0]) if found.what == "dns" else _by_hand(found, direction)
    key = found.host or None
    yield rule.finding(container, message, found.line.at(), *shown, confidence=Confidence.LIKELY, key=key, fix=fix)


def _allow_dns(policy: NetworkPolicy) -> Fix:
    rules = policy.items("spec.egress")
    dns = {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}
    edit = ObjectEdit(policy.ref, "merge", {"spec": {"egress": [*rules, dns]}}, {"spec": {"egress": rules}})
    why = "DNS is asked at port 53, by UDP and by TCP"
    return Fix("Allow DNS", edit, safety=Safety.UNSAFE, basis=Basis.BOUNDED, value_from=why, warnings=(_OPEN,))


def _by_hand(found: Blocked, direction: str) -> Fix:
    return Fix(f"Allow port {found.port} in {direction} of {found.policies[0].ref}", safety=Safety.MANUAL)


_OPEN = "every pod that the policy selects may then call port 53 of any address"
