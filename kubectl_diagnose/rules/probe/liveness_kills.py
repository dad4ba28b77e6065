"""
A liveness or startup probe restarts a container, for a reason that is not known more closely.

## What you see
`Container x failed liveness probe, will be restarted`. The exit code is what the program makes of SIGTERM (0, 143, 2 for
Go) or 137 where it outlasted its grace period: none of them is a crash or an out-of-memory kill.

## Why it happens
The program hangs or is overloaded, the connection is cut, or the events that said why have expired.

## How to fix it
Compare what the probe asks with what the program answers; a liveness probe should fail only when a restart helps.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe restarts the container", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read that the kubelet killed the container for this probe."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.KILLS:
        return
    exit_ = probe.container.last_exit
    yield rule.finding(
        probe,
        f"{probe.kind} probe restarts container {probe.container.name!r}",
        *reading.evidence,
        *((exit_.at("exitCode"),) if exit_ else ()),
        confidence=reading.confidence,
        fix=Fix("Find out why the probe fails", safety=Safety.MANUAL, value_from="no event says what it was answered"),
        since=reading.since,
    )
