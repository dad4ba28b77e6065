"""
A liveness or startup probe gives up before the program has started.

## What you see
The container is restarted again and again, each time after the same number of seconds, while its port still refuses
connections; the program is never seen listening.

## Why it happens
The probe's budget (`initialDelaySeconds` and `periodSeconds` × `failureThreshold`) is shorter than the start takes.

## How to fix it
Add a startup probe (or raise its `failureThreshold`): the liveness probe waits until it has passed, and stays strict
afterwards.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.probe import Fault, ProbeReading, read_probe
from kubectl_diagnose.readings.probe_edits import container_edit, probe_edit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe gives up before the program has started", severity=Severity.HIGH, explains=PROBE_FAILS)
LEAST_BUDGET = 300


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read that the container was killed while it was not up yet."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.TOO_EARLY:
        return
    name, exit_ = probe.container.name, probe.container.last_exit
    ran = f" after {exit_.ran_for:.0f} s" if exit_ and exit_.ran_for else ""
    yield rule.finding(
        probe,
        f"{probe.kind} probe kills container {name!r}{ran}, before it listens on port {probe.port}",
        *reading.evidence,
        *((exit_.at("startedAt"), exit_.at("finishedAt")) if exit_ else ()),
        confidence=reading.confidence,
        fix=_more_time(reading),
        since=reading.since,
    )


def _more_time(reading: ProbeReading) -> Fix:
    """Ten times the budget that was too short, at least five minutes, as a startup probe."""
    probe = reading.probe
    budget = max(LEAST_BUDGET, 10 * (probe.initial_delay + probe.period * probe.failure_threshold))
    threshold = -(-budget // probe.period)
    why = f"ten times the {probe.initial_delay + probe.period * probe.failure_threshold} s that were too short, at least 5 min"
    if probe.kind == "startup":
        edit = probe_edit(probe, {"failureThreshold": threshold})
        return Fix(f"Give the start up to {threshold * probe.period} s", edit, basis=Basis.BOUNDED, value_from=why)
    handler: dict[str, Any] = {probe.handler: probe.value(probe.handler)}
    fields = {"startupProbe": {**handler, "periodSeconds": probe.period, "failureThreshold": threshold}}
    title = f"Add a startup probe that gives the start up to {threshold * probe.period} s"
    return Fix(title, container_edit(probe.container, fields), basis=Basis.BOUNDED, value_from=why)
