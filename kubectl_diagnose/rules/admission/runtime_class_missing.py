"""
The pod template names a RuntimeClass that does not exist.

## What you see
No pods at all; the ReplicaSet says `RuntimeClass "…" not found`.

## Why it happens
The class (gVisor, Kata …) was never installed in this cluster, or its name is misspelt.

## How to fix it
Correct the name or install the runtime and its class. Dropping `runtimeClassName` drops its isolation as well.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import RuntimeClass
from kubectl_diagnose.readings.admission import refusals
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Absence, Snapshot

rule = Rule(__name__, title="RuntimeClass does not exist", severity=Severity.HIGH, explains=NOT_MADE)


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Name the class, unless it has come to be since."""
    for refusal in refusals(snapshot, "runtime-class"):
        ref = RuntimeClass.named("", refusal.name)
        if snapshot.get(ref) is None:
            absence = snapshot.absence(ref)
            quotes = (refusal.evidence, refusal.spec.at("runtimeClassName"), absence)
            message = f"runtime class {refusal.name!r} does not exist"
            yield rule.finding(refusal.workload, message, *quotes, fixes=_fixes(absence), key=refusal.name)


def _fixes(absence: Absence) -> Iterator[Fix]:
    for near in absence.nearest[:1]:
        edit = TemplateEdit({"runtimeClassName": near})
        origin = "the nearest name of a class that exists"
        yield Fix(f"Use runtime class {near!r}", edit, basis=Basis.BOUNDED, value_from=origin)
    yield Fix(f"Install the runtime and create runtime class {absence.ref.name!r}", safety=Safety.MANUAL)
    drop = TemplateEdit({"runtimeClassName": None})
    warning = ("the pods run without the isolation that the class gives",)
    yield Fix("Use the default runtime", drop, Safety.UNSAFE, Basis.DEFAULT, warnings=warning)
