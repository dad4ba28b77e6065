"""
A claim asks for one particular volume, and that volume does not fit it.

## What you see
The claim stays `Pending` with `Cannot bind to requested volume`.

## Why it happens
The volume is too small, or differs in storage class, access mode or volume mode.

## How to fix it
Make claim and volume agree: recreate the claim, or change the volume.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Claim, PersistentVolume
from kubectl_diagnose.readings.scheduler import KEEPS_PODS_WAITING
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Volume does not fit the claim", severity=Severity.HIGH, explains=KEEPS_PODS_WAITING)

_FIELDS = {
    "too small": ("spec.resources.requests.storage", "spec.capacity.storage"),
    "storageClassName": ("spec.storageClassName", "spec.storageClassName"),
    "accessMode": ("spec.accessModes", "spec.accessModes"),
    "volumeMode": ("spec.volumeMode", "spec.volumeMode"),
}


@rule.check
def check(claim: Claim, snapshot: Snapshot) -> Iterator[Finding]:
    """Read what differs, and quote it of both."""
    events = snapshot.events(claim, "VolumeMismatch")
    if claim.phase != "Pending" or not events:
        return
    name = claim.text("spec.volumeName")
    why = events[-1].message.rpartition(": ")[2].rstrip(".")
    volume = snapshot.find(PersistentVolume, "", name)
    quotes = [claim.at("spec.volumeName"), events[-1].at("message")]
    for mark, (wanted, offered) in _FIELDS.items():
        if mark in why:
            quotes += [claim.at(wanted), *([volume.at(offered)] if volume else [])]
    fix = Fix(f"Recreate the claim so that it fits volume {name!r}, or with another", safety=Safety.MANUAL)
    yield rule.finding(claim, f"volume {name!r} does not fit the claim: {why}", *quotes, fix=fix)
