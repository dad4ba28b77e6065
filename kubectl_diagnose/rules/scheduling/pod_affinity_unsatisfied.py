"""
A pod has to run near other pods, and there are none such where it could run.

## What you see
Pods stay `Pending`; the scheduler says `node(s) didn't match pod affinity rules`.

## Why it happens
No running pod carries the labels that the required affinity names (a typo, another namespace, not deployed yet), or the
nodes lack the topology label.

## How to fix it
Correct the labels, deploy the other pods first, or make the affinity a preference.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.model.selector import label_selector, matches
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.rules.scheduling.softening import REQUIRED, prefer, required_terms
from kubectl_diagnose.snapshot import Snapshot, nearest

rule = Rule(__name__, title="No pod to be near to", severity=Severity.HIGH, explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for running pods that carry the labels of each required term."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("pod-affinity") if said else None
    if said is None or reason is None:
        return
    others = [p for p in snapshot.all(Pod) if p.node_name and p.namespace == pod.namespace]
    wanted = [r for t in required_terms(pod, "podAffinity") for r in label_selector(t.get("labelSelector")) or ()]
    absent = [r for r in wanted if not any(matches((r,), p.labels) for p in others)]
    text = ", ".join(f"{r.key}={'|'.join(r.values)}" for r in absent or wanted)
    near = [n for r in absent for n in nearest("".join(r.values[:1]), {p.labels.get(r.key, "") for p in others})]
    yield rule.finding(
        pod,
        f"no node runs a pod with the labels {text} that it has to be near to",
        said.evidence,
        pod.at(f"spec.affinity.podAffinity.{REQUIRED}"),
        confidence=said.confidence(reason),
        details=(f"running pods have {near[0]!r}",) if near else (),
        fix=prefer(pod, "podAffinity", "Prefer to be near, do not require it", "the pods may then run far from the others"),
    )
