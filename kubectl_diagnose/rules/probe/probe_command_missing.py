"""
An exec probe runs a program that the image does not have.

## What you see
`Readiness probe errored … exec: "curl": executable file not found in $PATH`. The result is discarded: a readiness
probe never passes, a liveness probe never acts.

## Why it happens
Small images (scratch, distroless, alpine) have no `curl`, `wget` or shell.

## How to fix it
Let the kubelet ask by itself: an `httpGet` or `tcpSocket` probe needs nothing in the image.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.facts import Fact
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.probe_edits import answer_supported, without_command
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe runs a program that is not in the image", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read what the runtime said of the command."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.COMMAND_MISSING:
        return
    program = probe.command[0] if probe.command else ""
    yield rule.finding(
        probe,
        f"{probe.kind} probe runs {program!r}, which is not in image {probe.container.image!r}",
        *reading.evidence,
        fixes=without_command(snapshot, reading),
        since=reading.since,
        explains=narrowed(probe),
    )


@rule.proves
def proves(probe: Probe, facts: tuple[Fact, ...]) -> bool:
    """The probe no longer runs a command, and its port takes connections."""
    return answer_supported(probe, facts)
