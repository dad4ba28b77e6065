"""
The name of an image is not a valid image name.

## What you see
The pod waits with `InvalidImageName`. No pull is tried.

## Why it happens
The name has capital letters, a `https://` in front, a space, two colons, or a variable that was never filled in.

## How to fix it
Set the image to a name of the form `registry/repository:tag`, all in lower case but for the tag.
"""

import re
from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.history import earlier_image, edit, repository
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Image name is invalid", severity=Severity.HIGH, explains=NOT_STARTED)

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_VALID = regex(rf"(?:[\w.-]+(?::\d+)?/)?{_PART}(?:/{_PART})*(?::\w[\w.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?")


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for names that the kubelet cannot read."""
    pull = pull_of_kind(container, snapshot, "name-invalid")
    if pull is not None:
        message = f"{pull.image!r} is not a valid image name"
        fixes = tuple(_fixes(container, snapshot))
        yield rule.finding(container, message, container.at("image"), *pull.evidence, since=pull.since, fixes=fixes)


def _fixes(container: Container, snapshot: Snapshot) -> Iterator[Fix]:
    bare = re.sub(r"^[a-z]+://", "", "".join(container.image.split())).replace("::", ":")
    likely = repository(bare).lower() + bare[len(repository(bare)) :]
    offered = list(earlier_image(container, snapshot))
    if not offered and _VALID.fullmatch(likely):
        said = "the same name in valid form"
        offered.append(Fix(f"Use image {likely!r}", edit(container, image=likely), basis=Basis.BOUNDED, value_from=said))
    yield from offered or [Fix(f"Correct the image name of container {container.name!r}", safety=Safety.MANUAL)]
