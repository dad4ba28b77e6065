"""
A PodDisruptionBudget allows no pod to be evicted, however well the pods are.

## What you see
`kubectl drain` repeats `Cannot evict pod as it would violate the pod's disruption budget`; `ALLOWED DISRUPTIONS` is 0.

## Why it happens
`minAvailable` is as high as the number of replicas, or `maxUnavailable` is 0; with a single replica, any budget of one.
It keeps nodes from being drained. A rollout or `kubectl delete` is not held up by it.

## How to fix it
Allow one pod to be away, or run more replicas than must be available.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Node, Pod, PodDisruptionBudget
from kubectl_diagnose.model.selector import label_selector, matches
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, Target

rule = Rule(__name__, title="Disruption budget allows no eviction", severity=Severity.HIGH)


@rule.check
def check(budget: PodDisruptionBudget, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
    """Compare what it wants to be healthy with how many pods there are, all of them healthy."""
    expected, wanted = budget.number("status.expectedPods"), budget.number("status.desiredHealthy")
    if budget.value("status.disruptionsAllowed") != 0 or not expected or wanted < expected:
        return
    drained = next(_drained(budget, snapshot, target), None)
    named = (budget.kind in target.kinds or budget.ref in target.refs) and target.includes(budget)
    if not (drained or named or target.everything):
        return
    yield rule.finding(
        budget,
        f"disruption budget {budget.name!r} wants {min(wanted, expected)} of {expected} pods to stay: none may be evicted",
        budget.at("status.disruptionsAllowed"),
        budget.at("spec.maxUnavailable" if budget.value("spec.minAvailable") is None else "spec.minAvailable"),
        *([drained.at("spec.unschedulable")] if drained else []),
        severity=rule.severity if drained else Severity.MEDIUM if named else Severity.LOW,
        fix=_fix(budget, expected),
    )


def _drained(budget: PodDisruptionBudget, snapshot: Snapshot, target: Target) -> Iterator[Node]:
    """The cordoned nodes that were asked for and run a pod of the budget."""
    wanted = label_selector(budget.value("spec.selector"))
    here = [p for p in snapshot.all(Pod) if p.namespace == budget.namespace]
    on = {p.node_name for p in here if wanted is not None and matches(wanted, p.labels)}
    return (
        n for n in snapshot.all(Node) if "Node" in target.kinds and target.includes(n) and n.unschedulable and n.name in on
    )


def _fix(budget: PodDisruptionBudget, expected: int) -> Fix:
    before = {field: budget.value(f"spec.{field}") for field in ("minAvailable", "maxUnavailable")}
    edit = ObjectEdit(budget.ref, "merge", {"spec": {"minAvailable": None, "maxUnavailable": 1}}, {"spec": before})
    lost = f"{expected - 1} of {expected} pods may be all that serve while a node is drained"
    return Fix("Allow one pod to be away", edit, Safety.UNSAFE, Basis.DEFAULT, "the least that lets one go", (lost,))
