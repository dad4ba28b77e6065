"""
A language runtime ran out of the heap that it allows itself.

## What you see
The log ends in `java.lang.OutOfMemoryError`, `JavaScript heap out of memory`, `MemoryError` or the like; the container
ends with exit code 1, 3 or 134, not 137.

## Why it happens
The heap has a limit of its own (`-Xmx`, `MaxRAMPercentage`, `--max-old-space-size`), which a higher limit of the
container does not change by itself. A JVM takes a quarter of the container's limit by default.

## How to fix it
Raise the heap limit, and the container's with it; or find what fills the heap.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.readings.memory import limit_quoted, memory_limit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Runtime heap is exhausted", severity=Severity.HIGH, explains=CRASHING)

_FLAGS = ("-Xmx", "MaxRAMPercentage", "max-old-space-size")
_OPTIONS = ("JAVA_TOOL_OPTIONS", "JAVA_OPTS", "JDK_JAVA_OPTIONS", "NODE_OPTIONS")


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.HEAP_EXHAUSTED)
    if crash is not None:
        message = f"container {container.name!r} used up the heap that its runtime allows itself"
        quoted = (*crash.evidence, limit_quoted(container))
        yield rule.finding(container, message, *quoted, fix=_fix(container, crash.line.line), since=crash.exit.run.finished_at)


def _fix(container: Container, line: str) -> Fix:
    words = " ".join([*container.command, *container.args, *(container.env_value(name) for name in _OPTIONS)])
    free = not any(flag in words for flag in _FLAGS) and "JAVA_TOOL_OPTIONS" not in container.env
    if "java.lang" in line and free and memory_limit(container) is not None:
        env = [{"name": "JAVA_TOOL_OPTIONS", "value": "-XX:MaxRAMPercentage=75.0"}]
        title = "Let the heap take 75 % of the container's limit"
        return Fix(title, edit(container, env=env), basis=Basis.DEFAULT, value_from="a JVM takes 25 % by default")
    return Fix("Raise the runtime's heap limit, and the container's memory limit with it", safety=Safety.MANUAL)
