"""
The port that a container wants to listen on is taken.

## What you see
The log says `address already in use` (EADDRINUSE), and the container restarts.

## Why it happens
The containers of a pod share one network: two of them cannot listen on the same port. With `hostNetwork` the whole node
is shared. Or the program starts itself twice.

## How to fix it
Give one of them another port, in its settings and in every probe and Service that names it.
"""

import re
from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Port is in use", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.PORT_IN_USE)
    if crash is not None:
        port = int(crash.groups["port"]) if "port" in crash.groups else None
        other = _other(container, port, snapshot)
        shown = f"port {port}" if port else "the port that it wants"
        taker = f", container {other.name!r} of the same pod has it" if other else ""
        message = f"container {container.name!r} cannot listen on {shown}: it is in use{taker}"
        quoted = (*crash.evidence, *((other.at("ports"),) if other else ()))
        fix = Fix("Give one of the containers another port", safety=Safety.MANUAL)
        yield rule.finding(container, message, *quoted, fix=fix, since=crash.exit.run.finished_at)


def _other(container: Container, port: int | None, snapshot: Snapshot) -> Container | None:
    """The container of the pod that has the port: it declares it, runs the same image, or is the only other."""
    others = [c for c in container.spec.all_containers if c.name != container.name and c.running is not None]
    said = regex(r"(?i)listen|serving|started|bound").search
    for other in others:
        log = snapshot.log(other).lines
        if port in other.declared_ports or any(said(line) and re.search(rf"[:\s]{port}\b", line) for line in log):
            return other
    return next((c for c in others if c.image == container.image), None)
