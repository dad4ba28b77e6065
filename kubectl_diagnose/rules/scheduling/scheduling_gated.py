"""
A pod is held back on purpose: it has scheduling gates.

## What you see
The pod is `SchedulingGated`; the scheduler does not look at it and there are no `FailedScheduling` events.

## Why it happens
Something has to release the pod first (a queue such as Kueue, a quota or provisioning controller), and has not, or the
gate was written into the template and nothing ever removes it.

## How to fix it
Repair what should remove the gate, or remove the gate from the template.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Pod, View
from kubectl_diagnose.relations import template_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Pod is held back by a scheduling gate", severity=Severity.HIGH, explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Name each gate of a pod that is held back."""
    condition = pod.condition("PodScheduled")
    if condition is None or condition.reason != "SchedulingGated":
        return
    template = template_of(snapshot, pod.ref)
    written = {g.text("name") for g in template.spec.parts("schedulingGates", View)} if template else set()
    for gate in pod.spec.parts("schedulingGates", View):
        name = gate.text("name")
        queued = name.startswith("kueue.x-k8s.io/")
        message = (
            f"the pod waits in a queue behind gate {name!r}" if queued else f"the pod waits for gate {name!r} to be removed"
        )
        severity = Severity.LOW if queued else Severity.HIGH
        quotes = (condition.at("reason"), gate.at("name"))
        yield rule.finding(pod, message, *quotes, severity=severity, key=name, fix=_fix(name, name in written))


def _fix(name: str, written: bool) -> Fix:
    if not written:
        return Fix(f"See to it that what set gate {name!r} removes it", safety=Safety.MANUAL)
    edit = TemplateEdit({"schedulingGates": [{"name": name, "$patch": "delete"}]})
    warning = ("the pods then start without what the gate waits for",)
    return Fix(f"Remove gate {name!r} from the template", edit, Safety.UNSAFE, Basis.PROVEN, warnings=warning)
