"""
A container does nothing but sleep beside the one that works.

## What you see
`command: ["sleep", "9999"]`, no port, no probe, no volume of its own.

## Why it happens
It was put there to look around with, and was left. It takes resources, ends when its sleep does (and is restarted), and
ignores SIGTERM, so that every deletion waits for the grace period.

## How to fix it
Remove it; to look around use `kubectl debug -it POD --image=busybox --target=CONTAINER`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Severity
from kubectl_diagnose.model import Container, PodTemplate
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.probe_edits import container_edit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Container only sleeps", severity=Severity.LOW)
_IDLE = regex(
    r"^(?:(?:/(?:usr/)?bin/)?(?:sh|bash|ash)\s+-\w*c\s+)?['\"]?(?:trap\b[^;]*;\s*)?"
    r"(?:(?:exec\s+)?(?:/bin/)?sleep\s+(?:\d+[smhd]?|inf(?:inity)?)|(?:exec\s+)?tail\s+-f\s+/dev/null"
    r"|while\s+(?:true|:|\[ 1 \])\s*;?\s*do\s+sleep\s+\d+[smhd]?\s*;?\s*done)\s*['\"]?$"
)
_MOUNTED_BY_ALL = "/var/run/secrets/kubernetes.io/serviceaccount"


@rule.check
def check(template: PodTemplate, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for a command that only waits, in a container that offers nothing else."""
    spec = template.spec
    if len(spec.containers) < 2 or spec.flag("shareProcessNamespace"):
        return
    for container in spec.containers:
        if _idle(container):
            yield rule.finding(
                container,
                f"container {container.name!r} only sleeps",
                container.at("command" if container.command else "args"),
                confidence=Confidence.LIKELY,
                fix=Fix(f"Remove container {container.name!r}", container_edit(container, {"$patch": "delete"})),
            )


def _idle(container: Container) -> bool:
    mounts = [m for m in container.items("volumeMounts") if isinstance(m, dict) and m.get("mountPath") != _MOUNTED_BY_ALL]
    if container.probes or container.items("ports") or mounts or container.mapping("lifecycle"):
        return False
    return _IDLE.match(" ".join([*container.command, *container.args]).strip()) is not None
