"""
A container ended with an error, and nothing more specific could be read from it.

## What you see
The container restarts, or its pod is `Failed`, with an exit code other than 0.

## Why it happens
The program ended itself or was ended by a signal. Its last lines usually say why.

## How to fix it
Read the log of the run that failed (`kubectl logs --previous`), from the last error upwards.
"""

from collections.abc import Iterator
from textwrap import shorten

from kubectl_diagnose.findings import Finding, Fix, Refutation, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.exit import FAULTS, ExitKind, current, read_exit
from kubectl_diagnose.readings.log import error_lines, grave, last_words, read_crash
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Container ends with an error", severity=Severity.HIGH, explains=CRASHING)

_SEGFAULT = 139


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Report a failed run that no other rule reads."""
    read = read_exit(container, snapshot)
    if read is None or read.kind not in (*FAULTS, ExitKind.HOOK_KILL) or not current(container, snapshot):
        return
    if read.run.exit_code == _SEGFAULT or read_crash(container, snapshot) is not None:
        return
    said = error_lines(last_words(container, snapshot))
    last = said[-1].line.strip() if said and read.kind is ExitKind.APP_ERROR else ""
    means = f"and logged {shorten(last, 120, placeholder=' …')!r}" if grave(last) else f"({read.words})"
    message = f"container {container.name!r} ended with exit code {read.run.exit_code} {means}"
    words = ("logs", container.ref.name, "-c", container.name, *(("--previous",) if container.running else ()))
    yield rule.finding(
        container,
        message,
        *read.evidence,
        *(line.at() for line in said),
        confidence=read.confidence,
        since=read.run.finished_at,
        fix=Fix("Read the log of the run that failed, from its last error upwards", safety=Safety.MANUAL),
        refuted_by=Refutation("the log shows another reason", words),
    )
