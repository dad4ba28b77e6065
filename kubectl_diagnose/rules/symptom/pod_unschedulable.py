"""
No node takes a pod.

## What you see
The pod stays `Pending`; its condition `PodScheduled` is False with the reason `Unschedulable`.

## Why it happens
Every node lacks something that the pod asks for, or refuses it. The rules about scheduling name what.

## How to fix it
Read the scheduler's message: it counts the nodes by reason.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import DOWNSTREAM
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="No node takes the pod", severity=Severity.HIGH, stage="scheduling", explains=DOWNSTREAM)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the condition that the scheduler writes."""
    scheduled = pod.condition("PodScheduled")
    if scheduled is None or scheduled.status != "False" or scheduled.reason == "SchedulingGated" or pod.finished:
        return
    message = f"no node takes pod {pod.name!r}"
    yield rule.finding(pod, message, scheduled.at("reason"), scheduled.at("message"), since=scheduled.time)
