"""
A ResourceQuota has no room for more pods.

## What you see
Fewer pods than wanted, or none; the ReplicaSet says `exceeded quota`.

## Why it happens
The pods of the namespace together use up what it may have: requests are larger than needed, too many replicas, or a
rollout needs room for pods beside the old ones.

## How to fix it
Lower the requests, run fewer replicas, or have the quota raised by who owns it. Retries come at growing intervals: it
may take minutes after room was made.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import ResourceQuota
from kubectl_diagnose.readings.admission import Refusal, refusals
from kubectl_diagnose.readings.capacity import amount, counted, show
from kubectl_diagnose.readings.quota import amounts, users
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Quota has no room", severity=Severity.HIGH, needs=(ResourceQuota,), explains=NOT_MADE)


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Say which quota refuses, what it allows and who uses it up."""
    for refusal in refusals(snapshot, "quota-exceeded"):
        quota = snapshot.find(ResourceQuota, refusal.workload.namespace, refusal.name)
        asked, used, hard = (amounts(refusal.details[key]) for key in ("requested", "used", "limited"))
        said = " and ".join(f"{used.get(k)} of {hard.get(k)} {k} are used, {v} more asked for" for k, v in asked.items())
        quotes = [refusal.evidence]
        quotes += [quota.at(f"status.{part}[{key}]") for key in asked for part in ("hard", "used")] if quota else []
        yield rule.finding(
            refusal.workload,
            f"quota {refusal.name!r} has no room: {said}",
            *quotes,
            fixes=_fixes(refusal, quota, asked, used),
            details=tuple(users(snapshot, refusal.workload.namespace, next(iter(asked), ""))),
            key=refusal.name,
        )


def _fixes(refusal: Refusal, quota: ResourceQuota | None, asked: dict[str, str], used: dict[str, str]) -> Iterator[Fix]:
    missing = max(1, refusal.workload.replicas - refusal.workload.number("status.replicas"))
    raised = {}
    for key, value in asked.items():
        each, now = amount(value, _resource(key)), amount(used.get(key), _resource(key))
        if each is not None and now is not None:
            raised[key] = show(now + each * missing, _resource(key))
    if quota and raised.keys() == asked.keys():
        undo = {"spec": {"hard": {key: quota.mapping("spec.hard").get(key) for key in raised}}}
        edit = ObjectEdit(quota.ref, "merge", {"spec": {"hard": raised}}, undo)
        title = "Raise the quota to " + ", ".join(f"{k}={v}" for k, v in raised.items())
        warning = ("a quota is a decision of who runs the cluster: ask them",)
        origin = f"what is used now and {counted(missing, 'missing pod')}"
        yield Fix(title, edit, Safety.UNSAFE, Basis.BOUNDED, origin, warning)
    yield Fix("Ask for less in each pod, or run fewer replicas", safety=Safety.MANUAL)


def _resource(key: str) -> str:
    return key.removeprefix("requests.").removeprefix("limits.")
