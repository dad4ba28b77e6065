"""
A pod asks for a resource (a GPU, huge pages, pod slots) that no node offers, or that is used up.

## What you see
Pods stay `Pending`; the scheduler says `Insufficient nvidia.com/gpu`, or `Too many pods`.

## Why it happens
No node has such a device, the device plugin that offers it does not run, or all of it is in use.

## How to fix it
Install or repair the device plugin, add a node that has the device, or drop the request if the program does not need it.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Node, Pod
from kubectl_diagnose.readings.capacity import request_of
from kubectl_diagnose.readings.scheduler import Reason, Unscheduled, unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.rules.scheduling.shortage import quoted
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="No node offers the resource", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up which nodes offer what the pod asks for."""
    said = unscheduled(pod, snapshot)
    for reason in said.reasons if said else ():
        if said and reason.kind == "insufficient" and reason.name not in ("cpu", "memory"):
            yield _finding(said, reason, pod, snapshot)
        elif said and reason.kind == "too-many-pods":
            nodes = [n.at("status.allocatable.pods") for n in snapshot.all(Node)[:1]]
            message = f"{reason.nodes} of {said.nodes} nodes run as many pods as they may"
            fix = Fix("Add a node, or delete pods that are not needed", safety=Safety.MANUAL)
            yield rule.finding(pod, message, said.evidence, *nodes, confidence=said.confidence(reason), fix=fix)


def _finding(said: Unscheduled, reason: Reason, pod: Pod, snapshot: Snapshot) -> Finding:
    name = reason.name
    container = max(pod.all_containers, key=lambda c: request_of(c, name))
    offering = [n for n in snapshot.all(Node) if n.allocatable(name)]
    what = f"{container.name!r} asks for {request_of(container, name)} {name!r}"
    state = "all of it is in use" if offering else "no node offers it"
    title = "Free some of it, or add a node" if offering else f"Add a node that offers {name!r}, or repair its device plugin"
    none = {"limits": {name: None}, "requests": {name: None}}
    drop = TemplateEdit({"initContainers" if container.init else "containers": [{"name": container.name, "resources": none}]})
    without = Fix(f"Run without {name!r}", drop, Safety.UNSAFE, warnings=("the program has to work without the device",))
    quotes = (said.evidence, quoted(container, name), *(n.at(f"status.allocatable[{name}]") for n in snapshot.all(Node)[:1]))
    fixes = (Fix(title, safety=Safety.MANUAL), without)
    return rule.finding(container, f"{what}, {state}", *quotes, confidence=said.confidence(reason), fixes=fixes, key=name)
