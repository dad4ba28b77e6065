"""
A volume that one node at a time may attach is still attached to another.

## What you see
The pod stays `ContainerCreating`; the event says `Multi-Attach error for volume`.

## Why it happens
A rolling update starts the new pod on another node while the old one still has the `ReadWriteOnce` volume, replicas on
several nodes share it, or the node that had it died.

## How to fix it
Use the strategy `Recreate` with one replica, a StatefulSet with a claim each, or a `ReadWriteMany` volume.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Deployment, Pod
from kubectl_diagnose.relations import owner
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Volume is attached to another node", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the attach errors of a pod that has not started."""
    events = [
        e
        for e in snapshot.events(pod, "FailedAttachVolume")
        if "Multi-Attach error" in e.message or "exclusively attached to one node" in e.message
    ]
    if not events or pod.phase != "Pending" or snapshot.events(pod, "SuccessfulAttachVolume"):
        return
    top = snapshot.get(owner(snapshot, pod.ref))
    quotes = (events[-1].at("message"), pod.at("spec.nodeName"))
    name = next(iter(pod.spec.claim_names()), ("", ""))[0]
    message = (
        f"the volume of claim {name!r} is still attached to another node" if name else "a volume is attached to another node"
    )
    yield rule.finding(pod, message, *quotes, fix=_fix(top) if isinstance(top, Deployment) else _manual())


def _manual() -> Fix:
    return Fix(
        "Delete the pod that still uses the volume, or wait until the dead node's attachment is released", None, Safety.MANUAL
    )


def _fix(top: Deployment) -> Fix:
    if top.replicas > 1 or top.text("spec.strategy.type") == "Recreate":
        return _manual()
    body = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}
    undo = {"spec": {"strategy": top.value("spec.strategy") or {"type": "RollingUpdate"}}}
    warning = ("nothing serves while a rollout replaces the pod",)
    edit = ObjectEdit(top.ref, "strategic", body, undo)
    return Fix("End the old pod before the new one starts", edit, Safety.UNSAFE, Basis.PROVEN, warnings=warning)
