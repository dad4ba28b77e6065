"""What a log says of the ports that a program listens on."""

import re
from collections.abc import Iterator

from msgspec import Struct

from kubectl_diagnose.model import Container, Evidence
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.snapshot import Log, Snapshot

_WORDS = (
    r"(?:listen(?:ing|s)?|serving|running|started|starting|bound|binding|accept(?:ing)?|ready|exposed"
    r"|available|start worker|initialized)"
)
_HOST = r"(?P<host>\[[0-9a-fA-F:.]*\]|(?:\d{1,3}\.){3}\d{1,3}|localhost|\*|[a-zA-Z][\w.-]*)?"
_PATTERNS = tuple(
    regex(pattern, re.IGNORECASE)
    for pattern in (
        # Started on port(s): 8080 (Tomcat), listening on port 8080, HTTP on 0.0.0.0 port 8000 (Python)
        rf"\b{_WORDS}\b.*?{_HOST}[\"',\s]*\bports?(?:\(s\))?[\s:=]+\"?(?P<port>\d{{2,5}})\b",
        # listening on :8080, running on http://0.0.0.0:5000, Now listening on: http://[::]:80
        rf"\b{_WORDS}\b.*?(?:^|[\s/@\"'=(\[]){_HOST}:(?P<port>\d{{2,5}})\b(?!:)",
    )
)
# A second listener that a probe is not meant for, and lines about somebody else's port.
_ASIDE = regex(
    r"\b(?:metrics?|prometheus|pprof|debug(?:ger)?|profil\w*|telemetry|connect\w* to|upstream|proxy(?:ing)? to|peer)\b",
    re.IGNORECASE,
)
_FAILED = regex(r"\b(?:fail(?:ed|ure)?|error|cannot|unable|refused|in use|denied|waiting for)\b", re.IGNORECASE)
_LOOPBACK = regex(r"^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$", re.IGNORECASE)


class Listening(Struct, frozen=True, eq=False):
    """A line that says that a port was opened: on which address, and whether that is the loopback alone."""

    port: int
    host: str
    loopback: bool
    aside: bool
    evidence: Evidence


def listening_lines(log: Log) -> Iterator[Listening]:
    """Yield what a log says of ports that were opened, newest first."""
    for number in range(len(log.lines) - 1, -1, -1):
        text = log.lines[number][:500]
        if _FAILED.search(text):
            continue
        match = next((m for m in (p.search(text) for p in _PATTERNS) if m), None)
        port = int(match["port"]) if match else 0
        if match and 0 < port < 65536:
            host = match["host"] or ""
            aside = _ASIDE.search(text) is not None
            yield Listening(port, host, _LOOPBACK.match(host) is not None, aside, log.line(number).at())


def listening(snapshot: Snapshot, container: Container) -> list[Listening]:
    """Return what the logs of a container say, of the present run before the one before."""
    return [*listening_lines(snapshot.log(container)), *listening_lines(snapshot.log(container, previous=True))]
