"""
A Job has failed.

## What you see
`BackoffLimitExceeded`, `DeadlineExceeded`, `FailedIndexes`.

## Why it happens
Its pods ended with an error more often than it allows, or took too long.

## How to fix it
Repair what its pods fail from, then delete the Job and create it again: its template cannot be changed.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Job
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Job has failed", severity=Severity.HIGH, stage="rollout")


@rule.check
def check(job: Job, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the condition that the job controller writes."""
    failed = job.condition("Failed")
    if failed is not None and failed.status == "True":
        message = f"{job.ref} has failed: {failed.reason}"
        yield rule.finding(job, message, failed.at("reason"), failed.at("message"), since=failed.time)
