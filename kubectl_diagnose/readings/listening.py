"""What a log says of the ports that a program listens on."""

import re
from collections.abc import Iterator

from msgspec import Struct

from kubectl_diagnose.model import Container, Evidence
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.snapshot import Log, Snapshot

_WORDS = (
    r"(?:listen(?:ing|s)?|serving|running|started|starting|bound|binding|accept(?:ing)?|ready|exposed"
    r"|available|launched|responding|start worker|initialized|waiting for connections)"
)
_ANY = regex(rf"\b{_WORDS}\b", re.IGNORECASE)
"""Most lines have none of the words, and are not worth the patterns below."""
_SURELY = r"(?:listen(?:ing|s)?|serving|running|bound|ready|responding)(?: https?)?"
_OPENS = r"(?:listening|serving|started|running|waiting for connections)"
_ANY_HOST = r"(?P<host>\[[0-9a-fA-F:.]*\]|::1?(?=:\d)|(?:\d{1,3}\.){3}\d{1,3}|localhost|\*|[a-zA-Z][\w.-]*)?"
_OWN_HOST = r"(?P<host>\[::1?\]|::1?(?=:\d)|0\.0\.0\.0|127(?:\.\d{1,3}){3}|localhost|\*)?"
_PORT = r"(?P<port>\d{2,5})\b(?![:.]\d)"
_PATTERNS = tuple(
    regex(pattern, re.IGNORECASE)
    for pattern in (
        # listening on 127.0.0.1:8080, Running on http://10.1.2.3:5000, Server Running: http://web-1:8080
        rf"\b{_SURELY}(?:\s+(?:on|at):?|\s+to(?<=bound to)|:)\s*(?:\w+://)?{_ANY_HOST}:{_PORT}",
        # Started on port(s): 8080 (Tomcat), listening on port 8080, HTTP on 0.0.0.0 port 8000 (Python)
        rf"\b{_WORDS}\b.*?{_ANY_HOST}[\"',\s]*\bports?(?:\(s\))?[\s:=]+\"?{_PORT}",
        # started TCP listener on [::]:5672, Starting development server at http://0.0.0.0:8000/; no address of others
        rf"\b{_WORDS}\b.*?(?:^|[\s/@\"'=({{\[]){_OWN_HOST}:{_PORT}",
        # {"addr":":8080","msg":"listening"}, msg=listening port=8080
        rf"^(?=.*\b{_OPENS}\b).*?\b(?:addr(?:ess)?|port|bind)\"?\s?[:=]\s?\"?(?:{_OWN_HOST}:)?{_PORT}",
        # App listening on 3000
        r"\b(?:(?:listening|running|started|serving) on|listening at):? (?P<host>)(?P<port>80|443|\d{4,5})\b(?!\s*[-.:/\w])",
        # Starting ProtocolHandler ["http-nio-8080"] (Tomcat)
        r"Starting ProtocolHandler \[\"\w+-\w+(?:-(?P<host>127\.0\.0\.1))?-(?P<port>\d+)\"\]",
        # Development Server (http://0.0.0.0:8000) started (PHP)
        rf"\(http://{_OWN_HOST}:{_PORT}\) started",
    )
)
# A second listener that a probe is not meant for, and lines about somebody else's port; DEBUG may be the line's level.
_ASIDE = regex(
    r"\b(?:metrics?|prometheus|pprof|debugg(?:er|ing)|(?-i:[Dd]ebug (?:port|server|endpoint|listener))|dt_socket|jmx"
    r"|profil(?:er|ing)|telemetry|connect\w* to|upstream|proxy(?:ing)? to|peer"
    r"|(?:database|db|broker|remote|backend|admin|management) (?:server )?port)\b",
    re.IGNORECASE,
)
_FAILED = regex(
    r"\b(?:fail(?:ed|ure)?|error|cannot|unable|refused|in use|denied|waiting for(?! connections))\b", re.IGNORECASE
)
_LOOPBACK = regex(r"^(?:127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)$", re.IGNORECASE)


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
        if not _ANY.search(text) or _FAILED.search(text):
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
