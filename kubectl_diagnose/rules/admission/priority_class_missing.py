"""
The pod template names a PriorityClass that does not exist.

## What you see
No pods at all; the ReplicaSet says `no PriorityClass with name … was found`.

## Why it happens
The class was never created in this cluster, or its name is misspelt.

## How to fix it
Correct the name, create the class, or drop `priorityClassName`: the default priority then applies.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity, TemplateEdit
from kubectl_diagnose.model import PriorityClass
from kubectl_diagnose.readings.admission import refusals
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Absence, Snapshot

rule = Rule(__name__, title="PriorityClass does not exist", severity=Severity.HIGH, explains=NOT_MADE)


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Name the class, unless it has come to be since."""
    for refusal in refusals(snapshot, "priority-class"):
        ref = PriorityClass.named("", refusal.name)
        if snapshot.get(ref) is None:
            absence = snapshot.absence(ref)
            quotes = (refusal.evidence, refusal.spec.at("priorityClassName"), absence)
            message = f"priority class {refusal.name!r} does not exist"
            yield rule.finding(refusal.workload, message, *quotes, fixes=_fixes(absence), key=refusal.name)


def _fixes(absence: Absence) -> Iterator[Fix]:
    for near in absence.nearest[:1]:
        edit = TemplateEdit({"priorityClassName": near})
        origin = "the nearest name of a class that exists"
        yield Fix(f"Use priority class {near!r}", edit, basis=Basis.BOUNDED, value_from=origin)
    warning = ("the pods get the default priority, and may be preempted by others",)
    edit = TemplateEdit({"priorityClassName": None})
    yield Fix("Use the default priority", edit, basis=Basis.DEFAULT, value_from="no class is named then", warnings=warning)
