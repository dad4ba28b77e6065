"""
An autoscaler names a workload that does not exist.

## What you see
The condition `AbleToScale` is `False` with `FailedGetScale`, and the number of replicas never changes.

## Why it happens
Name, kind or apiVersion in `scaleTargetRef` is wrong, or the workload was renamed.

## How to fix it
Name the workload that there is.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import HorizontalPodAutoscaler
from kubectl_diagnose.relations import targets_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Autoscaler's target does not exist", severity=Severity.HIGH)


@rule.check
def check(hpa: HorizontalPodAutoscaler, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up the workload, and read the condition."""
    able = hpa.condition("AbleToScale")
    said = able is not None and able.reason == "FailedGetScale" and "not found" in able.message
    target = next(iter(targets_of(snapshot, hpa.ref)), None)
    if target is None or snapshot.get(target) is not None or not (said or snapshot.lacks(target)):
        return
    absence = snapshot.absence(target)
    message = f"autoscaler {hpa.name!r} is to scale {target.kind.lower()} {target.name!r}, which does not exist"
    quoted = (hpa.at("spec.scaleTargetRef"), *((able.at("message"),) if able and said else ()))
    proof = (absence,) if snapshot.lacks(target) else ()
    yield rule.finding(hpa, message, *quoted, *proof, fix=_fix(hpa, absence.nearest))


def _fix(hpa: HorizontalPodAutoscaler, near: tuple[str, ...]) -> Fix:
    if len(near) != 1:
        return Fix("Name the workload that it is to scale", safety=Safety.MANUAL)
    body = {"spec": {"scaleTargetRef": {"name": near[0]}}}
    undo = {"spec": {"scaleTargetRef": {"name": hpa.target.text("name")}}}
    said = "the only workload with a name like it"
    return Fix(f"Scale {near[0]!r}", ObjectEdit(hpa.ref, "merge", body, undo), basis=Basis.BOUNDED, value_from=said)
