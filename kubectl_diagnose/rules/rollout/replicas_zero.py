"""
A workload is scaled to zero.

## What you see
No pods, no events, nothing in error; a Service in front of it has no endpoints.

## Why it happens
Somebody scaled it down, or the manifest says `replicas: 0`. Often on purpose: it is a problem only where it was asked
about by name, or where a Service sends requests to it.

## How to fix it
Scale it up.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Kubectl, Severity
from kubectl_diagnose.model import Deployment, HorizontalPodAutoscaler, ReplicaSet, Service, StatefulSet, Workload
from kubectl_diagnose.relations import owner, services_of, targets_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Snapshot, Target

rule = Rule(__name__, title="Scaled to zero", severity=Severity.HIGH, explains=NOT_MADE)


@rule.check
def check(workload: Workload, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
    """Read the number of replicas, and who would miss them."""
    scalable = isinstance(workload, Deployment | StatefulSet | ReplicaSet)
    if not scalable or owner(snapshot, workload.ref) != workload.ref or workload.value("spec.replicas") != 0:
        return
    services = [s for s in (snapshot.get(ref) for ref in services_of(snapshot, workload.ref)) if isinstance(s, Service)]
    named = workload.ref in target.refs or (target.selector and target.includes(workload))
    before = max(1, _autoscaled(workload, snapshot))
    words = ("scale", str(workload.ref), f"--replicas={before}")
    fix = Fix(
        f"Scale it to {before}",
        Kubectl(words, workload.ref, undo=("scale", str(workload.ref), "--replicas=0")),
        basis=Basis.DEFAULT,
        value_from="how many there were before is not recorded",
    )
    yield rule.finding(
        workload,
        f"{workload.ref} is scaled to zero",
        workload.at("spec.replicas"),
        *(s.at("spec.selector") for s in services[:2]),
        severity=Severity.HIGH if named or services else Severity.LOW,
        fix=fix,
    )


def _autoscaled(workload: Workload, snapshot: Snapshot) -> int:
    for autoscaler in snapshot.all(HorizontalPodAutoscaler):
        if workload.ref in targets_of(snapshot, autoscaler.ref):
            return autoscaler.number("spec.minReplicas", 1)
    return 0
