"""
A pod reads a key of a secret that the secret does not have.

## What you see
The container waits with `CreateContainerConfigError` and `couldn't find key … in Secret …` where an environment
variable reads it; the pod stays in `ContainerCreating` with `FailedMount` events where a volume does.

## Why it happens
The key is misspelt (upper and lower case count), or was left out of the secret.

## How to fix it
Add the key to the secret, or correct it where it is read. The kubelet tries again by itself.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.reference_edits import fix_missing_key
from kubectl_diagnose.readings.references import missing_keys
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Secret lacks a key", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up each key of a secret that a waiting pod needs."""
    for missing in missing_keys(pod, snapshot, "Secret"):
        yield rule.finding(
            missing.subject,
            f"secret {missing.ref.name!r} has no key {missing.key!r}",
            *missing.evidence,
            key=f"{missing.ref.name}/{missing.key}",
            since=missing.since,
            fix=fix_missing_key(missing, snapshot),
        )
