"""
An exec probe's command ends with an error.

## What you see
`Readiness probe failed: …` followed by what the command printed.

## Why it happens
The command says that the program is not well: a file that is not there, a dependency that does not answer, or a
mistake in the command itself.

## How to fix it
Run the command in the container and read what it prints.
"""

from collections.abc import Iterator
from textwrap import shorten

from kubectl_diagnose.findings import Finding, Fix, Refutation, Safety, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe command fails", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Quote what the command printed."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.COMMAND_FAILED:
        return
    printed = reading.seen.output.strip().splitlines()[:1] if reading.seen else []
    says = f": {printed[0][:120]}" if printed and printed[0] else ""
    command = shorten(" ".join(probe.command), 80, placeholder=" …")
    words = ("exec", f"pod/{probe.ref.name}", "-c", probe.container.name, "--", *probe.command)
    yield rule.finding(
        probe,
        f"{probe.kind} probe of container {probe.container.name!r} runs {command!r}, which fails{says}",
        *reading.evidence,
        fix=Fix("Make the command succeed, or correct it", safety=Safety.MANUAL, value_from="only the program's owner knows"),
        since=reading.since,
        explains=narrowed(probe),
        refuted_by=Refutation("the command succeeds", words),
    )
