"""
The program that a container is to run exists and cannot be executed.

## What you see
The container waits with `RunContainerError` or `CrashLoopBackOff`, and `permission denied` is in the message of its last
exit (code 128) or in its log (code 126).

## Why it happens
The file has no execute permission (files of a config map have none unless `defaultMode` says so), is a folder, lies on a
volume that forbids execution, or is a script without a `#!` line.

## How to fix it
Give the file execute permission in the image (`chmod +x`) or by `defaultMode: 0755` of the volume, or call its
interpreter: `["sh", "/scripts/run.sh"]`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.create import Start, start_of_kind
from kubectl_diagnose.readings.history import earlier_command, edit, waits_since
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Command cannot be executed", severity=Severity.HIGH, explains=CRASHING, stage="create")

_KINDS = ("not-executable", "shell-not-executable", "script")
_SHELL_SCRIPT = regex(r"\.sh$")


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for programs that exist and may not be executed."""
    start = start_of_kind(container, snapshot, *_KINDS)
    if start is not None:
        message = f"program {start.what or 'of the image'!r} may not be executed"
        if start.kind == "script":
            message = f"script {start.what!r} cannot be executed by itself: its first line names no interpreter"
        evidence = (*start.evidence, container.at("command"), container.at("args"))
        since = waits_since(container, snapshot)
        yield rule.finding(
            container,
            message,
            *evidence,
            since=since,
            fixes=tuple(_fixes(container, start, snapshot)),
        )


def _fixes(container: Container, start: Start, snapshot: Snapshot) -> Iterator[Fix]:
    yield from earlier_command(container, snapshot)
    volume = _config_map_volume(container, start.what)
    if volume and start.kind != "script":
        change = TemplateEdit({"volumes": [{"name": volume, "configMap": {"defaultMode": 0o755}}]})
        said = "files of a config map are not executable unless it is set"
        yield Fix(f"Make the files of volume {volume!r} executable", change, basis=Basis.BOUNDED, value_from=said)
    if _SHELL_SCRIPT.search(start.what) and container.command[:1] == [start.what]:
        change, said = edit(container, command=["sh", *container.command]), "its name ends in .sh"
        yield Fix("Call the script through a shell", change, basis=Basis.BOUNDED, value_from=said)
    elif not volume:
        yield Fix(f"Make {start.what!r} executable in the image, or correct the command", safety=Safety.MANUAL)


def _config_map_volume(container: Container, path: str) -> str:
    for mount in container.items("volumeMounts"):
        folder = str(mount.get("mountPath", "")).rstrip("/") if isinstance(mount, dict) else ""
        volume = container.spec.volumes.get(str(mount.get("name"))) if folder else None
        if volume is not None and path.startswith(f"{folder}/") and volume.mapping("configMap"):
            return volume.text("name")
    return ""
