"""
A Service sends to a named port that its pods do not declare.

## What you see
The EndpointSlice of the Service lists the pods without that port; connections are refused.

## Why it happens
`targetPort` is a name, and no container of the pods declares a port under it.

## How to fix it
Use the name that is declared, or the number.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Service, ServicePort
from kubectl_diagnose.relations import backends_of
from kubectl_diagnose.rules import Rule, accusable
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Service names a port that no pod declares", severity=Severity.HIGH)


@rule.check
def check(service: Service, snapshot: Snapshot) -> Iterator[Finding]:
    """Look each name up among the ports of the pods."""
    behind = set(backends_of(snapshot, service.ref))
    pods = [p for p in accusable(snapshot) if p.ref in behind]
    for port in service.ports:
        target = port.target
        if not pods or not isinstance(target, str):
            continue
        ports = [entry for p in pods for c in p.all_containers for entry in c.items("ports") if isinstance(entry, dict)]
        if any(entry.get("name") == target for entry in ports):
            continue
        numbers = {entry["containerPort"] for entry in ports if isinstance(entry.get("containerPort"), int)}
        yield rule.finding(
            service,
            f"service {service.name!r} sends to port {target!r}, which none of its pods declares",
            service.at(f"spec.ports[{port.port}].targetPort"),
            *(c.at("ports") for c in pods[0].containers),
            key=str(port.port),
            fix=_by_number(service, port, numbers),
        )


def _by_number(service: Service, port: ServicePort, numbers: set[int]) -> Fix:
    if len(numbers) != 1:
        return Fix("Use a name that the pods declare", safety=Safety.MANUAL, value_from="no single declared port")
    number = next(iter(numbers))
    body = {"spec": {"ports": [{"port": port.port, "targetPort": number}]}}
    undo = {"spec": {"ports": [{"port": port.port, "targetPort": port.value("targetPort")}]}}
    edit = ObjectEdit(service.ref, "strategic", body, undo)
    return Fix(f"Send to {number}", edit, basis=Basis.BOUNDED, value_from=f"the only port that the pods declare is {number}")
