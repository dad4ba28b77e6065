"""
The registry has no such image or tag.

## What you see
The pod waits with `ErrImagePull` or `ImagePullBackOff`, and the message ends in `not found` or `manifest unknown`.

## Why it happens
The registry was reached, let the node in, and answered that it has no such tag: it is misspelt, was not pushed (yet),
was pushed to another repository, or was cleaned up.

## How to fix it
Set the image to a tag that exists, or go back to the one that ran before. The pull is tried again by itself, every
five minutes at most, so pushing the missing tag repairs it too.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier_image
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Image does not exist", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pulls that the registry answered with "not found"."""
    pull = pull_of_kind(container, snapshot, "not-found")
    if pull is None:
        return
    manual = Fix(f"Set the image of container {container.name!r} to one that exists in {pull.host}", safety=Safety.MANUAL)
    yield rule.finding(
        container,
        f"image {pull.image!r} does not exist in the registry",
        *pull.evidence,
        container.at("image"),
        since=pull.since,
        fixes=tuple(earlier_image(container, snapshot)) or (manual,),
    )
