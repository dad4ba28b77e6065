"""
The program ends because a module, class or library that it needs is not in its image.

## What you see
`ModuleNotFoundError`, `Cannot find module`, `ClassNotFoundException`, `error while loading shared libraries` in the log.

## Why it happens
The image was built without the dependency, for another version of the C library, or a mount hides the directory it is in.

## How to fix it
Build the image with it; or go back to the image that worked.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier_image
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Module is missing", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.MODULE_MISSING)
    if crash is not None:
        module = crash.groups.get("module") or crash.groups.get("file", "")
        message = f"module {module!r} is missing in image {container.image!r} of container {container.name!r}"
        manual = Fix(f"Build the image with {module!r}, or see whether a mount hides it", safety=Safety.MANUAL)
        fixes = (*earlier_image(container, snapshot), manual)
        quoted = (*crash.evidence, container.at("image"))
        yield rule.finding(container, message, *quoted, fixes=fixes, since=crash.exit.run.finished_at)
