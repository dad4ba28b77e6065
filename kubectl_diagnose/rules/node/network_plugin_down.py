"""
The network plugin of a node does not work.

## What you see
The node is `NotReady` with `cni plugin not initialized`; pods stay `ContainerCreating`.

## Why it happens
The pods of the plugin (Calico, Cilium, flannel …) do not run on the node, or it was never installed.

## How to fix it
Repair the plugin's DaemonSet in `kube-system`, or install one.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Node
from kubectl_diagnose.readings.nodes import HARMED, concerned, unready
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Network plugin is down", severity=Severity.CRITICAL, needs=(Node,), explains=HARMED)


@rule.check
def check(node: Node, snapshot: Snapshot) -> Iterator[Finding]:
    """Read what the kubelet says in the node's Ready condition."""
    ready = node.ready
    if ready is None or unready(node) != "network" or not concerned(snapshot, node):
        return
    fix = Fix(f"Look at the pods of the network plugin on node {node.name!r}", safety=Safety.MANUAL)
    quotes = (ready.at("status"), ready.at("message"))
    yield rule.finding(
        node, f"the network plugin does not work on node {node.name!r}: {ready.message}", *quotes, since=ready.time, fix=fix
    )
