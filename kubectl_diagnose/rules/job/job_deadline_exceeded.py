"""
A Job was stopped because it took longer than its deadline allows.

## What you see
The Job is `Failed` with reason `DeadlineExceeded`, and its pods are gone.

## Why it happens
`activeDeadlineSeconds` counts from the start of the Job, waiting for a node and pulling the image included.

## How to fix it
Find what took so long; raise the deadline where the work needs more.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import CronJob, Job
from kubectl_diagnose.relations import controller_of, itself
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Job exceeds its deadline", severity=Severity.HIGH, explains={"job-failed": itself})


@rule.check
def check(job: Job, snapshot: Snapshot) -> Iterator[Finding]:
    """Look at the reason for which the Job failed; a later run that succeeded makes it good."""
    failed = job.condition("Failed") or job.condition("FailureTarget")
    if failed is None or failed.status != "True" or failed.reason != "DeadlineExceeded" or _made_good(job, snapshot):
        return
    seconds = job.number("spec.activeDeadlineSeconds")
    message = f"job {job.name!r} was stopped at its deadline of {seconds} s"
    quoted = (failed.at("reason"), job.at("spec.activeDeadlineSeconds"), job.at("status.startTime"))
    fix = Fix("Raise activeDeadlineSeconds and run the job again, or shorten its work", safety=Safety.MANUAL)
    yield rule.finding(job, message, *quoted, fix=fix, since=failed.time)


def _made_good(job: Job, snapshot: Snapshot) -> bool:
    parent = controller_of(snapshot, job.ref)
    above = snapshot.get(parent) if parent else None
    later = above.time_at("status.lastSuccessfulTime") if isinstance(above, CronJob) else None
    return later is not None and job.created is not None and later > job.created
