"""
A pod reads a config map that does not exist.

## What you see
The container waits with `CreateContainerConfigError` where an environment variable reads it; the pod stays in
`ContainerCreating` with `FailedMount` events where a volume does.

## Why it happens
The name is misspelt, the config map is in another namespace, was never applied, or was made under another name (tools
like kustomize add a hash to it).

## How to fix it
Create the config map in the pod's namespace, or correct the name. The kubelet tries again by itself.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.reference_edits import fix_missing_object
from kubectl_diagnose.readings.references import missing_objects
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Config map does not exist", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up each config map that a waiting pod needs."""
    for missing in missing_objects(pod, snapshot, "ConfigMap"):
        yield rule.finding(
            missing.subject,
            f"config map {missing.ref.name!r} does not exist in namespace {pod.namespace!r}",
            *missing.evidence,
            key=missing.ref.name,
            since=missing.since,
            fix=fix_missing_object(missing, snapshot),
        )
