"""
The pod template names a ServiceAccount that does not exist.

## What you see
No pods at all; the ReplicaSet says `error looking up service account`.

## Why it happens
The account was never created, is in another namespace, or the name is misspelt.

## How to fix it
Create the account (and give it the rights it needs), or name one that exists.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Kubectl, Severity, TemplateEdit
from kubectl_diagnose.model import ServiceAccount
from kubectl_diagnose.readings.admission import Refusal, refusals
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Absence, Snapshot

rule = Rule(__name__, title="ServiceAccount does not exist", severity=Severity.HIGH, explains=NOT_MADE)


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Name the account, unless it has come to be since."""
    for refusal in refusals(snapshot, "service-account"):
        ref = ServiceAccount.named(refusal.workload.namespace, refusal.name)
        if snapshot.get(ref) is None:
            absence = snapshot.absence(ref)
            quotes = (refusal.evidence, refusal.spec.at("serviceAccountName"), absence)
            message = f"service account {refusal.name!r} does not exist"
            yield rule.finding(refusal.workload, message, *quotes, fixes=_fixes(refusal, absence), key=refusal.name)


def _fixes(refusal: Refusal, absence: Absence) -> Iterator[Fix]:
    name = refusal.name
    ref = absence.ref
    words = Kubectl(("create", "serviceaccount", name), ref, undo=("delete", "serviceaccount", name))
    warning = ("it has no rights beyond those of every account until roles are bound to it",)
    create = Fix(f"Create service account {name!r}", words, value_from="the name in the template", warnings=warning)
    near = next(iter(absence.nearest), "")
    origin = "the nearest name of an account that exists"
    edit = TemplateEdit({"serviceAccountName": near})
    yield create
    if near:
        yield Fix(f"Use service account {near!r}", edit, basis=Basis.BOUNDED, value_from=origin)
