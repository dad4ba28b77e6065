"""
A probe is answered, with an error.

## What you see
`HTTP probe failed with statuscode: 503` (or 500, 401, 403 …).

## Why it happens
The port and the server are right. 500 and 503: the program says itself that it is not well, often because something
that it depends on is not. 401 and 403: the path wants credentials. 400: TLS is expected, or another host name.

## How to fix it
Read the program's log for the reason; ask a path that needs no credentials.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Refutation, Safety, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.unhealthy import Outcome
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe is answered with an error", severity=Severity.HIGH, explains=PROBE_FAILS)
_MEANS = {401: "it wants credentials", 403: "it forbids the request", 400: "it expects another kind of request"}


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the status that the server answered with."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.ERROR_STATUS or reading.seen is None:
        return
    if reading.seen.outcome is Outcome.NOT_SERVING:
        message = f"{probe.kind} probe asks port {probe.port} by gRPC, and the program answers that it is not serving"
    else:
        message = _answer(probe, reading.seen.status or 0)
    yield rule.finding(
        probe,
        message,
        *reading.evidence,
        fix=Fix("Find the reason in the program's log", safety=Safety.MANUAL, value_from="the answer itself is not recorded"),
        since=reading.since,
        explains=narrowed(probe),
        refuted_by=Refutation("the program reports no error", ("logs", f"pod/{probe.ref.name}", "-c", probe.container.name)),
    )


def _answer(probe: Probe, status: int) -> str:
    means = _MEANS.get(status, "the program says that it is not well" if status >= 500 else "")
    says = f": {means}" if means else ""
    return f"{probe.kind} probe asks {probe.http_path!r} on port {probe.port}, which answers {status}{says}"
