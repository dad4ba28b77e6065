"""
A workload has fewer pods than it asks for.

## What you see
`kubectl get deployment` shows fewer replicas than desired and there is no pod to look at.

## Why it happens
The API server refused the pods (quota, limit range, admission), or their controller does not work.

## How to fix it
Read the events `FailedCreate` of the workload or of its ReplicaSet.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import DaemonSet, Deployment, Pod, ReplicaSet, StatefulSet, Workload
from kubectl_diagnose.readings.startup import GRACE
from kubectl_diagnose.relations import owner, pods_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import DOWNSTREAM
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__,
    title="Workload has fewer pods than it asks for",
    severity=Severity.HIGH,
    stage="admission",
    explains=DOWNSTREAM,
)
_REPLICATED = (Deployment, StatefulSet, DaemonSet, ReplicaSet)


@rule.check
def check(workload: Workload, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the pods that were made with those asked for; one that makes them in turn waits for the one before."""
    if not isinstance(workload, _REPLICATED) or owner(snapshot, workload.ref) != workload.ref:
        return
    made, wanted = workload.number("status.replicas", workload.number("status.currentNumberScheduled")), workload.replicas
    age = snapshot.seconds_since(workload.created) or 0
    if made >= wanted or (age < GRACE and not workload.condition("ReplicaFailure")):
        return
    if isinstance(workload, StatefulSet) and _in_turn(workload, snapshot):
        return
    message = f"{workload.ref} has {made} of {wanted} pods"
    asked = "status.desiredNumberScheduled" if isinstance(workload, DaemonSet) else "spec.replicas"
    yield rule.finding(workload, message, workload.at(asked), workload.at("status.replicas"))


def _in_turn(workload: StatefulSet, snapshot: Snapshot) -> bool:
    if workload.text("spec.podManagementPolicy") == "Parallel":
        return False
    pods = [p for p in (snapshot.get(ref) for ref in pods_of(snapshot, workload.ref)) if isinstance(p, Pod)]
    return any(not p.ready for p in pods)
