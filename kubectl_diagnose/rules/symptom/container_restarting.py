"""
A container is restarted again and again.

## What you see
`CrashLoopBackOff`, or a number of restarts that grows while the container seems to run.

## Why it happens
The program ends, or a probe or the kernel ends it. `CrashLoopBackOff` is the delay before the next attempt, no cause.

## How to fix it
Read the last state (`lastState.terminated`) and the log of the run before (`kubectl logs --previous`).
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Container, Pod
from kubectl_diagnose.readings.killing import recent
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import DOWNSTREAM_OF_CRASH
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__,
    title="Container is restarted again and again",
    severity=Severity.HIGH,
    stage="run",
    explains=DOWNSTREAM_OF_CRASH,
)
_NODE_RESTARTED = ("Unknown", "ContainerStatusUnknown")


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the restarts and how the last run ended, where that is not long ago."""
    exit_, status = container.last_exit, container.status
    looping = container.waiting_reason == "CrashLoopBackOff"
    if exit_ is None or (container.init and status.ready):
        return
    if not (looping or status.restart_count or _down(container, snapshot)):
        return
    harmless = status.ready and exit_.reason in _NODE_RESTARTED
    if not looping and (harmless or not recent(snapshot, container)):
        return
    evidence = (status.at("restartCount"), exit_.at("reason"), exit_.at("exitCode"))
    times = "once" if status.restart_count == 1 else f"{status.restart_count} times"
    happened = f"was restarted {times}" if status.restart_count else "ended"
    yield rule.finding(container, f"container {container.name!r} {happened}", *evidence, since=exit_.finished_at)


def _down(container: Container, snapshot: Snapshot) -> bool:
    """Whether it ended and is yet to be started again: it lies between its first end and its first restart."""
    run, pod = container.status.terminated, snapshot.get(container.ref)
    if run is None or not isinstance(pod, Pod) or pod.finished:
        return False
    return run.exit_code != 0 or pod.spec.restart_policy == "Always"
