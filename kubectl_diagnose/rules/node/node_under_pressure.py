"""
A node runs short of memory, disk or process ids.

## What you see
The node's condition `MemoryPressure`, `DiskPressure` or `PIDPressure` is true; pods are evicted from it and new ones are
not put on it.

## Why it happens
Pods use more than they request, logs or images fill the disk, or a program leaks processes.

## How to fix it
Free or add what is short, and set requests and limits, so that the scheduler knows what pods take.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Node
from kubectl_diagnose.readings.nodes import HARMED, concerned
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Node is under pressure", severity=Severity.HIGH, needs=(Node,), explains=HARMED)

_SHORT = {"MemoryPressure": "memory", "DiskPressure": "disk space", "PIDPressure": "process ids"}


@rule.check
def check(node: Node, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the pressure conditions of a node that a pod suffers from."""
    for kind, what in _SHORT.items():
        condition = node.condition(kind)
        if condition and condition.status == "True" and concerned(snapshot, node):
            message = f"node {node.name!r} is short of {what}"
            fix = Fix(f"Free {what} on node {node.name!r}, or add a node", safety=Safety.MANUAL)
            quotes = (condition.at("status"), condition.at("message"))
            yield rule.finding(node, message, *quotes, key=kind, since=condition.time, fix=fix)
