"""
A Service has no pod that is ready.

## What you see
Connections to the Service are refused or time out; its EndpointSlice has no ready endpoint.

## Why it happens
The pods that it selects are not ready, or there are none because their workload makes none.

## How to fix it
Repair the pods; the Service follows by itself.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod, Service, Workload
from kubectl_diagnose.readings.startup import waiting
from kubectl_diagnose.relations import backends_of, templates
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Service has no ready pod", severity=Severity.HIGH, stage="service")


@rule.check
def check(service: Service, snapshot: Snapshot) -> Iterator[Finding]:
    """Look at the pods that it selects; where there are none, at the workloads that would make them."""
    if not service.selector or service.flag("spec.publishNotReadyAddresses"):
        return
    behind = (snapshot.get(ref) for ref in backends_of(snapshot, service.ref))
    pods = [p for p in behind if isinstance(p, Pod) and not p.finished]
    if any(p.ready and p.deleted is None for p in pods) or any(waiting(snapshot, p) for p in pods):
        return
    if pods:
        conditions = [p.conditions["Ready"].at("status") for p in pods[:3] if "Ready" in p.conditions]
        message = f"none of the {len(pods)} pods of service {service.name!r} is ready"
        yield rule.finding(service, message, service.at("spec.selector"), *conditions)
    elif makers := list(_makers(service, snapshot)):
        message = f"service {service.name!r} has no pod: {makers[0].ref} has made none"
        yield rule.finding(service, message, service.at("spec.selector"), makers[0].at("status.replicas"))


def _makers(service: Service, snapshot: Snapshot) -> Iterator[Workload]:
    for template in templates(snapshot):
        owner = snapshot.get(template.ref)
        same = template.ref.namespace == service.namespace
        if same and isinstance(owner, Workload) and service.selector.items() <= template.labels.items():
            yield owner
