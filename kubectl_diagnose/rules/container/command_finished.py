"""
The command of a container that is to run for ever ends by itself, without an error.

## What you see
`Completed` with exit code 0, then a restart, then `CrashLoopBackOff`.

## Why it happens
The command does its work and ends, puts itself in the background, or is a shell with nothing to read. A Deployment
starts it again each time.

## How to fix it
Run work that ends as a Job or CronJob; keep a server in the foreground.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.exit import ExitKind, current, read_exit
from kubectl_diagnose.readings.killing import BACK_OFF_RESET
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Command ends", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for a clean exit that is followed by a restart."""
    read = read_exit(container, snapshot)
    runs_on = container.sidecar or (not container.init and container.spec.restart_policy == "Always")
    if read is None or read.kind is not ExitKind.COMPLETED or not runs_on or not current(container, snapshot):
        return
    if container.status.restart_count == 0 and container.status.terminated is None:
        return
    message = f"the command of container {container.name!r} ends with exit code 0, and is started again each time"
    long = (read.run.ran_for or 0) > BACK_OFF_RESET
    quoted = (*read.evidence, container.at("command"), container.status.at("restartCount"))
    fix = Fix("Run it as a Job, or give it a command that stays in the foreground", safety=Safety.MANUAL)
    severity = Severity.MEDIUM if long else rule.severity
    yield rule.finding(container, message, *quoted, severity=severity, fix=fix, since=read.run.finished_at)
