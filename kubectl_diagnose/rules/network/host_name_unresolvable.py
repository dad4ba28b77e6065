"""
The program calls a host by a name that does not resolve.

## What you see
`no such host`, `ENOTFOUND`, `Name or service not known`, `UnknownHostException` in the log, and the container restarts.

## Why it happens
There is no Service of that name in the namespace of the pod: it is misspelt, not created yet, or in another namespace
(then its name is `service.namespace`). Where every name fails, the cluster's DNS does.

## How to fix it
Correct the name in the settings, or create the Service.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.blocked import blocked
from kubectl_diagnose.readings.cluster_dns import dns_down
from kubectl_diagnose.readings.hosts import Peer, elsewhere, peer
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.readings.misaddressed import misaddressed
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Host name does not resolve", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.HOST_UNRESOLVABLE)
    if crash is not None and not any(m.confidence > Confidence.POSSIBLE for m in misaddressed(container, snapshot)):
        host = crash.groups.get("host", "")
        found = peer(host, None, container.ref.namespace, snapshot)
        why = f": {found.fault}" if found.fault.startswith("there is no") else ""
        if not why and (dns_down(snapshot) or blocked(container, snapshot)):
            return
        message = f"container {container.name!r} cannot resolve {f'host name {host!r}' if host else 'a host name'}{why}"
        sure = Confidence.CERTAIN if why else Confidence.LIKELY
        quoted = (*crash.evidence, *(found.evidence if why else ()))
        fix = _fix(host, found, snapshot)
        yield rule.finding(
            container, message, *quoted, confidence=sure, key=host or None, fix=fix, since=crash.exit.run.finished_at
        )


def _fix(host: str, found: Peer, snapshot: Snapshot) -> Fix:
    others = [r for r in elsewhere(found.ref.name, snapshot) if r != found.ref] if found.ref else []
    if others:
        full = f"{others[0].name}.{others[0].namespace}"
        return Fix(f"Call it {full!r}: it is in another namespace", safety=Safety.MANUAL)
    if found.nearest:
        return Fix(f"Call it {found.nearest[0]!r}, the service that there is", safety=Safety.MANUAL)
    return Fix(
        f"Create the service {host!r}, or correct the name in the settings" if host else "Correct the name",
        safety=Safety.MANUAL,
    )
