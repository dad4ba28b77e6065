"""
A node is not ready: its kubelet does not answer, or says that it cannot run pods.

## What you see
The node is `NotReady`; its pods are not ready, or stay `Terminating`; new pods are not put on it.

## Why it happens
The machine is down or cut off, the kubelet stopped, or what it needs (runtime, disk) fails.

## How to fix it
Repair the node: `kubectl describe node NODE`, then the kubelet's log on the machine (`journalctl -u kubelet`).
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Node
from kubectl_diagnose.readings.nodes import HARMED, concerned, unready
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Node is not ready", severity=Severity.CRITICAL, needs=(Node,), explains=HARMED)


@rule.check
def check(node: Node, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the node's Ready condition, where it is not the runtime's or the network's fault."""
    ready = node.ready
    if ready is None or unready(node) != "kubelet" or not concerned(snapshot, node):
        return
    lost = ready.status == "Unknown"
    message = f"node {node.name!r} does not answer" if lost else f"node {node.name!r} is not ready: {ready.message}"
    fix = Fix(f"Look at the kubelet on node {node.name!r}", safety=Safety.MANUAL)
    quotes = (ready.at("status"), ready.at("reason"), ready.at("message"))
    yield rule.finding(node, message, *quotes, since=ready.time, fix=fix)
