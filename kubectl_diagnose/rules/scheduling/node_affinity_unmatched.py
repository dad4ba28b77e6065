"""
No node meets the pod's required node affinity.

## What you see
Pods stay `Pending`; the scheduler says `node(s) didn't match Pod's node affinity/selector`.

## Why it happens
A required expression names a label, zone or architecture that no node has.

## How to fix it
Correct the expression, label a node, or make it a preference.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Node, Pod
from kubectl_diagnose.model.selector import Requirement, label_selector
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.rules.scheduling.softening import REQUIRED, prefer, required_terms
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="No node meets the affinity", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Evaluate each required term against the labels of every node."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("node-affinity") if said else None
    terms = required_terms(pod, "nodeAffinity")
    nodes = [n for n in snapshot.all(Node) if pod.spec.node_selector.items() <= n.labels.items()]
    if said is None or reason is None or not terms or (snapshot.all(Node) and not nodes):
        return
    unmet = [_unmet(term, nodes) for term in terms]
    if not all(unmet):
        return
    text = "; or ".join(" and ".join(_text(r) for r in term) for term in unmet)
    quotes = [said.evidence, pod.at(f"spec.affinity.nodeAffinity.{REQUIRED}")]
    quotes += [n.at(f"metadata.labels[{unmet[0][0].key}]") for n in nodes[:3]]
    warning = "the pods may then run on any node"
    fix = prefer(pod, "nodeAffinity", "Prefer such nodes, do not require them", warning)
    yield rule.finding(pod, f"no node meets {text}", *quotes, confidence=said.confidence(reason), fix=fix)


def _unmet(term: dict[str, Any], nodes: list[Node]) -> list[Requirement]:
    """The expressions of a term that no node meets; all of them where no node meets all."""
    wanted = list(label_selector({"matchExpressions": term.get("matchExpressions")}) or ())
    never = [r for r in wanted if not any(r.holds(n.labels) for n in nodes)]
    together = any(all(r.holds(n.labels) for r in wanted) for n in nodes)
    return never or ([] if together else wanted)


def _text(wanted: Requirement) -> str:
    values = ", ".join(wanted.values)
    return f"{wanted.key} {wanted.operator} ({values})" if values else f"{wanted.key} {wanted.operator}"
