"""
The program that a container is to run is not in its image.

## What you see
The container waits with `RunContainerError` or `CrashLoopBackOff`, its last exit is `StartError` with code 128, and it has
no log; or its log ends in `not found` and the exit code is 127, where a shell did not find it.

## Why it happens
The command is misspelt, names a shell that the image does not have (images built from scratch or distroless have none),
is a whole command line written as one word, or a volume is mounted over the folder that holds it. A script whose first
line names a missing interpreter, and a program whose loader is missing, are "not found" too.

## How to fix it
Correct `command` and `args`, or leave `command` out to run what the image itself runs.
"""

import shlex
from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.create import Start, start_of_kind
from kubectl_diagnose.readings.history import earlier_command, edit, waits_since
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Command is not in the image", severity=Severity.HIGH, explains=CRASHING, stage="create")

_MESSAGES = {
    "not-found": "program {what!r} is not in image {image!r}",
    "shell-not-found": "the command calls {what!r}, which is not in image {image!r}",
    "interpreter": "program {what!r} needs an interpreter or loader that is not in image {image!r}",
}


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for programs that the container runtime, the kernel or a shell did not find."""
    start = start_of_kind(container, snapshot, *_MESSAGES)
    if start is not None:
        message = _MESSAGES[start.kind].format(what=start.what, image=container.image)
        if start.kind == "not-found" and " " in start.what.strip():
            message = f"{start.what!r} is taken for the name of one program: it is a whole command line"
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
    field = next((f for f in ("command", "args") if start.what in container.items(f)[:1]), "")
    if field and " " in start.what.strip() and start.kind == "not-found":
        words = [*shlex.split(start.what), *container.items(field)[1:]]
        said = "the command line, split into words"
        yield Fix("Split the command into words", edit(container, **{field: words}), basis=Basis.BOUNDED, value_from=said)
    elif field and start.kind == "not-found":
        said = "what the image was built to run; nothing shows that it can"
        yield Fix("Run the image's own command", edit(container, **{field: None}), basis=Basis.DEFAULT, value_from=said)
    else:
        yield Fix(f"Correct the command, or use an image that has {start.what!r}", safety=Safety.MANUAL)
