"""
The container runtime of a node does not work.

## What you see
The node is `NotReady` with `container runtime is down` or `PLEG is not healthy`; nothing starts on it.

## Why it happens
containerd or CRI-O has stopped or hangs, often for want of disk, memory or file handles.

## How to fix it
Restart the runtime on the machine and read its log (`journalctl -u containerd`).
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Node
from kubectl_diagnose.readings.nodes import HARMED, concerned, unready
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Container runtime is down", severity=Severity.CRITICAL, needs=(Node,), explains=HARMED)


@rule.check
def check(node: Node, snapshot: Snapshot) -> Iterator[Finding]:
    """Read what the kubelet says in the node's Ready condition."""
    ready = node.ready
    if ready is None or unready(node) != "runtime" or not concerned(snapshot, node):
        return
    fix = Fix(f"Look at the container runtime on node {node.name!r}", safety=Safety.MANUAL)
    quotes = (ready.at("status"), ready.at("message"))
    yield rule.finding(
        node, f"the container runtime does not work on node {node.name!r}: {ready.message}", *quotes, since=ready.time, fix=fix
    )
