"""
A Job starts no pods because it is suspended.

## What you see
The Job has the condition `Suspended`, and no pods.

## Why it happens
Somebody set `spec.suspend`, or a queue manager holds it until there is room.

## How to fix it
Resume it: set `spec.suspend` to false. Where a queue manager holds it, look at the queue.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, ObjectEdit, Severity
from kubectl_diagnose.model import Job
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, Target

rule = Rule(__name__, title="Job is suspended", severity=Severity.MEDIUM)


@rule.check
def check(job: Job, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
    """Look at ``spec.suspend``; it is advice only unless the job itself was asked for."""
    if job.suspended and not job.complete and "kueue.x-k8s.io/queue-name" not in job.labels:
        severity = rule.severity if (target.refs or target.selector) and target.includes(job) else Severity.LOW
        body, undo = {"spec": {"suspend": False}}, {"spec": {"suspend": True}}
        fix = Fix("Resume it", ObjectEdit(job.ref, "merge", body, undo))
        message = f"job {job.name!r} is suspended"
        yield rule.finding(job, message, job.at("spec.suspend"), severity=severity, fix=fix)
