"""
An autoscaler cannot compute utilisation because containers request nothing of what it scales on.

## What you see
`<unknown>/80%` in `kubectl get hpa`, and `missing request for cpu` in its conditions.

## Why it happens
Utilisation is usage divided by the request: without a request in every container there is nothing to divide by.

## How to fix it
Set the request of every container, from its usage where there are samples.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity, TemplateEdit
from kubectl_diagnose.model import Container, HorizontalPodAutoscaler, Pod, Workload
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.model.quantity import MI, show_bytes, show_millicores
from kubectl_diagnose.relations import pods_of, targets_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Autoscaler needs requests", severity=Severity.HIGH)

_MISSING = regex(r"missing request for (?P<resource>cpu|memory)(?: in container (?P<container>\S+) of Pod)?")


@rule.check
def check(hpa: HorizontalPodAutoscaler, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the condition; what has to change is the workload that is scaled."""
    active = hpa.condition("ScalingActive")
    match = _MISSING.search(active.message) if active and active.status == "False" else None
    target = next(iter(targets_of(snapshot, hpa.ref)), None)
    if active is None or match is None or target is None:
        return
    workload = snapshot.get(target)
    lacking = _lacking(workload, match["resource"]) if isinstance(workload, Workload) else []
    name = match["container"] or (lacking[0].name if lacking else None)
    who = f"container {name!r}" if name else "its pods"
    message = (
        f"autoscaler {hpa.name!r} cannot scale {target.kind.lower()} {target.name!r}: {who} requests no {match['resource']}"
    )
    quoted = (active.at("message"), *(c.at(f"resources.requests.{match['resource']}") for c in lacking))
    fix = _fix(lacking, match["resource"], snapshot) if lacking else None
    yield rule.finding(target, message, *quoted, container=name, fix=fix, since=active.time)


def _lacking(workload: Workload, resource: str) -> list[Container]:
    spec = workload.template.spec
    fields = (f"resources.{what}.{resource}" for what in ("requests", "limits"))
    paths = tuple(fields)
    return [c for c in spec.containers if all(c.value(path) is None for path in paths)]


def _fix(lacking: list[Container], resource: str, snapshot: Snapshot) -> Fix:
    wanted = {c.name: _request(c, resource, snapshot) for c in lacking}
    edits = [{"name": name, "resources": {"requests": {resource: value}}} for name, value in wanted.items()]
    shown = ", ".join(f"{value} for {name!r}" for name, value in wanted.items())
    said = "the highest usage seen, at least 50m of CPU or 64Mi of memory"
    return Fix(f"Request {resource}: {shown}", TemplateEdit({"containers": edits}), basis=Basis.BOUNDED, value_from=said)


def _request(container: Container, resource: str, snapshot: Snapshot) -> str:
    pods = [p for p in map(snapshot.get, pods_of(snapshot, container.ref)) if isinstance(p, Pod)]
    samples = [m for m in map(snapshot.metrics, pods) if m is not None]
    if resource == "cpu":
        used = max((m.cpu(container.name) or 0 for m in samples), default=0)
        return show_millicores(max(50, -(-used // 10) * 10))
    held = max((m.memory(container.name) or 0 for m in samples), default=0)
    return show_bytes(max(64 * MI, -(-held // (16 * MI)) * 16 * MI))
