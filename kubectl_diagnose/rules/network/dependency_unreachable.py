"""
The program ends because a server that it needs does not take connections.

## What you see
`connection refused`, `ECONNREFUSED` or `i/o timeout` for a host and port in the log, and the container restarts.

## Why it happens
The other workload is down or not ready, the port is not the one that it listens on, or a network policy drops the packets.

## How to fix it
Diagnose the other workload first; then compare the port with that of its Service.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.blocked import blocked
from kubectl_diagnose.readings.hosts import peer
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.readings.misaddressed import misaddressed
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Dependency is unreachable", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.DEPENDENCY_UNREACHABLE)
    if crash is not None and not any(m.confidence > Confidence.POSSIBLE for m in misaddressed(container, snapshot)):
        host, port = crash.groups.get("host", ""), crash.groups.get("port", "")
        found = peer(host, int(port) if port else None, container.ref.namespace, snapshot)
        shown = repr(f"{host}:{port}" if port else host) if host else "a server that it needs"
        why = f": {found.fault}" if found.fault else ""
        if not why and blocked(container, snapshot):
            return
        message = f"container {container.name!r} cannot connect to {shown}{why}"
        sure = Confidence.CERTAIN if why else Confidence.LIKELY
        title = f"Diagnose {found.ref} first" if found.ref else "See whether the server runs, and on which port"
        fix = Fix(title, safety=Safety.MANUAL)
        quoted = (*crash.evidence, *found.evidence)
        yield rule.finding(
            container, message, *quoted, confidence=sure, key=host or None, fix=fix, since=crash.exit.run.finished_at
        )
