"""
Nodes are tainted, and the pod does not tolerate the taint.

## What you see
Pods stay `Pending`; the scheduler says `node(s) had untolerated taint`, newer ones without its name.

## Why it happens
Nodes are kept for some workloads (a GPU pool, batch work, the control plane), and this one is not marked as one of them.

## How to fix it
Add a toleration if the workload belongs there, else add nodes without the taint. A taint that Kubernetes sets itself
(`node.kubernetes.io/not-ready`, `…-pressure`) is a sign of a sick node: repair the node, never tolerate it.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Node, Pod, View
from kubectl_diagnose.readings.capacity import untolerated
from kubectl_diagnose.readings.scheduler import CONTROL_PLANE, unscheduled
from kubectl_diagnose.relations import template_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Taint is not tolerated", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)

_TRANSIENT = ("node.cloudprovider.kubernetes.io/", "ToBeDeletedByClusterAutoscaler", "DeletionCandidateOf", "karpenter.sh/")


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the taints of the nodes, since newer schedulers do not name them."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("taint") if said else None
    if said is None or reason is None:
        return
    seen = set()
    for taint in (t for node in snapshot.all(Node) for t in untolerated(node, pod.spec)):
        name = taint.text("key")
        text = f"{name}={taint.text('value')}:{taint.text('effect')}".replace("=:", ":")
        if name.startswith("node.kubernetes.io/") or reason.name not in ("", name) or text in seen:
            continue
        seen.add(text)
        message = f"nodes have the taint {text!r}, which the pods do not tolerate"
        quotes = (said.evidence, taint.at("key"), taint.at("value"), taint.at("effect"))
        fix = _fix(pod, taint, text, snapshot)
        yield rule.finding(pod, message, *quotes, confidence=said.confidence(reason), key=text, fix=fix)


def _fix(pod: Pod, taint: View, text: str, snapshot: Snapshot) -> Fix:
    if taint.text("key").startswith(_TRANSIENT):
        return Fix(f"Wait until the taint {text!r} is gone, or find out who leaves it there", safety=Safety.MANUAL)
    template = template_of(snapshot, pod.ref)
    present = list(template.spec.items("tolerations")) if template else []
    how = {"operator": "Equal", "value": taint.text("value")} if taint.text("value") else {"operator": "Exists"}
    added = {"key": taint.text("key"), **how, "effect": taint.text("effect")}
    warned = ("the pods then run among the control plane",) if taint.text("key") in CONTROL_PLANE else ()
    edit = TemplateEdit({"tolerations": [*present, added]})
    basis = Basis.DEFAULT if warned else Basis.PROVEN
    return Fix(f"Tolerate {text!r}", edit, basis=basis, value_from="the taint of the node", warnings=warned)
