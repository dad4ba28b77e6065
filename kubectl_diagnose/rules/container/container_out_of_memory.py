"""
A container was killed because it used more memory than it may.

## What you see
The container restarts with `OOMKilled` and exit code 137, at once or after a while, and ends in `CrashLoopBackOff`.

## Why it happens
The memory limit is below what the program needs, or the program needs more and more. The runtime now and then misses
the kill and writes `Error` for it; then it is only likely.

## How to fix it
Raise the limit. The value offered is twice the limit, or one and a half times the highest usage seen where that is
more. Where memory grows without end a higher limit only delays the next kill: look for the leak.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.model.quantity import MI, show_bytes
from kubectl_diagnose.readings.exit import ExitKind, current, read_exit
from kubectl_diagnose.readings.memory import highest_use, limit_quoted, memory_limit, new_limit, with_limit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Container runs out of memory", severity=Severity.CRITICAL, explains=CRASHING)

_WORDS = {
    ExitKind.OUT_OF_MEMORY: "container {0!r} was killed for using more than its memory limit of {1}",
    ExitKind.CHILD_OUT_OF_MEMORY: "a process of container {0!r} was killed for want of memory, the limit is {1}",
    ExitKind.OUT_OF_MEMORY_MISSED: "container {0!r} was killed, probably for using more than its memory limit of {1}",
    ExitKind.NODE_OUT_OF_MEMORY: "container {0!r} was killed because its node ran out of memory",
}

_SLOWLY = 60
_GROWS = "it ran for a while before: if its memory grows without end, a higher limit only delays the next kill"


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the last exit; a limit too small to start anything is another rule's."""
    read = read_exit(container, snapshot)
    limit = memory_limit(container)
    if read is None or read.kind not in _WORDS or (limit or MI) < MI or not current(container, snapshot):
        return
    used = highest_use(container, snapshot)
    message = _WORDS[read.kind].format(container.name, show_bytes(limit or 0))
    quoted = (*read.evidence, limit_quoted(container), *((used,) if used else ()))
    fix = _fix(container, snapshot, limit)
    details = (_GROWS,) if (read.run.ran_for or 0) > _SLOWLY else ()
    yield rule.finding(
        container, message, *quoted, confidence=read.confidence, fix=fix, since=read.run.finished_at, details=details
    )


def _fix(container: Container, snapshot: Snapshot, limit: int | None) -> Fix:
    if limit is None:
        title = "Set a memory request, so that the node keeps as much free for it"
        return Fix(title, safety=Safety.MANUAL)
    new = new_limit(container, snapshot)
    said = f"twice the limit of {show_bytes(limit)}, or 1.5 times the highest usage seen"
    title = f"Raise the memory limit to {show_bytes(new)}"
    return Fix(title, with_limit(container, new), basis=Basis.BOUNDED, value_from=said)
