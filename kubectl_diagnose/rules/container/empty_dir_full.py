"""
A pod was evicted because an emptyDir volume of it grew beyond its size limit.

## What you see
The pod is `Failed` with reason `Evicted` and `Usage of EmptyDir volume … exceeds the limit`.

## Why it happens
`sizeLimit` is not a size that writes stop at: the kubelet measures, and evicts the pod.

## How to fix it
Raise `sizeLimit` (twice the size is offered), use a claim, or delete what the program no longer needs.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity, TemplateEdit
from kubectl_diagnose.model import Pod
from kubectl_diagnose.model.quantity import parse_bytes, show_bytes
from kubectl_diagnose.readings.eviction import EvictedFor, read_eviction
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="An emptyDir is full", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read why the pod was evicted."""
    eviction = read_eviction(pod, snapshot)
    if eviction is None or eviction.kind is not EvictedFor.EMPTY_DIR:
        return
    message = f"emptyDir volume {eviction.name!r} grew beyond its limit of {eviction.amount}, and the pod was evicted"
    quoted = (pod.at("status.reason"), pod.at("status.message"), pod.spec.at(f"volumes[{eviction.name}].emptyDir.sizeLimit"))
    fix = _fix(eviction.name, parse_bytes(eviction.amount))
    yield rule.finding(pod, message, *quoted, key=eviction.name, fix=fix, since=eviction.at)


def _fix(volume: str, limit: int | None) -> Fix | None:
    if limit is None:
        return None
    new = show_bytes(2 * limit)
    change = TemplateEdit({"volumes": [{"name": volume, "emptyDir": {"sizeLimit": new}}]})
    said = f"twice the size of {show_bytes(limit)}"
    return Fix(f"Raise the size limit of volume {volume!r} to {new}", change, basis=Basis.BOUNDED, value_from=said)
