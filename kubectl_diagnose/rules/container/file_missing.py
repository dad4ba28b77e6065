"""
The program ends because a file that it needs is not there.

## What you see
The log says `no such file or directory` (ENOENT) for a path, and the container restarts.

## Why it happens
The file is not in the image, the volume that was to bring it is not mounted or has another key, or a mount hides it.

## How to fix it
Mount the ConfigMap, Secret or claim that has it at that path, or correct the path in the program's settings.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.readings.mounts import mount_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="File is missing", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.FILE_MISSING)
    if crash is not None:
        mount = mount_of(container, crash.path) if crash.path else None
        where = repr(crash.path) if crash.path else "a file that it needs"
        hidden = f" on volume {mount.text('name')!r}" if mount else ""
        message = f"container {container.name!r} does not find {where}{hidden}"
        quoted = (*crash.evidence, *((mount.at("mountPath"),) if mount else (container.at("volumeMounts"),)))
        fix = Fix(f"Put {where} there, or correct the path in the settings", safety=Safety.MANUAL)
        yield rule.finding(container, message, *quoted, fix=fix, since=crash.exit.run.finished_at)
