"""
The program used memory that is not its own, and the kernel ended it.

## What you see
Exit code 139 (SIGSEGV), often with nothing in the log.

## Why it happens
A fault in native code, a library of another C library (musl and glibc), or an image for another kind of processor.

## How to fix it
Run the version that worked before; check base image and native modules of this one.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.exit import fault
from kubectl_diagnose.readings.log import CrashKind, error_lines, last_words, read_crash
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Program crashes in native code", severity=Severity.HIGH, explains=CRASHING)

_SEGFAULT = 139


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look at the exit code, and at the log where a shell hides it."""
    read = fault(container, snapshot)
    if read is None:
        return
    crash = read_crash(container, snapshot)
    named = crash is not None and crash.kind is CrashKind.SEGFAULT
    if named or (crash is None and read.run.exit_code == _SEGFAULT):
        lines = [crash.line] if crash else error_lines(last_words(container, snapshot), most=1)
        message = f"container {container.name!r} crashed with a segmentation fault"
        quoted = (*read.evidence, *(line.at() for line in lines))
        fix = Fix("Go back to the image that worked, or correct the native code", safety=Safety.MANUAL)
        yield rule.finding(container, message, *quoted, fix=fix, since=read.run.finished_at)
