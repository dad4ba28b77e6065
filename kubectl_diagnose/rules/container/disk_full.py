"""
The program ends because there is no space left where it writes.

## What you see
The log says `no space left on device` (ENOSPC), and the container restarts.

## Why it happens
The claim is full, an `emptyDir` in memory has reached its size, or the node's disk is full.

## How to fix it
Enlarge the claim or the `emptyDir`, or delete what fills it.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container, View
from kubectl_diagnose.model.quantity import parse_bytes, show_bytes
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.readings.mounts import mount_of, volume_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Disk is full", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.DISK_FULL)
    if crash is not None:
        mount = mount_of(container, crash.path) if crash.path else None
        volume = volume_of(container, mount) if mount else None
        on = f" on volume {volume.text('name')!r}" if volume else ""
        where = f" at {crash.path!r}" if crash.path else ""
        message = f"container {container.name!r} finds no space left{where}{on}"
        quoted = (*crash.evidence, *((volume.at(),) if volume else ()))
        fix = _fix(volume)
        yield rule.finding(container, message, *quoted, fix=fix, since=crash.exit.run.finished_at)


def _fix(volume: View | None) -> Fix:
    limit = parse_bytes(volume.value("emptyDir.sizeLimit")) if volume else None
    if volume is None or limit is None:
        return Fix("Delete what fills it, or give it more space", safety=Safety.MANUAL)
    new = show_bytes(2 * limit)
    change = TemplateEdit({"volumes": [{"name": volume.text("name"), "emptyDir": {"sizeLimit": new}}]})
    said = f"twice the size of {show_bytes(limit)}"
    return Fix(f"Raise the size of the volume to {new}", change, basis=Basis.BOUNDED, value_from=said)
