"""
No scheduler looks at the pod.

## What you see
The pod stays `Pending` without a `PodScheduled` condition and without events.

## Why it happens
`schedulerName` names a scheduler that is not installed (a typo, another cluster), or the scheduler does not run.

## How to fix it
Name a scheduler that runs (`default-scheduler`), or start the one that is named.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Pod
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="No scheduler takes the pod", severity=Severity.HIGH, explains=UNSCHEDULED)

_PATIENCE = 30
_DEFAULT = "default-scheduler"


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pods that nobody has said anything about for half a minute."""
    age = snapshot.seconds_since(pod.created) or 0
    named = pod.spec.text("schedulerName") or _DEFAULT
    untouched = pod.phase == "Pending" and not pod.node_name and pod.condition("PodScheduled") is None
    if not untouched or age < _PATIENCE or snapshot.events(pod):
        return
    proven = any(p.node_name and p.spec.text("schedulerName") == named for p in snapshot.all(Pod))
    message = f"scheduler {named!r} has not looked at the pod in {age:.0f} s"
    quotes = (pod.at("spec.schedulerName"), pod.at("status.conditions[PodScheduled]"), pod.at("metadata.creationTimestamp"))
    sure = Confidence.POSSIBLE if proven else Confidence.LIKELY
    yield rule.finding(pod, message, *quotes, confidence=sure, fix=_fix(named))


def _fix(named: str) -> Fix:
    if named == _DEFAULT:
        return Fix("Look at the kube-scheduler of the cluster, which seems not to run", safety=Safety.MANUAL)
    edit = TemplateEdit({"schedulerName": _DEFAULT})
    return Fix("Use the default scheduler", edit, basis=Basis.DEFAULT, value_from="every cluster has it")
