"""
A persistent volume claim names a storage class that does not exist.

## What you see
The claim stays `Pending` and every pod that mounts it stays `Pending` too.

## Why it happens
The class name is misspelt, or the class exists in another cluster only.

## How to fix it
Create the class, or recreate the claim with one that exists (`kubectl get storageclass`).
The class of a claim cannot be changed in place.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Claim, PersistentVolume, StorageClass
from kubectl_diagnose.readings.scheduler import KEEPS_PODS_WAITING
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__,
    title="Storage class does not exist",
    severity=Severity.HIGH,
    needs=(StorageClass,),
    explains=KEEPS_PODS_WAITING,
)


@rule.check
def check(claim: Claim, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up the class that each pending claim names."""
    named = claim.storage_class
    if claim.phase != "Pending" or not named.name or claim.text("spec.volumeName"):
        return
    told = [e for e in snapshot.events(claim, "ProvisioningFailed") if f'"{named.name}" not found' in e.message]
    if snapshot.get(named) is not None or not (told or snapshot.lacks(named)) or _by_hand(named.name, snapshot):
        return
    absence = snapshot.absence(named)
    where = f"with {absence.nearest[0]!r}" if absence.nearest else "with another"
    yield rule.finding(
        claim,
        f"storage class {named.name!r} does not exist",
        claim.at("status.phase"),
        claim.at("spec.storageClassName"),
        *(e.at("message") for e in told[-1:]),
        absence,
        fix=Fix(f"Create storage class {named.name!r}, or recreate the claim {where}", safety=Safety.MANUAL),
    )


def _by_hand(name: str, snapshot: Snapshot) -> bool:
    """Whether volumes carry the class: a class that only ties claims to volumes need not exist."""
    return any(v.text("spec.storageClassName") == name for v in snapshot.all(PersistentVolume))
