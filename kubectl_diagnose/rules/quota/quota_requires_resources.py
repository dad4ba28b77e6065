"""
A ResourceQuota demands requests or limits that the pod does not set.

## What you see
No pods at all; the ReplicaSet says `failed quota: … must specify limits.memory for: …`.

## Why it happens
Where a quota counts CPU or memory, every container has to say how much it takes, init containers and injected ones too.

## How to fix it
Set requests and limits on the containers named, or have a LimitRange give defaults.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Deployment, ResourceQuota
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.admission import Refusal, refusals
from kubectl_diagnose.readings.capacity import surge
from kubectl_diagnose.readings.quota import consistent, default_for, split
from kubectl_diagnose.relations import owner
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__, title="Quota demands requests or limits", severity=Severity.HIGH, needs=(ResourceQuota,), explains=NOT_MADE
)

_FOR = regex(r"([\w.,/-]+) for: ([^;]+)")


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Name what each container has to set."""
    for refusal in refusals(snapshot, "quota-unspecified"):
        wanted = _wanted(refusal)
        quota = snapshot.find(ResourceQuota, refusal.workload.namespace, refusal.name)
        names = ", ".join(sorted({key for _, key in wanted}))
        who = ", ".join(repr(n) for n in sorted({name for name, _ in wanted}))
        quotes = [refusal.evidence]
        quotes += [c.at(f"resources.{'.'.join(split(k))}") for n, k in wanted for c in [refusal.spec.container(n)] if c]
        quotes += [quota.at("spec.hard")] if quota else []
        message = f"quota {refusal.name!r} demands {names} of {who}"
        yield rule.finding(refusal.workload, message, *quotes, fix=_fix(refusal, wanted, quota, snapshot), key=refusal.name)


def _wanted(refusal: Refusal) -> list[tuple[str, str]]:
    """Pairs of container and what it has to set; older servers name no containers."""
    text = refusal.details["text"]
    named = [(n.strip(), k) for keys, names in _FOR.findall(text) for k in keys.split(",") for n in names.split(",")]
    return named or [(c.name, k.strip()) for c in refusal.spec.all_containers for k in text.split(",")]


def _fix(refusal: Refusal, wanted: list[tuple[str, str]], quota: ResourceQuota | None, snapshot: Snapshot) -> Fix:
    top = snapshot.get(owner(snapshot, refusal.workload.ref))
    pods = max(1, refusal.workload.replicas) + (surge(top) if isinstance(top, Deployment) else 0)
    edits: dict[str, dict[str, Any]] = {}
    for name, key in wanted:
        value = default_for(key, quota, pods * len({n for n, k in wanted if k == key}))
        if value is None or refusal.spec.container(name) is None:
            return Fix("Set what the quota demands in the template, or have a LimitRange give defaults", safety=Safety.MANUAL)
        what, resource = split(key)
        edits.setdefault(name, {}).setdefault(what, {})[resource] = value
    body: dict[str, list[Any]] = {}
    for container in refusal.spec.all_containers:
        if container.name in edits:
            resources = consistent(container, edits[container.name])
            field = "initContainers" if container.init else "containers"
            body.setdefault(field, []).append({"name": container.name, "resources": resources})
    origin = "usual values of a small server, as far as the quota has room"
    return Fix("Set requests and limits", TemplateEdit(body), basis=Basis.DEFAULT, value_from=origin)
