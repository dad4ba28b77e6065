"""
The container runtime cannot make a container.

## What you see
The container waits with `CreateContainerError`, `CreateContainerConfigError` or `RunContainerError`, or ends with
`StartError` and code 128. It has no log.

## Why it happens
The message says it: the image has no command, the user or the working directory does not exist in it, or a volume cannot
be mounted where the spec wants it (a folder over a file, or the other way round).

## How to fix it
Correct the field that the message is about; where it is a mount, compare `mountPath` and `subPath` with what the image has
there.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container, Evidence
from kubectl_diagnose.readings.create import start_of_kind
from kubectl_diagnose.readings.history import waits_since
from kubectl_diagnose.readings.pull import last_clause
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Container cannot be made", severity=Severity.HIGH, explains=CRASHING, stage="create")

_SAID = {
    "no-command": ("image {image!r} has no command and the container names none", "Set a command", "command"),
    "user": ("user {what!r} does not exist in image {image!r}", "Set runAsUser to a number", "securityContext"),
    "directory": ("working directory {what!r} cannot be used", "Correct workingDir", "workingDir"),
    "mount": (
        "a volume cannot be mounted at {what!r}: the image has another kind of file there",
        "Correct the mount",
        "volumeMounts",
    ),
    "name": ("the container runtime has not finished an earlier attempt", "Look at the node, which is slow or stuck", "name"),
    "other": ("the container cannot be made: {error}", "Correct what the message is about", "image"),
}


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for containers that could not be made for a reason that no other rule has."""
    start = start_of_kind(container, snapshot, *_SAID)
    if start is not None and start.text:
        message, repair, field = _SAID[start.kind]
        said = message.format(image=container.image, what=start.what, error=last_clause(start.text.removesuffix(": unknown")))
        shown: tuple[Evidence, ...] = (*start.evidence, container.at(field))
        sure = Confidence.LIKELY if start.kind in ("other", "name") else Confidence.CERTAIN
        since = waits_since(container, snapshot)
        yield rule.finding(
            container,
            said,
            *shown,
            since=since,
            confidence=sure,
            fix=Fix(repair, safety=Safety.MANUAL),
        )
