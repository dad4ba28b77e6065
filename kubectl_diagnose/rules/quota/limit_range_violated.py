"""
A pod sets requests or limits outside what a LimitRange allows.

## What you see
No pods at all; the ReplicaSet says `maximum memory usage per Container is …, but limit is …`.

## Why it happens
A LimitRange bounds what each container (or pod) of the namespace may ask for.

## How to fix it
Set requests and limits within the bounds, or have the LimitRange changed by who owns it.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container, Evidence, LimitRange
from kubectl_diagnose.readings.admission import Refusal, refusals
from kubectl_diagnose.readings.limits import Bound, bounds, conforming, outside
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Outside the LimitRange", severity=Severity.HIGH, needs=(LimitRange,), explains=NOT_MADE)


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Find the containers outside the bounds that the refusal names."""
    for refusal in refusals(snapshot, "limit-range"):
        said = bounds(refusal.details["text"])
        guilty = [c for c in refusal.spec.all_containers if any(outside(c, b) for b in said)]
        first = guilty[0] if guilty else None
        who = repr(first.name) if len(guilty) == 1 and first else "the pod"
        what = "; ".join(b.text for b in said) or refusal.details["text"]
        yield rule.finding(
            refusal.workload,
            f"{who} is outside what a LimitRange allows: {what}",
            refusal.evidence,
            *(c.at(f"resources.{part}.{b.resource}") for c in guilty for b in said for part in ("requests", "limits")),
            *_ranges(snapshot, refusal),
            container=first.name if first and len(guilty) == 1 else None,
            fix=_fix(guilty, said),
        )


def _ranges(snapshot: Snapshot, refusal: Refusal) -> list[Evidence]:
    return [r.at("spec.limits") for r in snapshot.all(LimitRange) if r.namespace == refusal.workload.namespace]


def _fix(guilty: list[Container], said: list[Bound]) -> Fix:
    if not guilty or any(b.scope != "Container" for b in said):
        return Fix("Set requests and limits within the bounds of the LimitRange", safety=Safety.MANUAL)
    body: dict[str, list[Any]] = {}
    for container in guilty:
        field = "initContainers" if container.init else "containers"
        body.setdefault(field, []).append({"name": container.name, "resources": conforming(container, said)})
    return Fix("Stay within the LimitRange", TemplateEdit(body), value_from="the bounds that the LimitRange sets")
