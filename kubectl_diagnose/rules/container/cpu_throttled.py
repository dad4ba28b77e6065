"""
A container uses all the CPU that its limit allows, and is too slow for its probes.

## What you see
Probes time out, or the start takes very long, while `kubectl top` shows a usage close to the limit.

## Why it happens
Above its CPU limit a container is not killed but stopped for the rest of each period of 100 ms.

## How to fix it
Raise the CPU limit.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, Severity
from kubectl_diagnose.model import Container, Event, Pod
from kubectl_diagnose.model.quantity import show_millicores
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="CPU limit throttles the container", severity=Severity.HIGH, explains=CRASHING)

_SLOW = ("awaiting headers", "timed out", "deadline exceeded", "i/o timeout", "did not complete")


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare usage and limit, and look whether a probe has suffered from it in the last ten minutes."""
    pod = snapshot.get(container.ref)
    metrics = snapshot.metrics(pod) if isinstance(pod, Pod) else None
    limit, used = container.cpu("limits"), metrics.cpu(container.name) if metrics else None
    if not limit or not metrics or used is None or used < 0.8 * limit:
        return
    slow = next((e for e in reversed(snapshot.events(container, "Unhealthy")) if _suffers(e, snapshot)), None)
    if slow is not None:
        message = (
            f"container {container.name!r} uses all of its CPU limit of {show_millicores(limit)}, and its probe times out"
        )
        usage = metrics.at(f"containers[{container.name}].usage.cpu")
        quoted = (usage, container.at("resources.limits.cpu"), slow.at("message"))
        yield rule.finding(container, message, *quoted, confidence=Confidence.LIKELY, fix=_fix(container, limit))


def _suffers(event: Event, snapshot: Snapshot) -> bool:
    age = snapshot.seconds_since(event.last_seen)
    return age is not None and age <= 600 and any(words in event.message for words in _SLOW)


def _fix(container: Container, limit: int) -> Fix:
    new = show_millicores(max(2 * limit, 200))
    change = edit(container, resources={"limits": {"cpu": new}})
    return Fix(f"Raise the CPU limit to {new}", change, basis=Basis.BOUNDED, value_from="twice the limit, at least 200m")
