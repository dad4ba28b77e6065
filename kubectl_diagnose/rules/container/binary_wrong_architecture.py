"""
The program in an image is built for another kind of processor than the node has.

## What you see
The container is in `CrashLoopBackOff`; its log is the one line `exec /app: exec format error`.

## Why it happens
An image that is built for one platform only can be pulled anywhere, so a program built on an ARM laptop lands on an amd64
node. An empty or damaged file gives the same error.

## How to fix it
Build the image for the node's platform (`docker buildx build --platform linux/amd64,linux/arm64`), or send the pod to
nodes of the right kind with a `nodeSelector` on `kubernetes.io/arch`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.create import start_of_kind
from kubectl_diagnose.readings.history import waits_since
from kubectl_diagnose.readings.platform import node_architecture, run_elsewhere
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__, title="Program is built for another processor", severity=Severity.HIGH, explains=CRASHING, stage="create"
)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for programs that the kernel of the node cannot load."""
    start = start_of_kind(container, snapshot, "format")
    if start is not None:
        node = node_architecture(container, snapshot)
        place = f"the node's processor ({node.value})" if node else "the node's processor"
        yield rule.finding(
            container,
            f"program {start.what or container.image!r} is not built for {place}",
            *start.evidence,
            container.at("image"),
            *((node,) if node else ()),
            since=waits_since(container, snapshot),
            fixes=run_elsewhere(container, snapshot),
        )
