"""
A Service sends TCP to a port that its pods declare as UDP, or the other way round.

## What you see
The calls time out or are refused, though the Service has endpoints.

## Why it happens
`protocol` of a Service's port is TCP where it is not written; servers of DNS, syslog, metrics and games often speak UDP.

## How to fix it
Set `protocol` of the Service's port to the one that the pods speak.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, ObjectEdit, Severity
from kubectl_diagnose.model import Container, Pod, Service, ServicePort
from kubectl_diagnose.relations import backends_of
from kubectl_diagnose.rules import Rule, accusable
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Service has the wrong protocol", severity=Severity.HIGH)


@rule.check
def check(service: Service, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the protocol of each port with what all pods declare for it."""
    behind = set(backends_of(snapshot, service.ref))
    pods = [p for p in accusable(snapshot) if p.ref in behind]
    for port in service.ports:
        declared = [list(_declared(pod, port)) for pod in pods]
        spoken = {entry.get("protocol", "TCP") for found in declared for _, entry in found}
        both = any(other.target == port.target and other.protocol in spoken for other in service.ports)
        if not declared or not all(declared) or len(spoken) != 1 or port.protocol in spoken or both:
            continue
        (container, entry), right = declared[0][0], spoken.pop()
        if right == "UDP" and any(p.port == entry.get("containerPort") for p in container.probes):
            continue
        yield rule.finding(
            service,
            f"service {service.name!r} sends {port.protocol} to port {port.target!r}, which its pods declare as {right}",
            service.at(f"spec.ports[{port.port}].protocol"),
            container.at(f"ports[{entry.get('containerPort')}].protocol"),
            confidence=Confidence.CERTAIN if isinstance(port.target, str) else Confidence.LIKELY,
            key=f"{port.port}/{port.protocol}",
            fix=_fix(service, port, right),
        )


def _declared(pod: Pod, port: ServicePort) -> Iterator[tuple[Container, dict[str, Any]]]:
    for container in pod.containers:
        for entry in container.items("ports"):
            if isinstance(entry, dict) and port.target in (entry.get("containerPort"), entry.get("name")):
                yield container, entry


def _fix(service: Service, port: ServicePort, right: str) -> Fix:
    """The ports are written as a whole: a strategic patch tells them apart by number alone (kubernetes#39188)."""
    before = service.items("spec.ports")
    after = [{**p, "protocol": right} if p is port.raw else p for p in before]
    edit = ObjectEdit(service.ref, "merge", {"spec": {"ports": after}}, {"spec": {"ports": before}})
    return Fix(
        f"Send {right} to port {port.target}", edit, basis=Basis.BOUNDED, value_from=f"the pods declare the port as {right}"
    )
