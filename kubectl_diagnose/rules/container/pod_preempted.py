"""
A pod had to make room for one of a higher priority.

## What you see
The pod is gone or `Failed`, an event says `Preempted`, and its replacement is `Pending`.

## Why it happens
No node had room for the other pod, whose PriorityClass is higher.

## How to fix it
Add capacity, request less, or give this workload a priority that matches its worth.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Event, Evidence, Pod
from kubectl_diagnose.relations import controller_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Pod was preempted", severity=Severity.MEDIUM, explains=UNSCHEDULED, stage="scheduling")

_RECENT = 3600


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look at the pod itself, and for one that its controller had before while it finds no node."""
    proof, sure = _preempted(pod, snapshot)
    if proof is not None:
        message = "the pod had to make room for one of a higher priority"
        quoted = (proof, pod.at("spec.priority"))
        fix = Fix("Add capacity, request less, or raise the priority of this workload", safety=Safety.MANUAL)
        yield rule.finding(pod, message, *quoted, confidence=sure, fix=fix)


def _preempted(pod: Pod, snapshot: Snapshot) -> tuple[Evidence | None, Confidence]:
    target = pod.condition("DisruptionTarget")
    if pod.reason == "Preempting":
        return pod.at("status.message"), Confidence.CERTAIN
    if target is not None and target.reason == "PreemptionByScheduler":
        return target.at("message"), Confidence.CERTAIN
    parent = controller_of(snapshot, pod.ref)
    if pod.node_name or pod.finished or parent is None:
        return None, Confidence.LIKELY
    told = [e for e in snapshot.all(Event) if e.reason == "Preempted" and e.about.namespace == pod.namespace]
    ours = [e for e in told if e.about.name.startswith(f"{parent.name}-")]
    recent = [e for e in ours if (snapshot.seconds_since(e.last_seen) or 0) < _RECENT]
    return (recent[-1].at("message") if recent else None), Confidence.LIKELY
