"""
The program crashed on an error that it did not handle.

## What you see
The log ends in a panic, an uncaught exception or a traceback; the container ends with exit code 1, 2 or 101.

## Why it happens
The program met something that its author did not expect: a fault in the code, or input or settings that it cannot use.

## How to fix it
The line named in the trace is where to look. Where the version before worked, go back to it meanwhile.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, RolloutUndo, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Program crashes", severity=Severity.HIGH, explains=CRASHING)

_LONGEST = 120


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.PANIC)
    if crash is not None:
        what = crash.groups.get("what", crash.line.line).strip()
        shown = what if len(what) <= _LONGEST else what[: _LONGEST - 1] + "…"
        message = f"container {container.name!r} crashed: {shown}"
        fixes = tuple(_fixes(container, snapshot))
        yield rule.finding(container, message, *crash.evidence, fixes=fixes, since=crash.exit.run.finished_at)


def _fixes(container: Container, snapshot: Snapshot) -> Iterator[Fix]:
    past = next((e for e in earlier(container, snapshot) if e.ran and e.container.image != container.image), None)
    if past is not None:
        said = f"{past.name} runs with {past.container.image!r}"
        yield Fix("Go back to the revision before", RolloutUndo(), basis=Basis.BOUNDED, value_from=said)
    yield Fix("Correct the program where its trace points", safety=Safety.MANUAL)
