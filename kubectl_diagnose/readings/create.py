"""
Why a container could not be made or its program not be started.

Three sources say it: the kubelet while it waits (``CreateContainerConfigError``), the container runtime in the message of
a run that never began (``StartError``), and, where the program itself could not be loaded or a shell did not find one,
the last lines of the log. One table for each; the first row that matches decides.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from kubectl_diagnose.model import Container, Evidence, Terminated
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.snapshot import Log, Snapshot

_WAITING = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")
_NEVER_BEGAN = ("StartError", "ContainerCannotRun")
_RESET = 600
"""Seconds after which the kubelet forgets how often a container failed."""

_EXEC = r'exec: \\?"(?P<what>.+?)\\?": '
_TOLD: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, regex(pattern))
    for kind, pattern in (
        ("root-image", r"image will run as root"),
        ("root-unknown", r"image has non-numeric user \((?P<what>[^)]*)\)"),
        ("root-asked", r"runAsUser breaks non-root policy"),
        ("reference", r'(?:configmap|secret) "[^"]*" not found|couldn\'t find key '),
        ("passing", r"failed to sync (?:configmap|secret) cache|services have not yet been read at least once"),
        ("memory", r"OOM-killed"),
        ("format", r"exec format error"),
        ("not-found", _EXEC + r"(?:executable file not found|(?:stat .+: )?no such file or directory)"),
        ("not-executable", _EXEC + r"(?:permission denied|is a directory)"),
        ("no-command", r"no command specified"),
        ("user", r"unable to find (?:user|group) (?P<what>[^:]+): no matching entries|no users found"),
        (
            "directory",
            r'chdir to cwd \(\\?"(?P<what>[^"\\]+)|error during container init: mkdir (?P<made>[^:]+): not a directory',
        ),
        ("mount", r'error mounting \\?"[^"\\]+\\?" to rootfs at \\?"(?P<what>[^"\\]+)'),
        ("name", r"failed to reserve container name"),
    )
)
_LOADED = r"^(?:standard_init_linux\.go:\d+: )?exec (?:user process caused: |(?P<what>\S+): )"
_SHELL = r"(?:^|[\s'‘:])(?P<what>[^\s:'‘’]+)['’]?: "
_LOGGED: tuple[tuple[str, tuple[int, ...], re.Pattern[str]], ...] = tuple(
    (kind, codes, regex(pattern, re.IGNORECASE))
    for kind, codes, pattern in (
        ("format", (1, 126, 255), _LOADED + "exec format error"),
        ("format", (126,), _SHELL + r"(?:cannot execute binary file|.*exec format error)"),
        ("interpreter", (1, 127, 255), _LOADED + "no such file or directory"),
        ("not-executable", (1, 126, 255), _LOADED + "permission denied"),
        ("shell-not-found", (127,), _SHELL + r"(?:command )?not found$"),
        ("shell-not-found", (127,), _SHELL + r"no such file or directory$"),
        ("shell-not-executable", (126,), _SHELL + r"(?:permission denied|is a directory|cannot execute.*)$"),
    )
)
_SCRIPT = regex(r"\.(?:sh|bash|py|rb|pl|js)$")


class Start(Struct, frozen=True, eq=False):
    """
    A start that failed.

    ``kind`` is that of a row above, ``script`` for a script that the kernel cannot load, ``other`` for words that no row
    has. ``what`` is the program, user or path that it is about, '' where nothing says.
    """

    kind: str
    what: str
    text: str
    evidence: tuple[Evidence, ...]


def start_failure(container: Container, snapshot: Snapshot) -> Start | None:
    """Return why a container cannot be made or started, None where it was or where nothing says why."""
    told = _told_by_kubelet(container)
    if told is not None:
        return told
    ended = container.last_exit
    if ended is None or (container.running and (snapshot.seconds_since(ended.finished_at) or 0) > _RESET):
        return None
    return None if ended.reason in _NEVER_BEGAN else _read_log(container, ended, snapshot)


def _told_by_kubelet(container: Container) -> Start | None:
    waiting, ended = container.waiting, container.last_exit
    if waiting is not None and waiting.reason in _WAITING:
        return _classify(waiting.message, (waiting.at("reason"), waiting.at("message")))
    if ended is not None and ended.reason in _NEVER_BEGAN and container.running is None:
        return _classify(ended.message, (ended.at("reason"), ended.at("message"), ended.at("exitCode")))
    return None


def _classify(message: str, evidence: tuple[Evidence, ...]) -> Start:
    for kind, pattern in _TOLD:
        if found := pattern.search(message):
            what = next((value for value in found.groupdict().values() if value), "")
            return Start(kind, what, message, evidence)
    return Start("other", "", message, evidence)


def _read_log(container: Container, ended: Terminated, snapshot: Snapshot) -> Start | None:
    for log in last_runs(container, snapshot):
        for kind, codes, pattern in _LOGGED:
            if ended.exit_code in codes:
                for line, found in log.matches(pattern):
                    start = Start(kind, found["what"] or "", line.line, (ended.at("exitCode"), line.at()))
                    scripted = kind == "format" and _SCRIPT.search(start.what)
                    return replace(start, kind="script") if scripted else start
    return None


def last_runs(container: Container, snapshot: Snapshot) -> Iterator[Log]:
    """Yield the logs that may be of the run that ended last, the likelier first: while one runs, the one before it."""
    if container.running is None:
        yield snapshot.log(container)
    yield snapshot.log(container, previous=True)


def start_of_kind(container: Container, snapshot: Snapshot, *kinds: str) -> Start | None:
    """Return the failed start of a container where it is of one of some kinds, else None."""
    found = start_failure(container, snapshot)
    return found if found is not None and found.kind in kinds else None
