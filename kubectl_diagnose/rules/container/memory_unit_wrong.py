"""
A memory quantity is written in thousandths of a byte, or in bytes where mebibytes were meant.

## What you see
The pod never gets its sandbox, or the container is killed as it starts (`container init was OOM-killed`).

## Why it happens
`m` means thousandths: `100m` of memory is a tenth of a byte. Only CPU is counted in `m`.

## How to fix it
Write `Mi`: `100Mi`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity, TemplateEdit
from kubectl_diagnose.model import Container
from kubectl_diagnose.model.quantity import MI, parse_bytes
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Memory unit is wrong", severity=Severity.CRITICAL, explains=CRASHING, stage="sandbox")


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for limits that are no size for a program."""
    written = container.value("resources.limits.memory")
    size = parse_bytes(written)
    if size is not None and 0 < size < MI and isinstance(written, str | int):
        message = f"memory limit {str(written)!r} of container {container.name!r} is {_words(size)}"
        yield rule.finding(container, message, container.at("resources.limits.memory"), fix=_fix(container, written))


def _words(size: int) -> str:
    return "less than one byte" if size == 1 else f"only {size} bytes"


def _fix(container: Container, written: str | int) -> Fix:
    digits = str(written).rstrip("mkK")
    meant = f"{digits}Mi" if digits.isdigit() and int(digits) < 65536 else "64Mi"
    resources = {"limits": {"memory": meant}}
    request = container.memory("requests")
    if request is not None and request < MI:
        resources["requests"] = {"memory": meant}
    change: TemplateEdit = edit(container, resources=resources)
    return Fix(f"Write {meant!r}", change, basis=Basis.BOUNDED, value_from=f"the number in {str(written)!r}, in Mi")
