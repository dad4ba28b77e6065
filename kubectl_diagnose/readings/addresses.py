"""Which addresses a container was given: by its environment, by config maps that this reads, and by its command line."""

from collections.abc import Iterator

from msgspec import Struct

from kubectl_diagnose.model import ConfigMap, Container, Evidence, Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.snapshot import Snapshot

_URL = regex(r"(?:^|[\s,=:])[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?(?P<host>[a-z][a-z0-9.-]*)(?::(?P<port>\d+))?(?=$|[/,\s?;])")
_PAIR = regex(r"(?:^|[,\s=(])(?P<host>[a-z][a-z0-9.-]*):(?P<port>\d{2,5})(?=$|[/,\s?;)])")
_HOST = regex(r"^[a-z][a-z0-9.-]*$")
_NAMES_HOST = regex(r"(?i)(?:^|_)(?:host|hostname|server|addr|address)$")
_OWN = regex(r"(?i)listen|bind|advertise|image|version")


class Given(Struct, frozen=True, eq=False):
    """A text that a container was given; ``holder`` keeps it at ``field``, the variable is ``name``."""

    text: str
    evidence: Evidence
    holder: Ref
    field: str
    name: str = ""
    port_beside: int | None = None


class Address(Struct, frozen=True, eq=False):
    """A host that a container calls, and the port; ``given`` is None where only its log says so."""

    host: str
    port: int | None
    given: Given | None = None


def addresses(container: Container, snapshot: Snapshot) -> Iterator[Address]:
    """Yield every address that a container was given, its own environment first."""
    for given in _given(container, snapshot):
        yield from _read(given)


def _given(container: Container, snapshot: Snapshot) -> Iterator[Given]:
    for name, entry in container.env.items():
        if text := entry.text("value"):
            yield Given(text, entry.at("value"), container.ref, "env", name, _port_beside(container, name))
    for name, config, key in _from_config(container, snapshot):
        yield Given(config.text(f"data[{key}]"), config.at(f"data[{key}]"), config.ref, key, name)
    for field, words in (("command", container.command), ("args", container.args)):
        for word in words:
            yield Given(word, container.at(field), container.ref, field)


def _read(given: Given) -> Iterator[Address]:
    if _OWN.search(given.name):
        return
    found = [*_URL.finditer(given.text), *_PAIR.finditer(given.text)]
    for match in found:
        port = int(match["port"]) if match["port"] else given.port_beside
        yield Address(match["host"].rstrip("."), port, given)
    if not found and given.name and _NAMES_HOST.search(given.name) and _HOST.match(given.text):
        yield Address(given.text.rstrip("."), given.port_beside, given)


def _port_beside(container: Container, name: str) -> int | None:
    """The port that stands in the variable beside a host's: ``DB_PORT`` for ``DB_HOST``."""
    stem = _NAMES_HOST.sub("", name)
    written = container.env_value(f"{stem}_PORT") if stem != name else ""
    return int(written) if written.isdigit() else None


def _from_config(container: Container, snapshot: Snapshot) -> Iterator[tuple[str, ConfigMap, str]]:
    for kind, name, key, _, path in container.references():
        config = snapshot.find(ConfigMap, container.ref.namespace, name) if kind == ConfigMap.kind else None
        if config is not None and key:
            yield path.partition("[")[2].partition("]")[0], config, key
        elif config is not None:
            yield from ((each, config, each) for each in sorted(config.keys))
