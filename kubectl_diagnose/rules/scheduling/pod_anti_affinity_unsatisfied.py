"""
A pod must not share a node (or zone) with others, and every one has such a pod already.

## What you see
Some replicas run, the others stay `Pending` with `node(s) didn't match pod anti-affinity rules`.

## Why it happens
A required anti-affinity allows one replica a node, and more replicas (or a rollout's extra pod) are wanted than there
are nodes.

## How to fix it
Make the rule a preference, run as many replicas as there are nodes, or add nodes.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Finding, Fix, Kubectl, Safety, Severity
from kubectl_diagnose.model import Deployment, Node, Pod, StatefulSet
from kubectl_diagnose.readings.capacity import counted
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.relations import owner
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.rules.scheduling.softening import REQUIRED, nodes_for, prefer_apart, required_terms, without_surge
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Replicas may not share a node", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Count the nodes that take the pod beside the replicas that are wanted."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("pod-anti-affinity") if said else None
    if said is None or reason is None:
        return
    terms = required_terms(pod, "podAntiAffinity")
    top = snapshot.get(owner(snapshot, pod.ref))
    wanted = f", {top.replicas} are wanted" if top and top.ref != pod.ref else ""
    message = f"pods may not share {_place(terms)}{wanted} and {counted(nodes_for(pod, snapshot), 'node')} may take them"
    if not terms:
        message = "pods that run on every node do not want it beside them"
    quotes = [said.evidence, pod.at(f"spec.affinity.podAntiAffinity.{REQUIRED}")]
    quotes += [top.at("spec.replicas")] if isinstance(top, Deployment | StatefulSet) else []
    fixes = _fixes(pod, snapshot) if terms else []
    yield rule.finding(pod, message, *quotes, confidence=said.confidence(reason), fixes=fixes)


def _place(terms: list[dict[str, Any]]) -> str:
    keys = sorted({str(t.get("topologyKey")) for t in terms})
    return " or ".join("a node" if key == "kubernetes.io/hostname" else f"one {key!r}" for key in keys)


def _fixes(pod: Pod, snapshot: Snapshot) -> list[Fix]:
    """With a single node there is nothing to be spread over; with more, the least that helps comes first."""
    fewer = _as_many_as_nodes(pod, snapshot)
    found = [without_surge(pod, snapshot), fewer, prefer_apart(pod, snapshot)]
    if len(snapshot.all(Node)) == 1:
        found.reverse()
    return [fix for fix in found if fix]


def _as_many_as_nodes(pod: Pod, snapshot: Snapshot) -> Fix | None:
    top = snapshot.get(owner(snapshot, pod.ref))
    count = nodes_for(pod, snapshot)
    if not isinstance(top, Deployment | StatefulSet) or not 0 < count < top.replicas:
        return None
    what = f"{top.kind.lower()}/{top.name}"
    words = Kubectl(("scale", what, f"--replicas={count}"), top.ref, ("scale", what, f"--replicas={top.replicas}"))
    warning = ("fewer replicas than asked for",)
    return Fix(f"Run {counted(count, 'replica')}, one a node", words, Safety.UNSAFE, warnings=warning)
