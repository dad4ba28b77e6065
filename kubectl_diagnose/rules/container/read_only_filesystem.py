"""
The program writes where its file system is read-only.

## What you see
The log says `Read-only file system` (EROFS), and the container restarts.

## Why it happens
`readOnlyRootFilesystem: true` protects the image's files, or the path is a ConfigMap, a Secret or a read-only mount.

## How to fix it
Keep the protection and mount an `emptyDir` at the directory that the program writes to.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.readings.mounts import free_volume_name, mount_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="File system is read-only", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.READ_ONLY)
    if crash is not None:
        where = f" to {crash.path!r}" if crash.path else ""
        message = f"container {container.name!r} cannot write{where}: the file system is read-only"
        quoted = (*crash.evidence, container.at("securityContext.readOnlyRootFilesystem"))
        fix = _fix(container, crash.path)
        yield rule.finding(container, message, *quoted, fix=fix, since=crash.exit.run.finished_at)


def _fix(container: Container, path: str) -> Fix:
    mount = mount_of(container, path)
    directory = path.rpartition("/")[0] or path
    if not path or mount is not None or container.effective("readOnlyRootFilesystem") is not True:
        what = f"volume {mount.text('name')!r}" if mount else "file system"
        return Fix(f"Write elsewhere, or make the {what} writable", safety=Safety.MANUAL)
    name = free_volume_name(container, directory)
    change = TemplateEdit(
        {
            "volumes": [{"name": name, "emptyDir": {}}],
            **edit(container, volumeMounts=[{"name": name, "mountPath": directory}]).pod_spec,
        }
    )
    said = f"the log names {path!r}"
    return Fix(
        f"Mount an emptyDir at {directory!r}", change, value_from=said, warnings=("what the image has there is hidden",)
    )
