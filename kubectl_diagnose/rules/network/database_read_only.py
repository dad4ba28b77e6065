"""
A database takes no writes from the program.

## What you see
`cannot execute INSERT in a read-only transaction`, `READONLY You can't write against a read only replica` in the log.

## Why it happens
The program is connected to a replica, often after a failover, or the database was made read-only.

## How to fix it
Connect to the primary: the Service for writes, not the one for reads.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Database is read-only", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.DATABASE_READ_ONLY)
    if crash is not None:
        message = f"the database that container {container.name!r} writes to is read-only"
        fix = Fix("Connect to the primary", safety=Safety.MANUAL)
        yield rule.finding(container, message, *crash.evidence, fix=fix, since=crash.exit.run.finished_at)
