"""
The program asks the Kubernetes API for something that its service account may not do.

## What you see
The log says `is forbidden: User "system:serviceaccount:…" cannot list resource "pods"`, and the container restarts.

## Why it happens
No Role or ClusterRole that is bound to the service account allows it, or the pod runs as another account than was meant.

## How to fix it
Grant it with a Role and a RoleBinding, or name the service account that has them.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Service account lacks a permission", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.RBAC_FORBIDDEN)
    if crash is not None:
        said = crash.groups
        account = said.get("user", "").rpartition(":")[2]
        what = f"{said['verb']} {said['resource']}" if "verb" in said else "do what it asks for"
        where = (
            f" in namespace {said['namespace']!r}"
            if "namespace" in said
            else " in the whole cluster"
            if "verb" in said
            else ""
        )
        message = f"service account {account!r} may not {what}{where}"
        quoted = (*crash.evidence, container.spec.at("serviceAccountName"))
        title = f"Grant service account {account!r} to {what}{where}, with a role and a binding"
        fix = Fix(title, safety=Safety.MANUAL)
        yield rule.finding(container, message, *quoted, fix=fix, since=crash.exit.run.finished_at)
