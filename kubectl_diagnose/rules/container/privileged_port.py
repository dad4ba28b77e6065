"""
A program that does not run as root wants to listen on a port below 1024.

## What you see
The log says that binding to port 80 or 443 failed with `permission denied`.

## Why it happens
Ports below 1024 are root's, unless the container has NET_BIND_SERVICE or the runtime lowers the bound.

## How to fix it
Let the program listen on a higher port, and the Service send there; or allow the ports with a sysctl of the pod.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Port is privileged", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.PRIVILEGED_PORT)
    if crash is not None:
        port = crash.groups.get("port", "")
        message = f"container {container.name!r} may not listen on {f'port {port}' if port else 'its port'}: it is not root"
        user = container.at("securityContext.runAsUser")
        quoted = (*crash.evidence, user if user.value is not None else container.spec.at("securityContext.runAsUser"))
        fixes = (
            _lower(port),
            Fix("Let the program listen on a port above 1023, and the Service send there", safety=Safety.MANUAL),
        )
        yield rule.finding(container, message, *quoted, fixes=fixes, since=crash.exit.run.finished_at)


def _lower(port: str) -> Fix:
    sysctls = [{"name": "net.ipv4.ip_unprivileged_port_start", "value": port or "0"}]
    change = TemplateEdit({"securityContext": {"sysctls": sysctls}})
    said = f"the program listens on {port}" if port else "every port"
    return Fix("Let every user of the pod listen on it", change, basis=Basis.BOUNDED, value_from=said)
