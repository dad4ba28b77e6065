"""
A program calls a Service at a port that the Service does not have.

## What you see
The name resolves; connections are refused or time out, and the container restarts or does not become ready.

## Why it happens
Clients call the port of the Service, which need not be the port that the container behind it listens on.

## How to fix it
Call the port that the Service has (`kubectl get service`), or add the port to the Service.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Container, Service
from kubectl_diagnose.readings.address_edits import corrected
from kubectl_diagnose.readings.misaddressed import misaddressed
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__, title="Service has no such port", severity=Severity.HIGH, needs=(Service,), explains=CRASHING, stage="create"
)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the ports that a container in trouble calls with those of the Services."""
    for found in misaddressed(container, snapshot):
        if found.wrong != "port":
            continue
        host, asked = found.address.host, found.address.port
        ports = [port.port for port in found.service.ports]
        name = found.service.name
        one = f"{host}:{ports[0]}" if len(ports) == 1 else ""
        has = ", ".join(map(str, ports))
        title = f"Call {one!r}" if one else f"Call a port that service {name!r} has"
        yield rule.finding(
            container,
            f"container {container.name!r} calls port {asked} of service {name!r}, which has {has}",
            *found.evidence,
            confidence=found.confidence,
            key=f"{name}:{asked}",
            fix=corrected(container, found, title, one, f"the only port of service {name!r} is {ports[0]}"),
        )
