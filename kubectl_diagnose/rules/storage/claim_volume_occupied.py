"""
A claim asks for one particular volume, which belongs to another claim.

## What you see
The claim stays `Pending` with `volume "…" already bound to a different claim`, or the volume is `Released`.

## Why it happens
Another claim has it, or had it: a volume keeps the mark of its former claim until somebody removes it.

## How to fix it
Use another volume. A `Released` one can be freed by removing its `claimRef`; the new claim then sees the old data.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Claim, PersistentVolume
from kubectl_diagnose.readings.scheduler import KEEPS_PODS_WAITING
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Volume belongs to another claim", severity=Severity.HIGH, explains=KEEPS_PODS_WAITING)


@rule.check
def check(claim: Claim, snapshot: Snapshot) -> Iterator[Finding]:
    """See whose mark the volume carries that the claim names."""
    name = claim.text("spec.volumeName")
    if claim.phase not in ("Pending", "Lost") or not name:
        return
    told = [e for e in snapshot.events(claim, "FailedBinding") if "bound to a different claim" in e.message][-1:]
    volume = snapshot.find(PersistentVolume, "", name)
    holder = volume.mapping("spec.claimRef") if volume else {}
    taken = bool(holder) and (holder.get("name"), holder.get("namespace")) != (claim.name, claim.namespace)
    stale = bool(holder) and holder.get("uid") not in (None, "", claim.uid)
    if not told and not taken and not stale:
        return
    whose = f"claim '{holder.get('namespace')}/{holder.get('name')}'" if taken else "another claim"
    quotes = [claim.at("spec.volumeName"), *(e.at("message") for e in told)]
    quotes += [volume.at("spec.claimRef"), volume.at("status.phase")] if volume else []
    message = f"volume {name!r} belongs to {whose}"
    yield rule.finding(claim, message, *quotes, fix=_fix(name, volume))


def _fix(name: str, volume: PersistentVolume | None) -> Fix:
    if volume is None or volume.phase != "Released":
        return Fix(f"Recreate the claim with a volume other than {name!r}", safety=Safety.MANUAL)
    edit = ObjectEdit(volume.ref, "json", [{"op": "remove", "path": "/spec/claimRef"}])
    warning = ("the data of the former claim becomes readable, and writable, to this one",)
    return Fix(f"Free volume {name!r} of its former claim", edit, Safety.UNSAFE, warnings=warning)
