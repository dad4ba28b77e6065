"""
An image is not built for the node's kind of processor.

## What you see
The pod waits with `ErrImagePull` or `ImagePullBackOff`, and the message says `no match for platform in manifest` or
`no matching manifest`.

## Why it happens
The image exists, but only for other platforms: it was built on a laptop with an ARM processor and the nodes are amd64,
or the other way round.

## How to fix it
Build the image for the node's platform too (`docker buildx build --platform linux/amd64,linux/arm64`), or send the pod
to nodes of the right kind with a `nodeSelector` on `kubernetes.io/arch`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.platform import node_architecture, run_elsewhere
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Image is not built for the node's platform", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pulls that found no manifest for the node's platform."""
    pull = pull_of_kind(container, snapshot, "platform")
    if pull is not None:
        node = node_architecture(container, snapshot)
        platform = f"the node's platform {node.value!r}" if node else "the node's platform"
        yield rule.finding(
            container,
            f"image {pull.image!r} is not built for {platform}",
            *pull.evidence,
            container.at("image"),
            *((node,) if node else ()),
            since=pull.since,
            fixes=run_elsewhere(container, snapshot),
        )
