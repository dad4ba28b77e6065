"""
A ValidatingAdmissionPolicy refuses the pods.

## What you see
No pods at all; the ReplicaSet says `ValidatingAdmissionPolicy '…' with binding '…' denied request`.

## Why it happens
A rule of the cluster, written as a CEL expression, is not met; its message says which.

## How to fix it
Change the template as the message asks, or have an exception made by who owns the policy.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.readings.admission import refusals
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Admission policy refuses the pods", severity=Severity.HIGH, explains=NOT_MADE)


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Say in its own words what it demands."""
    for refusal in refusals(snapshot, "policy-denied"):
        said = refusal.details["text"].strip() or "it gives no reason"
        fix = Fix(f"Change the template so that policy {refusal.name!r} agrees", safety=Safety.MANUAL)
        message = f"policy {refusal.name!r} refuses the pods: {said}"
        yield rule.finding(refusal.workload, message, refusal.evidence, fix=fix, key=refusal.name)
