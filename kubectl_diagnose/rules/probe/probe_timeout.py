"""
A probe gets no answer in time.

## What you see
`context deadline exceeded (Client.Timeout exceeded while awaiting headers)`, or `command … timed out`.

## Why it happens
The program took the connection and was slower than `timeoutSeconds` (1 second unless set): it starts, it is throttled by
its CPU limit, it collects garbage, or the path does real work.

## How to fix it
Give the probe more time, and look at what makes the answer slow.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.probe_edits import probe_edit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe is answered too late", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read that the probe waited in vain."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.TIMEOUT:
        return
    longer = max(5, 3 * probe.timeout)
    fix = Fix(
        f"Give the {probe.kind} probe {longer} s",
        probe_edit(probe, {"timeoutSeconds": longer, **({"periodSeconds": longer} if probe.period < longer else {})}),
        basis=Basis.BOUNDED,
        value_from=f"three times the timeout of {probe.timeout} s that was too short, at least 5 s",
    )
    yield rule.finding(
        probe,
        f"{probe.kind} probe of container {probe.container.name!r} gets no answer within {probe.timeout} s",
        *reading.evidence,
        fix=fix,
        since=reading.since,
        explains=narrowed(probe),
    )
