"""
A probe asks a port that nothing listens on, while the container listens on another.

## What you see
`Readiness probe failed: … connect: connection refused`; the pod runs and is never ready. With a liveness or startup
probe the container is restarted again and again.

## Why it happens
The port of the probe was copied from elsewhere, or the program was moved to another port. A `containerPort` is
documentation only: the port is taken as known when a request was answered on it, or when two sources agree on it.

## How to fix it
Let the probe ask the port that the container listens on.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Refutation, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.facts import Fact
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.probe_edits import answer_supported, ask_elsewhere
from kubectl_diagnose.readings.right_port import right_port
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe asks a port that nothing listens on", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the port that was refused with the one that the container is known to serve."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.PORT:
        return
    right = right_port(snapshot, probe, reading.facts)
    listens = f", container {probe.container.name!r} listens on {right.port}" if right else ""
    forward = Refutation(
        f"something does listen on {probe.port}", ("port-forward", f"pod/{probe.ref.name}", f"18080:{probe.port}")
    )
    yield rule.finding(
        probe,
        f"{probe.kind} probe asks port {probe.port}{listens}",
        probe.at(probe.port_path),
        *reading.evidence,
        confidence=reading.confidence,
        fixes=ask_elsewhere(snapshot, reading),
        since=reading.since,
        explains=narrowed(probe),
        refuted_by=forward,
    )


@rule.proves
def proves(probe: Probe, facts: tuple[Fact, ...]) -> bool:
    """The port takes connections, and the path is not known to fail on it."""
    return answer_supported(probe, facts)
