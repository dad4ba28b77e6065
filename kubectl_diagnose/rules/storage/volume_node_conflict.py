"""
A pod's volume can be reached from some nodes only, and the pod cannot run on those.

## What you see
The pod stays `Pending` with `node(s) didn't match PersistentVolume's node affinity` (older: `volume node affinity conflict`).

## Why it happens
A local disk is on a node that is gone, full or excluded by the pod's own rules; a cloud disk is in another zone.

## How to fix it
Let the pod run where the volume is, or recreate the claim (which loses its data) with a class that binds at the first pod.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Claim, Evidence, PersistentVolume, Pod
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Volume is on another node", severity=Severity.HIGH, explains=UNSCHEDULED, stage="scheduling")

_AFFINITY = "spec.nodeAffinity.required.nodeSelectorTerms"


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Follow the pod's claims to volumes that are tied to nodes."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("volume-node") if said else None
    if said is None or reason is None:
        return
    quotes: list[Evidence] = [said.evidence]
    tied = []
    for name, volume in pod.spec.claim_names():
        claim = snapshot.find(Claim, pod.namespace, name)
        found = snapshot.find(PersistentVolume, "", claim.text("spec.volumeName")) if claim else None
        if found and found.items(_AFFINITY):
            tied.append(name)
            quotes += [pod.at(f"spec.volumes[{volume}].persistentVolumeClaim.claimName"), found.at(_AFFINITY)]
    which = f"the volume of claim {tied[0]!r}" if tied else "a volume of the pod"
    fix = Fix("Let the pod run where the volume is, or recreate the claim", safety=Safety.MANUAL)
    yield rule.finding(pod, f"{which} cannot be reached from any node that takes the pod", *quotes, fix=fix)
