"""
A probe names a port that its container does not declare.

## What you see
`Readiness probe errored … strconv.Atoi: parsing "http": invalid syntax` (older: `port http not found`). The result is
discarded: a readiness probe never passes, a liveness probe never acts.

## Why it happens
The name is looked up among the `ports` of the probe's own container alone; it is misspelt or not declared there.

## How to fix it
Give the probe the port's number, or declare the port under that name.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.facts import Fact
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.probe_edits import answer_supported, ask_elsewhere
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe names a port that is not declared", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Look the name up among the container's own ports."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.NAMED_PORT:
        return
    names = ", ".join(f"{name or 'unnamed'} {port}" for port, name in probe.container.declared_ports.items()) or "none"
    yield rule.finding(
        probe,
        f"{probe.kind} probe names port {probe.port_written!r}, container {probe.container.name!r} declares {names}",
        *reading.evidence,
        fixes=ask_elsewhere(snapshot, reading),
        since=reading.since,
        explains=narrowed(probe),
    )


@rule.proves
def proves(probe: Probe, facts: tuple[Fact, ...]) -> bool:
    """The port is a number, or a name that is declared, and takes connections."""
    return answer_supported(probe, facts)
