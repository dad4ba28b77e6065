"""Logs that were saved as files, beside the objects."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kubectl_diagnose.collect.redact import redact
from kubectl_diagnose.model import Pod, Raw, Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.snapshot import Gap

Logs = dict[tuple[Ref, str, bool], tuple[str, ...]]
_MOST_LINES = 2000
_SECTION = regex(r"^==== START logs for container (?P<container>\S+) of pod (?P<namespace>[^/\s]+)/(?P<pod>\S+) ====$")
_END = "==== END logs for container "


def recorded_logs(folder: Path, objects: Iterable[Raw]) -> tuple[Logs, list[Gap]]:
    """Read ``POD/CONTAINER.log`` and ``.previous.log`` of the pods that there are; what cannot be read is a gap."""
    logs: Logs = {}
    gaps: list[Gap] = []
    pods = {str(o["metadata"].get("name")): o["metadata"] for o in objects if _is_pod(o)}
    for file in sorted(folder.glob("*/*.log")):
        if file.parent.name in pods:
            ref = Pod.named(str(pods[file.parent.name].get("namespace", "")), file.parent.name)
            container = file.name.removesuffix(".log").removesuffix(".previous")
            lines = _lines(file, f"log of {ref} {container}", gaps)
            logs[ref, container, file.name.endswith(".previous.log")] = _kept(lines)
    return logs, gaps


def dumped_logs(folder: Path) -> tuple[Logs, list[Gap]]:
    """Read the ``logs.txt`` files that ``kubectl cluster-info dump --output-directory`` writes."""
    logs: Logs = {}
    gaps: list[Gap] = []
    for file in sorted(folder.rglob("logs.txt")):
        for ref, container, lines in _sections(_lines(file, f"log {file.parent.name}/{file.name}", gaps)):
            logs[ref, container, False] = _kept(lines)
    return logs, gaps


def _sections(lines: list[str]) -> Iterator[tuple[Ref, str, list[str]]]:
    """Yield each container's part of a file; the last one may lack its end."""
    starts = [number for number, line in enumerate(lines) if _SECTION.match(line)]
    for start, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        head = _SECTION.match(lines[start])
        assert head is not None
        body = [line for line in lines[start + 1 : following] if not line.startswith(_END)]
        yield Pod.named(head["namespace"], head["pod"]), head["container"], body


def _lines(file: Path, what: str, gaps: list[Gap]) -> list[str]:
    try:
        return file.read_bytes().decode(errors="replace").splitlines()
    except OSError as error:
        gaps.append(Gap(what, f"{str(file)!r} cannot be read: {(error.strerror or str(error)).lower()}"))
        return []


def _kept(lines: list[str]) -> tuple[str, ...]:
    return tuple(redact("\n".join(lines[-_MOST_LINES:])).split("\n")) if lines else ()


def _is_pod(raw: Raw) -> bool:
    return raw.get("kind") == Pod.kind and isinstance(raw.get("metadata"), dict)
