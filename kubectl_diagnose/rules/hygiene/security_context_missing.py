"""
A pod template sets none of the usual restrictions.

## What you see
Neither the pod nor a container sets `runAsNonRoot`, `allowPrivilegeEscalation`, `capabilities` or a seccomp profile.

## Why it happens
They are not set by default: the program may run as root with more rights than it needs.

## How to fix it
Set them, each at the level where it exists: `runAsNonRoot`, `runAsUser` and `seccompProfile` for the pod,
`allowPrivilegeEscalation` and `capabilities` for every container. An image that needs root or a port below 1024 must be
changed first.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity, TemplateEdit
from kubectl_diagnose.model import PodTemplate
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="No security context", severity=Severity.LOW)
_FIELDS = (
    *("runAsNonRoot", "runAsUser", "allowPrivilegeEscalation", "capabilities"),
    *("privileged", "seccompProfile", "readOnlyRootFilesystem"),
)
_POD = {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}
_CONTAINER = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


@rule.check
def check(template: PodTemplate, snapshot: Snapshot) -> Iterator[Finding]:
    """Look whether any field of any level is set."""
    spec = template.spec
    if not spec.containers or any(c.effective(field) is not None for c in spec.all_containers for field in _FIELDS):
        return
    yield rule.finding(
        template,
        "neither the pod nor a container restricts what the program may do",
        spec.at("securityContext"),
        *(c.at("securityContext") for c in spec.containers[:3]),
        fix=_restrict(template),
    )


def _restrict(template: PodTemplate) -> Fix:
    edit: dict[str, Any] = {"securityContext": _POD}
    for field, containers in (("initContainers", template.spec.init_containers), ("containers", template.spec.containers)):
        if containers:
            edit[field] = [{"name": c.name, "securityContext": _CONTAINER} for c in containers]
    risk = "a program that needs root, writes to its image or listens below port 1024 will not start: try it first"
    why = "the restricted Pod Security Standard"
    return Fix("Restrict the pod", TemplateEdit(edit), basis=Basis.DEFAULT, value_from=why, warnings=(risk,))
