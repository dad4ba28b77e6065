"""
A program does not accept the arguments that it is started with.

## What you see
The container ends at once with exit code 1, 2 or 64, and its log has a usage text or names an unknown flag.

## Why it happens
A flag is misspelt, was removed in the version of the image, or is written as one word with its value where the program
wants two.

## How to fix it
Correct `args` (and `command`), or go back to the image that knew the flag.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier_command, earlier_image
from kubectl_diagnose.readings.log import crash_of
from kubectl_diagnose.readings.signatures import CrashKind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Command arguments are wrong", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for usage errors in the last words of a run that ended with a usage error's exit code."""
    crash = crash_of(container, snapshot, CrashKind.ARGUMENTS_WRONG)
    if crash is None or crash.exit.run.exit_code not in (1, 2, 64):
        return
    named = crash.groups.get("argument", "").strip("'\".,:")
    written = named and any(named in word for word in container.command + container.args)
    yield rule.finding(
        container,
        f"the command does not know its argument {named!r}" if named else "the command is used wrongly",
        *crash.evidence,
        container.at("command"),
        container.at("args"),
        confidence=Confidence.CERTAIN if written else Confidence.LIKELY,
        since=crash.exit.run.finished_at,
        fixes=_fixes(container, snapshot),
    )


def _fixes(container: Container, snapshot: Snapshot) -> tuple[Fix, ...]:
    before = (*earlier_command(container, snapshot), *earlier_image(container, snapshot))
    return before or (Fix(f"Correct the arguments of container {container.name!r}", safety=Safety.MANUAL),)
