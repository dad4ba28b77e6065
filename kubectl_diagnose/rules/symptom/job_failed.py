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
from kubectl_diagnose.model import Condition, CronJob, Job
from kubectl_diagnose.relations import controller_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, Target

rule = Rule(__name__, title="Job has failed", severity=Severity.HIGH, stage="rollout")


@rule.check
def check(job: Job, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
    """Read the condition that the job controller writes; a later run that succeeded makes up for it."""
    failed = job.condition("Failed")
    if failed is None or failed.status != "True":
        return
    if job.ref in target.refs or not _made_good(job, failed, snapshot):
        message = f"{job.ref} has failed: {failed.reason}"
        yield rule.finding(job, message, failed.at("reason"), failed.at("message"), since=failed.time)


def _made_good(job: Job, failed: Condition, snapshot: Snapshot) -> bool:
    above = controller_of(snapshot, job.ref)
    cron = snapshot.get(above) if above else None
    later = cron.time_at("status.lastSuccessfulTime") if isinstance(cron, CronJob) else None
    return later is not None and failed.time is not None and later > failed.time
