"""
Containers set no resource requests or no memory limit.

## What you see
The quality of service class `BestEffort` or `Burstable`; the scheduler counts nothing for the container.

## Why it happens
Nothing is set by default, unless a LimitRange does.

## How to fix it
Request what it uses, and limit its memory well above.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity, TemplateEdit
from kubectl_diagnose.model import Container, PodTemplate
from kubectl_diagnose.readings.usage import comfortable, peak
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="No requests or limits", severity=Severity.LOW)


@rule.check
def check(template: PodTemplate, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for containers without requests or memory limit, injected defaults counting as set."""
    lacking = [c for c in template.spec.containers if c.memory("limits") is None or _unrequested(c)]
    if not lacking or template.spec.mapping("resources"):
        return
    names = ", ".join(repr(c.name) for c in lacking)
    who = f"containers {names} set" if len(lacking) > 1 else f"container {names} sets"
    yield rule.finding(
        template,
        f"{who} no {_unset(lacking)}",
        *(c.at("resources") for c in lacking),
        fix=_set(template, snapshot, lacking),
    )


def _unrequested(container: Container) -> set[str]:
    """What a container requests nothing of; a limit stands for the request that is not written."""
    asked = {**container.mapping("resources.limits"), **container.mapping("resources.requests")}
    return {"cpu", "memory"} - asked.keys()


def _unset(lacking: list[Container]) -> str:
    resources = sorted(set().union(*map(_unrequested, lacking)))
    limits = ["memory limit"] if any(c.memory("limits") is None for c in lacking) else []
    return " and no ".join([*([" or ".join(resources) + " request"] if resources else []), *limits])


def _set(template: PodTemplate, snapshot: Snapshot, lacking: list[Container]) -> Fix:
    edits: list[dict[str, Any]] = []
    known = True
    for container in lacking:
        used = peak(snapshot, template.ref, container.name)
        known = known and used is not None
        edits.append({"name": container.name, "resources": comfortable(container, used)})
    basis = Basis.BOUNDED if known else Basis.DEFAULT
    why = "1.5 times what it uses now, limited to twice that" if known else "usual small values; its use was not seen"
    return Fix("Set requests and limits", TemplateEdit({"containers": edits}), basis=basis, value_from=why)
