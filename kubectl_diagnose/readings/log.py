"""What the last lines of a container's log say of its end. Exactly one kind of crash is read per container."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.model import Container, Evidence
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.exit import Exit, fault
from kubectl_diagnose.readings.signatures import SIGNATURES, CrashKind
from kubectl_diagnose.snapshot import Log, LogLine, Snapshot

WINDOW = 12
"""So many informative lines before the end are read: what was said earlier is not what it died of."""
_LONGEST = 600
_FRAME = regex(
    r"^\s*$|^\t|^\s+(?:at |File \"|\.\.\. \d+ more|from |\d+: )|^goroutine \d+|^\[signal |^created by |^\S+\(.*\)$|^\s*\^+\s*$"
    r"|^exit status \d|^npm ERR!|^Node\.js v\d"
)
_MILD = regex(
    r"\b(?:INFO|DEBUG|TRACE|WARN|WARNING|NOTICE)\b|\blevel=\"?(?:info|debug|warn)"
    r"|\"level\":\s*\"(?:info|debug|warn)|^[IW]\d{4} "
)
_GRAVE = regex(
    r"(?i)error|exception|fatal|panic|fail|traceback|cannot|can't|could not|denied|refused|not found|missing|invalid"
)
_VARYING = regex(r"0x[0-9a-f]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{12,}\b|\d+")
_FILE_ERROR = regex(
    r"(?i)permission denied|read-only file ?system|no such file|no space left|not permitted|EACCES|EROFS|ENOENT"
)
_PATH = regex(r"(?<![\w:/.])(/[\w.@+~-]+(?:/[\w.@+~-]+)*)/?")


class MessageLine(LogLine):
    """A line of a termination message; ``at()`` quotes the whole message."""

    def __init__(self, quoted: Evidence, text: str) -> None:
        super().__init__(quoted.source, quoted.path, text)
        self._quoted = quoted

    def at(self, path: str = "") -> Evidence:
        return self._quoted


class Crash(Struct, frozen=True, eq=False):
    """What a program said that it died of: the line, what was read out of it, and the exit that followed."""

    kind: CrashKind
    line: LogLine
    exit: Exit
    groups: dict[str, str] = {}

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The line and the exit code."""
        return self.line.at(), self.exit.run.at("exitCode")

    @property
    def path(self) -> str:
        """The file that the line is about, or ''."""
        return self.groups.get("path") or path_in(self.line.line)


def path_in(text: str) -> str:
    """Return the absolute path that an error line is about: the last before the error's words, else the first after."""
    error = _FILE_ERROR.search(text)
    paths = [(m.start(), m[1]) for m in _PATH.finditer(text)]
    before = [p for start, p in paths if error and start < error.start()]
    return before[-1] if before else paths[0][1] if paths else ""


def last_words(container: Container, snapshot: Snapshot) -> list[LogLine]:
    """Return the lines of the run that ended, or its termination message where no log was read."""
    if container.running is not None:
        order: tuple[bool, ...] = (True,)
    else:
        order = (False, True) if container.status.terminated else (True, False)
    for previous in order:
        if log := snapshot.log(container, previous=previous):
            return [log.line(number) for number in range(len(log.lines))]
    run = container.last_exit
    return [MessageLine(run.at("message"), text) for text in run.message.splitlines()] if run else []


def _informative(lines: Iterable[LogLine]) -> list[LogLine]:
    kept, source_follows = [], False
    for line in lines:
        if not _FRAME.search(line.line) and not (source_follows and line.line.startswith("    ")):
            kept.append(line)
        source_follows = line.line.startswith('  File "')
    return kept


def error_lines(log: Log | list[LogLine], most: int = 3) -> list[LogLine]:
    """Return the last lines that tell of an error, those alike once, in the order written; the last line where none does."""
    every = [log.line(n) for n in range(len(log.lines))] if isinstance(log, Log) else log
    lines = _informative(every)
    kept: dict[str, LogLine] = {}
    for line in reversed(lines):
        if _GRAVE.search(line.line) and len(kept) < most:
            kept.setdefault(_VARYING.sub("#", line.line), line)
    return list(reversed(kept.values())) or lines[-1:]


def grave(text: str) -> bool:
    """Whether a line tells of an error."""
    return _GRAVE.search(shortened(text)) is not None


def shortened(text: str) -> str:
    """Return a line without its middle where it is very long: patterns take time that grows with its square."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def _matches(lines: list[LogLine]) -> Iterator[tuple[CrashKind, LogLine, dict[str, str]]]:
    for kind, patterns in SIGNATURES:
        for pattern in patterns:
            for line in reversed(lines):
                if found := pattern.search(shortened(line.line)):
                    yield kind, line, {k: v for k, v in found.groupdict().items() if v}


def signature(lines: Iterable[LogLine]) -> tuple[CrashKind, LogLine, dict[str, str]] | None:
    """Return the first kind of crash that the last lines tell of; lines below the level of an error come second."""
    last = _informative(lines)[-WINDOW:]
    grave = [line for line in last if not _MILD.search(line.line)]
    mild = [line for line in last if _MILD.search(line.line) and _GRAVE.search(line.line)]
    return next(_matches(grave), None) or next(_matches(mild), None)


@lru_cache(maxsize=1024)
def read_crash(container: Container, snapshot: Snapshot) -> Crash | None:
    """Return what a container that failed by itself said that it died of, or None where its log does not tell."""
    exit_ = fault(container, snapshot)
    if exit_ is None:
        return None
    found = signature(last_words(container, snapshot))
    return Crash(found[0], found[1], exit_, found[2]) if found else None


def crash_of(container: Container, snapshot: Snapshot, kind: CrashKind) -> Crash | None:
    """Return the crash of a container where it is of one kind, else None."""
    crash = read_crash(container, snapshot)
    return crash if crash is not None and crash.kind is kind else None


__all__ = ["Crash", "CrashKind", "MessageLine", "crash_of", "error_lines", "last_words", "path_in", "read_crash", "signature"]
