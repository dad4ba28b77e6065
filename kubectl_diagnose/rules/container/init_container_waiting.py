"""
An init container waits for something that does not come, and the containers of the pod wait for it.

## What you see
The pod stays at `Init:0/1`; the init container runs, and its log repeats that it waits.

## Why it happens
The Service that it waits for does not exist, has another name or namespace, or has no ready pod behind it.

## How to fix it
Create or repair what it waits for, or correct the name in its command.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Proof, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.hosts import Peer, calls, peer, waited_for
from kubectl_diagnose.readings.log import signature
from kubectl_diagnose.readings.misaddressed import misaddressed
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Init container waits", severity=Severity.HIGH, explains=NOT_STARTED, stage="init")

_SOON = 30
_LATE = 300
"""Seconds after which an init container that does not say what it waits for is reported."""


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look what a running init container calls, and whether it is there."""
    running = container.running if container.init and not container.sidecar else None
    ran = snapshot.seconds_since(running.started_at) if running else None
    if running is None or ran is None or ran < _SOON:
        return
    if any(m.confidence > Confidence.POSSIBLE for m in misaddressed(container, snapshot)):
        return
    host, proof, found = _waited_for(container, snapshot)
    if not found.fault and ran < _LATE:
        return
    target = f" for {host!r}" if host else ""
    message = f"init container {container.name!r} waits{target}{f': {found.fault}' if found.fault else ''}"
    sure = Confidence.CERTAIN if found.fault else Confidence.LIKELY if host else Confidence.POSSIBLE
    quoted = (running.at("startedAt"), proof, *found.evidence)
    yield rule.finding(container, message, *quoted, confidence=sure, fix=_fix(host, found), since=running.started_at)


def _waited_for(container: Container, snapshot: Snapshot) -> tuple[str, Proof, Peer]:
    """The host that it waits for, what says so, and what the host is; one that is not there comes first."""
    place = container.ref.namespace
    seen = [(host, proof, peer(host, port, place, snapshot)) for host, port, proof in _hosts(container, snapshot)]
    seen.sort(key=lambda s: not s[2].fault)
    return seen[0] if seen else ("", container.at("command"), Peer(None))


def _hosts(container: Container, snapshot: Snapshot) -> Iterator[tuple[str, int | None, Proof]]:
    for host, port, field in calls(container):
        yield host, port, container.at(field)
    log = snapshot.log(container)
    last = [log.line(n) for n in range(len(log.lines))][-8:]
    read = signature(last)
    if read is not None and "host" in read[2]:
        yield read[2]["host"], int(read[2]["port"]) if "port" in read[2] else None, read[1].at()
    for line in reversed(last):
        if (said := waited_for(line.line)) is not None:
            yield said[0], said[1], line.at()


def _fix(host: str, found: Peer) -> Fix:
    near = f"; a service {found.nearest[0]!r} exists" if found.nearest else ""
    what = f"Bring {host!r} up, or correct its name{near}" if host else "See what it waits for, in its log"
    return Fix(what, safety=Safety.MANUAL)
