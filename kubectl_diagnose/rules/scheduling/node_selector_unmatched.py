"""
No node carries the labels that the pod's `nodeSelector` asks for.

## What you see
Pods stay `Pending`; the scheduler says `node(s) didn't match Pod's node affinity/selector`.

## Why it happens
The label or its value is misspelt, the node was never labelled, or nodes with it are gone.

## How to fix it
Correct the selector, label a node (`kubectl label node NODE key=value`), or drop the key.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Kubectl, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Node, Pod
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot, nearest

rule = Rule(__name__, title="No node has the labels", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the selector with the labels of every node."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("node-affinity") if said else None
    nodes = snapshot.all(Node)
    wanted = pod.spec.node_selector
    if said is None or reason is None or any(wanted.items() <= n.labels.items() for n in nodes):
        return
    missing = [(k, v) for k, v in sorted(wanted.items()) if not any(n.labels.get(k) == v for n in nodes)]
    for key, value in missing or sorted(wanted.items()):
        message = f"no node has the label {key}={value}" if missing else "no node has all labels of the node selector"
        found = [n.at(f"metadata.labels[{key}]") for n in nodes[:3]]
        quotes = (said.evidence, pod.at(f"spec.nodeSelector[{key}]"), *found)
        fixes = _fixes(key, value, nodes)
        yield rule.finding(pod, message, *quotes, confidence=said.confidence(reason), key=key, fixes=fixes)


def _fixes(key: str, value: str, nodes: list[Node]) -> Iterator[Fix]:
    values = {n.labels[key] for n in nodes if key in n.labels}
    for near in nearest(value, values, most=1):
        origin = f"nodes have {key}={near}"
        yield Fix(f"Ask for {key}={near}", TemplateEdit({"nodeSelector": {key: near}}), basis=Basis.BOUNDED, value_from=origin)
    for near in nearest(key, {k for n in nodes for k, v in n.labels.items() if v == value}, most=1):
        edit = TemplateEdit({"nodeSelector": {key: None, near: value}})
        yield Fix(f"Ask for {near}={value}", edit, basis=Basis.BOUNDED, value_from=f"nodes have {near}={value}")
    drop = TemplateEdit({"nodeSelector": {key: None}})
    yield Fix(f"Do not ask for {key!r}", drop, Safety.UNSAFE, Basis.DEFAULT, warnings=("the pods may then run on any node",))
    for node in nodes[:1]:
        label = Kubectl(("label", "node", node.name, f"{key}={value}"), node.ref, undo=("label", "node", node.name, f"{key}-"))
        warning = (f"right only where node {node.name!r} is what the label says",)
        yield Fix(f"Label node {node.name!r} {key}={value}", label, Safety.UNSAFE, Basis.DEFAULT, warnings=warning)
