"""
A pod mounts a persistent volume claim that does not exist.

## What you see
The pod stays `Pending`; the scheduler says `persistentvolumeclaim "…" not found`.

## Why it happens
The name is misspelt, or the claim was not created, was deleted, or is in another namespace.

## How to fix it
Create the claim, or correct `claimName` in the template.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Claim, Pod
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Claim does not exist", severity=Severity.HIGH, explains=UNSCHEDULED, stage="scheduling")


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up the claims that a pod without a node mounts."""
    if pod.node_name or pod.finished:
        return
    said = unscheduled(pod, snapshot)
    for name, volume in pod.spec.claim_names():
        ref = Claim.named(pod.namespace, name)
        told = said if said and said.reason("claim-missing", name) else None
        if snapshot.get(ref) is not None or not (told or snapshot.lacks(ref)):
            continue
        absence = snapshot.absence(ref)
        quotes = (told.evidence,) if told else ()
        where = pod.at(f"spec.volumes[{volume}].persistentVolumeClaim.claimName")
        fixes = [*_renamed(volume, absence.nearest), Fix(f"Create claim {name!r}", safety=Safety.MANUAL)]
        message = f"claim {name!r} does not exist"
        yield rule.finding(pod, message, *quotes, where, absence, key=name, fixes=fixes)


def _renamed(volume: str, near: tuple[str, ...]) -> Iterator[Fix]:
    for name in near[:1]:
        edit = TemplateEdit({"volumes": [{"name": volume, "persistentVolumeClaim": {"claimName": name}}]})
        yield Fix(f"Mount claim {name!r}", edit, basis=Basis.BOUNDED, value_from="the nearest name of a claim that exists")
