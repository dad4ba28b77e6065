"""
A node is cordoned: no new pods are put on it.

## What you see
The node is `SchedulingDisabled`; pods stay `Pending` with `node(s) were unschedulable`.

## Why it happens
Somebody ran `kubectl cordon` or `kubectl drain` for maintenance and did not undo it.

## How to fix it
`kubectl uncordon NODE` once the maintenance is over.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Kubectl, Severity
from kubectl_diagnose.model import Node, Pod
from kubectl_diagnose.readings.capacity import counted
from kubectl_diagnose.readings.scheduler import explaining_pods, refused_pods, unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__,
    title="Node is cordoned",
    severity=Severity.HIGH,
    needs=(Node,),
    explains=explaining_pods(refused_pods("cordoned"), "pod-unschedulable"),
)


@rule.check
def check(node: Node, snapshot: Snapshot) -> Iterator[Finding]:
    """See whether a pod waits for a node that is cordoned."""
    waiting = [said for said in (unscheduled(p, snapshot) for p in snapshot.all(Pod)) if said and said.reason("cordoned")]
    if not node.unschedulable or not waiting:
        return
    reasons = [(said, said.reason("cordoned")) for said in waiting]
    sure = any(reason and said.alone(reason) for said, reason in reasons)
    warned = ("whoever cordoned it may not be done with the maintenance",)
    words = Kubectl(("uncordon", node.name), node.ref, undo=("cordon", node.name))
    yield rule.finding(
        node,
        f"node {node.name!r} is cordoned and takes no new pods, {counted(len(waiting), 'pod')} waiting",
        node.at("spec.unschedulable"),
        waiting[0].evidence,
        confidence=Confidence.CERTAIN if sure else Confidence.LIKELY,
        fix=Fix(f"Let node {node.name!r} take pods again", words, warnings=warned),
    )
