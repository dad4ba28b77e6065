"""
A persistent volume claim gets no volume.

## What you see
The claim stays `Pending`; pods that mount it stay `Pending` with `unbound immediate PersistentVolumeClaims`.

## Why it happens
It names no storage class and the cluster has no default one, no volume fits it, or the provisioner fails or does not run.

## How to fix it
Recreate the claim with a class that exists, mark a class as default, or make a volume that fits.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Claim, StorageClass
from kubectl_diagnose.readings.scheduler import KEEPS_PODS_WAITING
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Claim gets no volume", severity=Severity.HIGH, needs=(StorageClass,), explains=KEEPS_PODS_WAITING)

_PATIENCE = 60


@rule.check
def check(claim: Claim, snapshot: Snapshot) -> Iterator[Finding]:
    """Read why a pending claim is not bound; one that waits for its first pod is left alone."""
    if claim.phase != "Pending" or claim.deleted or claim.text("spec.volumeName"):
        return
    events = snapshot.events(claim, "FailedBinding", "ProvisioningFailed", "ExternalProvisioning", "WaitForFirstConsumer")
    last = events[-1] if events else None
    named = claim.storage_class
    if (last and last.reason == "WaitForFirstConsumer") or (named.name and snapshot.lacks(named)):
        return
    said = [last.at("message")] if last else []
    quotes = [claim.at("status.phase"), claim.at("spec.storageClassName"), *said]
    if not named.name:
        if _classless(snapshot) or (last and last.reason == "FailedBinding"):
            message = "the claim names no storage class, and no volume fits it"
            yield rule.finding(claim, message, *quotes, fixes=_classes(claim, snapshot))
    elif last and last.reason == "ProvisioningFailed":
        message = f"class {named.name!r} could not provide a volume"
        fix = Fix("Repair what the provisioner complains about", safety=Safety.MANUAL)
        yield rule.finding(claim, message, *quotes, fix=fix, details=(last.message,))
    elif last and (snapshot.seconds_since(claim.created) or 0) > _PATIENCE:
        message = f"class {named.name!r} has not provided a volume yet"
        fix = Fix(f"Look at the provisioner of class {named.name!r}", safety=Safety.MANUAL)
        yield rule.finding(claim, message, *quotes, confidence=Confidence.LIKELY, fix=fix)


def _classless(snapshot: Snapshot) -> bool:
    return snapshot.complete("StorageClass", "") and not any(c.default for c in snapshot.all(StorageClass))


def _classes(claim: Claim, snapshot: Snapshot) -> Iterator[Fix]:
    """A claim that has no class at all may be given one; one with an empty class asked for none."""
    classes = snapshot.all(StorageClass)
    if len(classes) == 1 and claim.value("spec.storageClassName") is None:
        edit = ObjectEdit(claim.ref, "merge", {"spec": {"storageClassName": classes[0].name}})
        yield Fix(f"Use class {classes[0].name!r}", edit, basis=Basis.BOUNDED, value_from="the only class of the cluster")
    named = f" with one of {', '.join(c.name for c in classes)}" if classes else ", for which a class has to be made first"
    yield Fix(f"Recreate claim {claim.name!r}{named}, or make a volume that fits", safety=Safety.MANUAL)
