"""
An image cannot be pulled, for a reason that has no page of its own.

## What you see
The pod waits with `ErrImagePull`, `ImagePullBackOff`, `ImageInspectError` or `SignatureValidationFailed`.

## Why it happens
The message says it. Among the causes are a node whose disk is full, a partial image in the node's store, an image format
that the container runtime does not read, and a signature that is not accepted.

## How to fix it
On a full disk the node has to be cleaned up; a partial image is removed on the node with `crictl rmi`; an image in an old
format has to be built and pushed again.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier_image
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Image cannot be pulled", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pulls that failed for any other reason."""
    pull = pull_of_kind(container, snapshot, "disk", "other")
    if pull is not None:
        full = pull.kind == "disk"
        wrong = "the disk of the node is full" if full else pull.error
        repair = "Free space on the node's disk" if full else f"Repair image {pull.image!r}, or use another"
        fixes = (*(() if full else earlier_image(container, snapshot)), Fix(repair, safety=Safety.MANUAL))
        message = f"image {pull.image!r} cannot be pulled: {wrong}"
        yield rule.finding(container, message, *pull.evidence, since=pull.since, fixes=fixes)
