"""
A database refuses the program because all of its connections are taken.

## What you see
`too many connections`, `sorry, too many clients already` or the like in the log, and the container restarts.

## Why it happens
The pools of all replicas together are larger than the database allows, or connections are not given back.

## How to fix it
Make the pools smaller, put a pooler in between, or raise the database's limit.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Database has no connection left", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.CONNECTIONS_EXHAUSTED)
    if crash is not None:
        message = f"the database that container {container.name!r} calls has no connection left"
        fix = Fix("Use fewer connections, or allow the database more", safety=Safety.MANUAL)
        yield rule.finding(container, message, *crash.evidence, fix=fix, since=crash.exit.run.finished_at)
