"""
A pod has to be spread evenly over zones or nodes, and no node keeps the balance.

## What you see
Pods stay `Pending`; the scheduler says `node(s) didn't match pod topology spread constraints`.

## Why it happens
Nodes lack the topology label, a zone has no room or is tainted (it still counts), or old pods count as well.

## How to fix it
Label the nodes, add room to the emptier zones, or let the constraint be a preference (`whenUnsatisfiable: ScheduleAnyway`).
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Node, Pod, View
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Pods cannot be spread evenly", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up which topology labels the nodes have."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("topology-spread") if said else None
    if said is None or reason is None:
        return
    hard = [c for c in pod.spec.parts("topologySpreadConstraints", View) if c.text("whenUnsatisfiable") != "ScheduleAnyway"]
    nodes = snapshot.all(Node)
    bare = [c for c in hard if nodes and not any(c.text("topologyKey") in n.labels for n in nodes)]
    keys = ", ".join(repr(c.text("topologyKey")) for c in bare or hard)
    message = (
        f"no node has the label {keys} that pods are spread over" if bare else f"no node keeps pods evenly spread over {keys}"
    )
    quotes = [said.evidence, *(c.at("topologyKey") for c in bare or hard), *(c.at("maxSkew") for c in hard)]
    yield rule.finding(pod, message, *quotes, confidence=said.confidence(reason), fix=_fix(hard))


def _fix(hard: list[View]) -> Fix:
    keys = [c.text("topologyKey") for c in hard]
    title = "Prefer an even spread, do not require it"
    if len(set(keys)) < len(keys):  # a strategic merge patch tells constraints apart by the topology key alone
        return Fix(title, safety=Safety.MANUAL)
    body = [{"topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway"} for key in keys]
    warning = ("pods may then gather in one place and fail together",)
    return Fix(title, TemplateEdit({"topologySpreadConstraints": body}), Safety.UNSAFE, Basis.DEFAULT, warnings=warning)
