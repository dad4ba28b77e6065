"""Which port of a container a request should go to, and on what that rests."""

import re
from collections.abc import Iterator

from msgspec import Struct

from kubectl_diagnose.model import Container, Evidence, Pod, Service
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.listening import listening
from kubectl_diagnose.relations import services_of
from kubectl_diagnose.snapshot import Snapshot

_ENV_PORT = regex(r"^(?:.*_)?(?:PORT|LISTEN|ADDR|BIND)(?:_ADDR(?:ESS)?)?$")
_NOT_OWN_PORT = regex(
    r"(?:DB|DATABASE|POSTGRES|PG|MYSQL|REDIS|KAFKA|MONGO|RABBIT|METRICS|DEBUG|REMOTE|UPSTREAM)", re.IGNORECASE
)
_ARG_PORT = regex(
    r"^--?(?:(?:http|server|listen|bind|web)[-_.]?)?(?:port|p|listen|addr(?:ess)?|bind)(?:[=\s]+|$)\S*?:?(\d{2,5})?$"
)
_LISTEN_OPTION = regex(
    r"^--?(?:(?:http|server|web)[-_.]?)?(?:p|l|b|port|host|listen|bind|addr(?:ess)?)(?:[-_.]?addr(?:ess)?)?$"
)
_LOOPBACK = regex(r"^['\"]?(?:tcp://|http://)?(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):(\d{1,5})['\"]?$")
_ASIDE_NAMES = regex(r"metric|prom|debug|pprof|jmx|admin")


class Hint(Struct, frozen=True, eq=False):
    """One source that names a port: ``log``, ``declared``, ``service``, ``env`` or ``argument``."""

    port: int
    source: str
    evidence: Evidence
    words: str


def hints(snapshot: Snapshot, container: Container) -> list[Hint]:
    """Return every source that names a port of a container; none of them proves it alone."""
    seen = (*_from_logs(snapshot, container), *_declared(container), *_from_services(snapshot, container))
    return [*seen, *_from_env(container), *_from_arguments(container)]


def _from_logs(snapshot: Snapshot, container: Container) -> Iterator[Hint]:
    for line in listening(snapshot, container):
        if not line.aside:
            yield Hint(line.port, "log", line.evidence, f"its log says that it listens on {line.port}")


def _declared(container: Container) -> Iterator[Hint]:
    for port, name in container.declared_ports.items():
        if not _ASIDE_NAMES.search(name):
            yield Hint(port, "declared", container.at(f"ports[{port}].containerPort"), f"containerPort {port} is declared")


def _from_services(snapshot: Snapshot, container: Container) -> Iterator[Hint]:
    if not isinstance(snapshot.get(container.ref), Pod):
        return
    for ref in services_of(snapshot, container.ref):
        service = snapshot.get(ref)
        for port in service.ports if isinstance(service, Service) else ():
            target = port.target
            number = container.port_named(target) if isinstance(target, str) else target
            if number and not _ASIDE_NAMES.search(port.text("name")):
                path = "targetPort" if port.value("targetPort") is not None else "port"
                yield Hint(number, "service", port.at(path), f"service {ref.name!r} sends to {number}")


def _from_env(container: Container) -> Iterator[Hint]:
    for name, entry in container.env.items():
        value = entry.text("value").rpartition(":")[2]
        if _ENV_PORT.match(name) and not _NOT_OWN_PORT.search(name) and value.isdigit() and 0 < int(value) < 65536:
            yield Hint(int(value), "env", entry.at("value"), f"{name} is {entry.text('value')!r}")


def told_loopback(container: Container) -> Iterator[Hint]:
    """Yield the ports that a program is told to open on the loopback address, by an option or a variable."""
    for name, entry in container.env.items():
        match = _LOOPBACK.match(entry.text("value"))
        if match and match[1] and _ENV_PORT.match(name) and not _NOT_OWN_PORT.search(name):
            yield Hint(int(match[1]), "env", entry.at("value"), f"{name} is {entry.text('value')!r}")
    for field in ("args", "command"):
        words = [w for word in container.items(field) if isinstance(word, str) for w in word.split()]
        for option, following in zip(words, [*words[1:], ""], strict=False):
            name, _, value = option.partition("=")
            match = _LOOPBACK.match(value or following)
            if match and match[1] and _LISTEN_OPTION.match(name):
                yield Hint(int(match[1]), "argument", container.at(field), f"it is started with {option!r}")


def _from_arguments(container: Container) -> Iterator[Hint]:
    for field in ("args", "command"):
        words = [w for w in container.items(field) if isinstance(w, str)]
        for word, following in zip(words, [*words[1:], ""], strict=False):
            match = _ARG_PORT.match(word)
            number = (match[1] or following.rpartition(":")[2]) if match else ""
            if number.isdigit() and 0 < int(number) < 65536:
                yield Hint(int(number), "argument", container.at(field), f"it is started with {word!r}")
