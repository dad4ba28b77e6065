"""
A rollout does not get on.

## What you see
`ProgressDeadlineExceeded`: `error: deployment "x" exceeded its progress deadline`.

## Why it happens
The pods of the newest revision do not become ready.

## How to fix it
Repair what keeps them from it, or go back with `kubectl rollout undo`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Deployment
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Rollout does not get on", severity=Severity.HIGH, stage="rollout")


@rule.check
def check(deployment: Deployment, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the condition that the deployment controller writes."""
    progressing = deployment.condition("Progressing")
    if progressing is not None and progressing.status == "False" and progressing.reason == "ProgressDeadlineExceeded":
        message = f"the rollout of {deployment.ref} does not get on"
        yield rule.finding(deployment, message, progressing.at("reason"), progressing.at("message"), since=progressing.time)
