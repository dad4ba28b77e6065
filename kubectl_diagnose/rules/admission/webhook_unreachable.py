"""
An admission webhook that has to agree to every pod cannot be reached.

## What you see
No new pods; the ReplicaSet says `failed calling webhook`. Often everything in the cluster is refused at once.

## Why it happens
The webhook's pods are down, its Service is gone, its certificate has expired, or the network is blocked, and its
configuration says to refuse then (`failurePolicy: Fail`).

## How to fix it
Repair the webhook: the workload is innocent. Delete its configuration if it was uninstalled.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Service
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.admission import refusals
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Absence, Snapshot

rule = Rule(__name__, title="Admission webhook cannot be reached", severity=Severity.CRITICAL, explains=NOT_MADE)

_SERVICE = regex(r'Post "https://(?P<name>[\w-]+)\.(?P<namespace>[\w-]+)\.svc[:/]')


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Name the webhook, the Service behind it, and what the call ended with."""
    for refusal in refusals(snapshot, "webhook-unreachable"):
        text = refusal.details["text"]
        why = text.rpartition('": ')[2] or text
        match = _SERVICE.search(text)
        gone: list[Absence] = []
        if match:
            ref = Service.named(match["namespace"], match["name"])
            gone = [snapshot.absence(ref)] if snapshot.lacks(ref) else []
        where = f"Service {match['name']!r} in namespace {match['namespace']!r}" if match else f"webhook {refusal.name!r}"
        message = f"webhook {refusal.name!r} cannot be reached and refuses every pod: {why}"
        fix = Fix(f"Repair {where}, or delete the configuration of the webhook if it was uninstalled", safety=Safety.MANUAL)
        yield rule.finding(refusal.workload, message, refusal.evidence, *gone, fix=fix, key=refusal.name)
