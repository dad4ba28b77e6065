"""
A server that the program calls rejects its user name, password or key.

## What you see
The log says `password authentication failed`, `Access denied for user`, `WRONGPASS`, `401` or the like.

## Why it happens
The Secret has another value than the server, the password was changed on one side, or the user does not exist there.

## How to fix it
Set the Secret to what the server has, and restart the pods: environment variables are read at the start only.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Credentials are rejected", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.CREDENTIALS_REJECTED)
    if crash is not None:
        user = crash.groups.get("user", "")
        message = f"the credentials of container {container.name!r} are rejected{f', user {user!r}' if user else ''}"
        named = [(name, path) for kind, name, _, _, path in container.references() if kind == "Secret"]
        quoted = (*crash.evidence, *(container.at(path) for _, path in named))
        secrets = ", ".join(sorted({repr(name) for name, _ in named}))
        title = f"Set the credentials in secret {secrets} to what the server has" if named else "Give it the right credentials"
        fix = Fix(title, safety=Safety.MANUAL)
        yield rule.finding(container, message, *quoted, fix=fix, since=crash.exit.run.finished_at)
