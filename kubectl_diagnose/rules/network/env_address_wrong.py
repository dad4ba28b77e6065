"""
A program was told to call a host that does not exist, where a Service of nearly that name, or of another namespace, does.

## What you see
The host does not resolve, and the container restarts or does not become ready.

## Why it happens
The name in the environment, a ConfigMap or the arguments is misspelt, or lacks the namespace: a bare name is looked up in
the namespace of the pod alone.

## How to fix it
Write the name of the Service, with its namespace (`service.namespace`) where that is another.
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
    __name__,
    title="Address in the settings is wrong",
    severity=Severity.HIGH,
    needs=(Service,),
    explains=CRASHING,
    stage="create",
)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for the Service that was meant."""
    for found in misaddressed(container, snapshot):
        given, host = found.address.given, found.address.host
        if found.wrong != "name" or given is None:
            continue
        meant = found.service
        away = meant.namespace != container.ref.namespace
        right = f"{meant.name}.{meant.namespace}" if away else meant.name
        where = f"variable {given.name!r}" if given.name else f"the {given.field}"
        there = f"service {meant.name!r} is in namespace {meant.namespace!r}" if away else f"service {meant.name!r} does"
        yield rule.finding(
            container,
            f"{where} of container {container.name!r} names host {host!r}, which does not exist; {there}",
            *found.evidence,
            confidence=found.confidence,
            key=host,
            fix=corrected(container, found, f"Call it {right!r}", right, "the only service that can be meant"),
        )
