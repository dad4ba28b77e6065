"""
A container requests far more memory than it uses.

## What you see
Nodes are full by requests and empty by use; new pods stay `Pending`.

## Why it happens
The request was guessed, or its unit is wrong (`Gi` for `Mi`). The scheduler reserves what is requested, not what is used.

## How to fix it
Request what it uses with a margin, after looking at its use over a day: what is seen here is one sample.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, Severity
from kubectl_diagnose.model import Container, Node, PodTemplate
from kubectl_diagnose.model.quantity import GI, MI, show_bytes
from kubectl_diagnose.readings.probe_edits import container_edit
from kubectl_diagnose.readings.usage import Usage, peak, round_memory
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Requests far more than it uses", severity=Severity.LOW)
TIMES = 10
LEAST = 512 * MI


@rule.check
def check(template: PodTemplate, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the memory requested with the highest use seen; without metrics with what the nodes have."""
    for container in template.spec.containers:
        requested = container.memory("requests") or container.memory("limits") or 0
        used = peak(snapshot, template.ref, container.name)
        if requested < LEAST:
            continue
        if used is not None and used.memory and requested >= TIMES * used.memory:
            uses = f"uses {show_bytes(used.memory)}"
            message = f"container {container.name!r} requests {show_bytes(requested)} of memory and {uses}"
            fix = _lower(container, used)
            proof = (container.at("resources"), *used.evidence)
            yield rule.finding(container, message, *proof, confidence=Confidence.LIKELY, fix=fix)
        elif used is None and (node := _largest(snapshot)) is not None and _large(requested, node):
            share = round(100 * requested / node.allocatable("memory"))
            message = f"container {container.name!r} requests {show_bytes(requested)} of memory, {share} % of the largest node"
            proof = (container.at("resources"), node.at("status.allocatable.memory"))
            yield rule.finding(container, message, *proof, confidence=Confidence.POSSIBLE)


def _largest(snapshot: Snapshot) -> Node | None:
    return max(snapshot.all(Node), key=lambda n: n.allocatable("memory"), default=None)


def _large(requested: int, node: Node) -> bool:
    return requested >= 4 * GI and requested * 5 >= node.allocatable("memory")


def _lower(container: Container, used: Usage) -> Fix:
    new = show_bytes(round_memory(used.memory * 3 // 2))
    edit = container_edit(container, {"resources": {"requests": {"memory": new}}})
    why = f"1.5 times the {show_bytes(used.memory)} that it uses now (one sample)"
    return Fix(f"Request {new} of memory", edit, basis=Basis.BOUNDED, value_from=why)
