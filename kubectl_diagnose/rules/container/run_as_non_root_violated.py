"""
A container must not run as root, and its image does.

## What you see
The container waits with `CreateContainerConfigError`; the pod is never restarted and has no log.

## Why it happens
`runAsNonRoot: true` is a check, it does not choose a user. It fails where the image runs as root (which images do that
name no `USER`), where the image names its user by name (the kubelet cannot tell which number that is), and where
`runAsUser: 0` asks for root.

## How to fix it
Set `runAsUser` to a number other than 0 beside `runAsNonRoot`, or give the image a numeric `USER`. A user other than root
cannot write everywhere in the image and, on some systems, cannot listen on ports below 1024.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity, TemplateEdit
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.create import start_of_kind
from kubectl_diagnose.readings.history import edit, waits_since
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__, title="Container must not run as root but does", severity=Severity.HIGH, explains=NOT_STARTED, stage="create"
)

_USER = 1000
_MESSAGES = {
    "root-image": "runAsNonRoot is set and image {image!r} runs as root",
    "root-unknown": "runAsNonRoot is set and image {image!r} names its user {what!r}, which may or may not be root",
    "root-asked": "runAsNonRoot is set and runAsUser asks for root",
}


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for containers that the kubelet refuses to start as root."""
    start = start_of_kind(container, snapshot, *_MESSAGES)
    if start is not None:
        message = _MESSAGES[start.kind].format(image=container.image, what=start.what)
        set_here = [v.at(f"securityContext.{f}") for v in (container, container.spec) for f in ("runAsNonRoot", "runAsUser")]
        evidence = (*start.evidence, *(e for e in set_here if e.value is not None))
        yield rule.finding(container, message, *evidence, since=waits_since(container, snapshot), fix=_fix(container))


def _fix(container: Container) -> Fix:
    """Set the user where it is asked for or, where it is not, beside ``runAsNonRoot``."""
    own = container.mapping("securityContext")
    context = {"securityContext": {"runAsUser": _USER}}
    change = edit(container, **context) if {"runAsNonRoot", "runAsUser"} & own.keys() else TemplateEdit(dict(context))
    low = [port for port in container.declared_ports if port < 1024]
    warnings = (f"port {low[0]} may need root: listen on one above 1023",) if low else ()
    said = "the usual first user; the image may expect another"
    return Fix(f"Run as user {_USER}", change, basis=Basis.DEFAULT, value_from=said, warnings=warnings)
