"""
Nothing listens on the port that a probe asks, and nothing tells which port would be right.

## What you see
`connection refused` long after the container has started; no log line, Service or declaration names another port.

## Why it happens
The program hangs before it listens, listens elsewhere without saying so, or waits for something.

## How to fix it
Look at the log for what it does, and at its documentation for its port.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Refutation, Safety, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Nothing listens where the probe asks", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read that the port refuses though the start should be over."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.NOT_LISTENING:
        return
    container = probe.container
    last = snapshot.log(container)
    shown = (last.line(len(last.lines) - 1).at(),) if last else ()
    yield rule.finding(
        probe,
        f"container {container.name!r} does not listen on port {probe.port}, which its {probe.kind} probe asks",
        *reading.evidence,
        *shown,
        confidence=reading.confidence,
        fix=Fix("Find out what the program waits for, or which port it serves", safety=Safety.MANUAL),
        since=reading.since,
        explains=narrowed(probe),
        refuted_by=Refutation("the log says that it listens", ("logs", f"pod/{probe.ref.name}", "-c", container.name)),
    )
