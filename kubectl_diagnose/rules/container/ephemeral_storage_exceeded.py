"""
A pod was evicted because it wrote more to its node's disk than its ephemeral-storage limit allows.

## What you see
The pod is `Failed` with reason `Evicted`; its owner makes another, which is evicted too.

## Why it happens
What a container writes outside of volumes, its `emptyDir` volumes and its logs count against the limit.

## How to fix it
Raise the limit (twice the limit is offered), write to a claim, or write less.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity
from kubectl_diagnose.model import Container, Pod
from kubectl_diagnose.model.quantity import parse_bytes, show_bytes
from kubectl_diagnose.readings.eviction import EvictedFor, read_eviction
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Ephemeral storage limit is exceeded", severity=Severity.HIGH, explains=CRASHING)

_LIMIT = "resources.limits.ephemeral-storage"


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read why the pod was evicted."""
    eviction = read_eviction(pod, snapshot)
    if eviction is None or eviction.kind is not EvictedFor.STORAGE_LIMIT:
        return
    limited = [c for c in pod.all_containers if c.value(_LIMIT) is not None]
    container = pod.spec.container(eviction.name) or (limited[0] if len(limited) == 1 else None)
    who = f"container {container.name!r}" if container else "the pod"
    message = f"{who} used more than its ephemeral-storage limit of {eviction.amount}, and the pod was evicted"
    quoted = (pod.at("status.reason"), pod.at("status.message"), *((container.at(_LIMIT),) if container else ()))
    name = container.name if container else None
    fix = _fix(container) if container else None
    yield rule.finding(pod, message, *quoted, container=name, fix=fix, since=eviction.at)


def _fix(container: Container) -> Fix | None:
    limit = parse_bytes(container.value(_LIMIT))
    if limit is None:
        return None
    new = show_bytes(2 * limit)
    change = edit(container, resources={"limits": {"ephemeral-storage": new}})
    said = f"twice the limit of {show_bytes(limit)}"
    return Fix(f"Raise the ephemeral-storage limit to {new}", change, basis=Basis.BOUNDED, value_from=said)
