"""
A CronJob starts no jobs because its schedule or time zone cannot be read.

## What you see
Events `UnparseableSchedule`, `InvalidSchedule` or `UnknownTimeZone`, and no jobs.

## Why it happens
The schedule has a wrong number of fields or a value out of range, names a time zone inside of it, or `spec.timeZone` is
not a name that the controller knows.

## How to fix it
Write five fields (`minute hour day month weekday`), and the zone in `spec.timeZone`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import CronJob
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Schedule of the CronJob is invalid", severity=Severity.HIGH)

_REASONS = ("UnparseableSchedule", "UnParseableCronJobSchedule", "InvalidSchedule", "UnsupportedSchedule", "UnknownTimeZone")


@rule.check
def check(cronjob: CronJob, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for what the controller says of the schedule, as long as it is still the one that it names."""
    events = snapshot.events(cronjob, *_REASONS)
    schedule, zone = cronjob.text("spec.schedule"), cronjob.text("spec.timeZone")
    if not events or cronjob.suspended:
        return
    wrong, path = (zone, "spec.timeZone") if events[-1].reason == "UnknownTimeZone" else (schedule, "spec.schedule")
    what = "time zone" if path == "spec.timeZone" else "schedule"
    message = f"{what} {wrong!r} of cronjob {cronjob.name!r} cannot be read"
    fix = Fix(f"Correct the {what}", safety=Safety.MANUAL)
    yield rule.finding(cronjob, message, events[-1].at("message"), cronjob.at(path), fix=fix)
