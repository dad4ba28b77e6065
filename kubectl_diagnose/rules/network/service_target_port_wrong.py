"""
A Service sends to a port that its pods do not serve.

## What you see
Connections to the Service are refused although its endpoints look healthy: the port in an EndpointSlice is copied, not
tested.

## Why it happens
`targetPort` was left behind when the program's port was changed, or was mistaken for `port`. A port need not be declared
to work: this is said only where the pods declare others and are known to serve one of them.

## How to fix it
Set `targetPort` to the port that the pods serve.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, ObjectEdit, Severity
from kubectl_diagnose.model import Container, Pod, Service, ServicePort
from kubectl_diagnose.readings.facts import Fact, facts_of
from kubectl_diagnose.readings.listening import listening
from kubectl_diagnose.readings.ports import hints
from kubectl_diagnose.relations import backends_of, owner
from kubectl_diagnose.rules import Rule, accusable
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Service sends to a port that nothing serves", severity=Severity.HIGH)


@rule.check
def check(service: Service, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare each numeric target with the ports that the pods are known to serve."""
    behind = set(backends_of(snapshot, service.ref))
    pods = [p for p in accusable(snapshot) if p.ref in behind and any(c.running for c in p.containers)]
    for port in service.ports:
        target = port.target
        if pods and isinstance(target, int) and port.protocol == "TCP":
            served = _served(snapshot, pods[0], service, target)
            if served is not None:
                yield _finding(service, port, *served)


def _served(snapshot: Snapshot, pod: Pod, service: Service, target: int) -> tuple[Container, Fact, bool] | None:
    """Return who serves another port, and whether its log names no other; None where the target may be right."""
    facts = facts_of(snapshot, owner(snapshot, pod.ref))
    refused = any(f.what == "refuses" and f.port == target for f in facts)
    found: tuple[Container, Fact, bool] | None = None
    for container in pod.containers:
        named = [h for h in hints(snapshot, container) if h.source != "service"]
        if not container.declared_ports and not refused and not listening(snapshot, container):
            return None  # it declares nothing and says nothing: it may well listen there
        if any(h.port == target for h in named) or any(f.port == target and f.what == "accepts" for f in facts):
            return None
        mine = [f for f in facts if f.container == container.name and f.what in ("accepts", "listens") and f.port != target]
        if mine and found is None:
            found = container, mine[0], bool(listening(snapshot, container)) or refused
    return found


def _finding(service: Service, port: ServicePort, container: Container, fact: Fact, logged: bool) -> Finding:
    path = f"spec.ports[{port.port}].targetPort"
    body = {"spec": {"ports": [{"port": port.port, "targetPort": fact.port}]}}
    undo = {"spec": {"ports": [{"port": port.port, "targetPort": port.value("targetPort")}]}}
    edit = ObjectEdit(service.ref, "strategic", body, undo)
    listens = f"container {container.name!r} listens on {fact.port}"
    return rule.finding(
        service,
        f"service {service.name!r} sends port {port.port} to {port.target}, {listens}",
        service.at(path),
        *fact.evidence,
        container.at(f"ports[{fact.port}].containerPort"),
        confidence=Confidence.CERTAIN if logged else Confidence.LIKELY,
        key=str(port.port),
        fix=Fix(f"Send to {fact.port}", edit, basis=Basis.PROVEN, value_from=fact.because),
    )
