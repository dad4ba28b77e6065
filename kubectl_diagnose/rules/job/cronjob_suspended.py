"""
A CronJob starts no jobs because it is suspended.

## What you see
`SUSPEND` is `True` in `kubectl get cronjob`, and the last schedule lies back.

## Why it happens
Somebody set `spec.suspend`, on purpose or for the time of a repair.

## How to fix it
Resume it: set `spec.suspend` to false.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, ObjectEdit, Severity
from kubectl_diagnose.model import CronJob
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, Target

rule = Rule(__name__, title="CronJob is suspended", severity=Severity.MEDIUM)


@rule.check
def check(cronjob: CronJob, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
    """Look at ``spec.suspend``; it is advice only unless the cronjob itself was asked for."""
    if cronjob.suspended:
        severity = rule.severity if (target.refs or target.selector) and target.includes(cronjob) else Severity.LOW
        body, undo = {"spec": {"suspend": False}}, {"spec": {"suspend": True}}
        fix = Fix("Resume it", ObjectEdit(cronjob.ref, "merge", body, undo))
        message = f"cronjob {cronjob.name!r} is suspended"
        yield rule.finding(cronjob, message, cronjob.at("spec.suspend"), severity=severity, fix=fix)
