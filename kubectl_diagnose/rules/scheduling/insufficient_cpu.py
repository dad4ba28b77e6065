"""
No node has as much CPU left as a pod asks for.

## What you see
Pods stay `Pending`; the scheduler says `Insufficient cpu`.

## Why it happens
What counts is the sum of the requests of the pods on a node, not what they use. The request is higher than what any
node has left, often by a wrong unit (`2` is two cores, `2m` a five-hundredth); where a container has no request, its
limit is its request.

## How to fix it
Lower the request to what the container really uses, run fewer replicas, or add a node.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Node, Pod
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.rules.scheduling.shortage import lacking
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Not enough CPU on any node", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare what the pod asks for with what nodes have."""
    yield from lacking(rule, pod, snapshot, "cpu")
