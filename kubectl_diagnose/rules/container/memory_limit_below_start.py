"""
The memory limit is so low that not even the start of the container fits.

## What you see
`StartError` or `FailedCreatePodSandBox` with `container init was OOM-killed (memory limit too low?)`.

## Why it happens
The runtime itself needs a few mebibytes inside the limit before the program begins.

## How to fix it
Raise the limit to what the program needs, at least some 64Mi.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity
from kubectl_diagnose.model import Container, Evidence
from kubectl_diagnose.model.quantity import MI, show_bytes
from kubectl_diagnose.readings.exit import current
from kubectl_diagnose.readings.memory import LEAST, limit_quoted, memory_limit, with_limit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Memory limit is too low to start", severity=Severity.CRITICAL, explains=CRASHING, stage="create")

_KILLED = ("OOM-killed", "oom-killed", "memory limit too low")


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for the runtime's words in the container's state, and in the events of its pod."""
    limit = memory_limit(container)
    if limit is None or not MI <= limit < LEAST:
        return
    said = _said(container, snapshot)
    if said is not None:
        message = f"memory limit {show_bytes(limit)} of container {container.name!r} is too low to start it"
        change = with_limit(container, LEAST)
        fix = Fix(
            f"Raise the memory limit to {show_bytes(LEAST)}", change, basis=Basis.BOUNDED, value_from="what a start needs"
        )
        yield rule.finding(container, message, said, limit_quoted(container), fix=fix)


def _said(container: Container, snapshot: Snapshot) -> Evidence | None:
    if container.waiting and any(words in container.waiting.message for words in _KILLED):
        return container.waiting.at("message")
    last = container.last_exit
    if last and any(words in last.message for words in _KILLED) and current(container, snapshot):
        return last.at("message")
    pod = snapshot.get(container.ref)
    events = (
        snapshot.events(pod, "FailedCreatePodSandBox") if pod and container.last_exit is None and not container.running else []
    )
    return next((e.at("message") for e in reversed(events) if any(words in e.message for words in _KILLED)), None)
