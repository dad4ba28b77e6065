"""
A Deployment is paused: what was changed in its template is not rolled out.

## What you see
`Progressing` is `Unknown` with reason `DeploymentPaused`; the pods still run what they ran before.

## Why it happens
Somebody ran `kubectl rollout pause` to make several changes at once, or to stop a bad rollout. A paused Deployment is
still scaled, but makes no new revision; one that was created paused has no pods at all.

## How to fix it
Resume it, or take the changes back first where they are not wanted.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Kubectl, Severity
from kubectl_diagnose.model import Deployment
from kubectl_diagnose.readings.history import template_change
from kubectl_diagnose.relations import replica_sets
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Snapshot, Target

rule = Rule(__name__, title="Deployment is paused", severity=Severity.MEDIUM, explains=NOT_MADE)


@rule.check
def check(deployment: Deployment, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
    """Compare its template with that of its newest revision."""
    if not deployment.paused or deployment.deleted is not None or deployment.replicas == 0:
        return
    condition = deployment.condition("Progressing")
    newest = next(iter(replica_sets(snapshot, deployment.ref)), None)
    changed = template_change(deployment, newest) if newest else ""
    never = newest is None and condition is not None and deployment.number("status.replicas") == 0
    named = deployment.ref in target.refs or (target.selector and target.includes(deployment))
    what = "changes of its template are not rolled out" if changed else "it makes no pods" if never else ""
    yield rule.finding(
        deployment,
        f"{deployment.ref} is paused{what and f': {what}'}",
        deployment.at("spec.paused"),
        *((condition.at("reason"),) if condition else ()),
        *((deployment.at(changed), newest.at(changed)) if newest and changed else ()),
        severity=Severity.HIGH if never else rule.severity if changed or named else Severity.LOW,
        fix=Fix(
            "Resume its rollout",
            Kubectl(("rollout", "resume", str(deployment.ref)), deployment.ref, ("rollout", "pause", str(deployment.ref))),
        ),
        explains=None if never else frozenset(),
    )
