"""
A pod reads a secret that does not exist.

## What you see
The container waits with `CreateContainerConfigError` where an environment variable reads it; the pod stays in
`ContainerCreating` with `FailedMount` events where a volume does.

## Why it happens
The name is misspelt, the secret is in another namespace, was never applied, or what makes it (an operator, a
certificate manager, a sealed secret) has not done so.

## How to fix it
Create the secret in the pod's namespace, or correct the name. The kubelet tries again by itself.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.reference_edits import fix_missing_object
from kubectl_diagnose.readings.references import missing_objects
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Secret does not exist", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up each secret that a waiting pod needs."""
    for missing in missing_objects(pod, snapshot, "Secret"):
        yield rule.finding(
            missing.subject,
            f"secret {missing.ref.name!r} does not exist in namespace {pod.namespace!r}",
            *missing.evidence,
            key=missing.ref.name,
            since=missing.since,
            fix=fix_missing_object(missing, snapshot),
        )
