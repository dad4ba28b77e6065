"""
The program may not read, write or execute a file that it needs.

## What you see
The log says `permission denied` (EACCES) for a path, and the container restarts.

## Why it happens
The container runs as a user that the file does not belong to: a volume that belongs to root, an image made for root.

## How to fix it
On a volume, set `fsGroup` to the group that the program runs as; in the image, give the directory to its user.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.readings.mounts import mount_of, volume_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="File permission is denied", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.PERMISSION_DENIED)
    if crash is not None:
        where = f" {crash.path!r}" if crash.path else " a file"
        user = container.effective("runAsUser")
        shown = f" as user {user}" if user is not None else ""
        message = f"container {container.name!r} has no permission for{where}{shown}"
        own = container.at("securityContext.runAsUser")
        quoted = (*crash.evidence, own if own.value is not None else container.spec.at("securityContext.runAsUser"))
        yield rule.finding(container, message, *quoted, fix=_fix(container, crash.path), since=crash.exit.run.finished_at)


def _fix(container: Container, path: str) -> Fix:
    mount = mount_of(container, path) if path else None
    volume = volume_of(container, mount) if mount else None
    user = container.effective("runAsGroup") or container.effective("runAsUser")
    grouped = container.spec.value("securityContext.fsGroup") is not None
    if volume is None or not user or grouped or "hostPath" in volume.raw or "nfs" in volume.raw:
        return Fix("Give the file to the user that the container runs as", safety=Safety.MANUAL)
    change = TemplateEdit({"securityContext": {"fsGroup": user, "fsGroupChangePolicy": "OnRootMismatch"}})
    said = f"the container runs as {user}"
    return Fix(f"Give the volumes to group {user}", change, basis=Basis.BOUNDED, value_from=said)
