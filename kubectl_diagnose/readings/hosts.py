"""What a host name that a program calls stands for in the cluster, and whether anything is there."""

from collections.abc import Iterator

from msgspec import Struct

from kubectl_diagnose.findings import Proof
from kubectl_diagnose.model import Container, EndpointSlice, Ref, Service
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.model.view import View
from kubectl_diagnose.snapshot import Snapshot

_CALLS = regex(
    r"(?:nslookup|getent hosts|ping(?: -c ?\d+)?|host)\s+(?P<looked>[a-z][\w.-]*)"
    r"|\bnc\s+(?:-\w+\s+(?:\d+\s+)?)*(?P<dialled>[a-z][\w.-]*)[\s:]+(?P<dport>\d+)"
    r"|https?://(?:[^/@\s]*@)?(?P<called>[a-z][\w.-]*)(?::(?P<cport>\d+))?"
    r"|pg_isready\s.*?(?:-h|--host)[ =](?P<ready>[a-z][\w.-]*)"
    r"|(?:wait-for-it(?:\.sh)?|wait-for|dockerize -wait tcp://)\s*(?P<waited>[a-z][\w.-]*):(?P<wport>\d+)"
    r"|(?:redis-cli|mysqladmin|mysql|psql)\s.*?-h ?(?P<client>[a-z][\w.-]*)"
)
_SAYS = regex(
    r"(?i)waiting (?:for|on)(?: (?:the )?(?:service|host|database|db))?:? "
    r"['\"]?(?P<host>[a-z][a-z0-9.-]*[a-z0-9])(?::(?P<port>\d+))?"
)


class Peer(Struct, frozen=True, eq=False):
    """What a name stands for: ``fault`` says what is wrong with it, '' where nothing is known to be."""

    ref: Ref | None
    fault: str = ""
    evidence: tuple[Proof, ...] = ()
    nearest: tuple[str, ...] = ()


def service_ref(host: str, namespace: str, snapshot: Snapshot) -> Ref | None:
    """Return the Service that a host name means when it is looked up in a namespace, None for one outside the cluster."""
    parts = host.rstrip(".").split(".")
    if host[:1].isdigit():
        return next((s.ref for s in snapshot.all(Service) if s.text("spec.clusterIP") == host), None)
    if host in ("", "localhost"):
        return None
    if len(parts) == 1:
        return Service.named(namespace, parts[0])
    known = {ref.namespace for ref in snapshot.resources} | {ref.name for ref in snapshot.resources if ref.kind == "Namespace"}
    if "svc" in parts[2:3] or (len(parts) == 2 and parts[1] in known):
        return Service.named(parts[1], parts[0])
    return None


def peer(host: str, port: int | None, namespace: str, snapshot: Snapshot) -> Peer:
    """Return what a host name stands for and what is wrong with it."""
    ref = service_ref(host, namespace, snapshot)
    if ref is None:
        here = host == "localhost" or host.startswith("127.")
        return Peer(None, "that is the pod itself, where nothing listens on it" if here else "")
    if snapshot.lacks(ref):
        absence = snapshot.absence(ref)
        return Peer(ref, f"there is no service {ref.name!r} in namespace {ref.namespace!r}", (absence,), absence.nearest)
    service = snapshot.get(ref)
    if not isinstance(service, Service):
        return Peer(ref)
    if port is not None and service.ports and port not in {p.port for p in service.ports}:
        offered = ", ".join(str(p.port) for p in service.ports)
        quoted = (service.ports[0].at("port"),)
        return Peer(ref, f"service {ref.name!r} has no port {port}, it has {offered}", quoted)
    if service.type != "ExternalName" and service.selector and _without_endpoints(service, snapshot):
        return Peer(ref, f"service {ref.name!r} has no ready endpoint", (service.at("spec.selector"),))
    return Peer(ref)


def _without_endpoints(service: Service, snapshot: Snapshot) -> bool:
    if not snapshot.complete(EndpointSlice.kind, service.namespace):
        return False
    slices = [s for s in snapshot.all(EndpointSlice) if (s.namespace, s.service) == (service.namespace, service.name)]
    return not any(View(s.ref, "", e).flag("conditions.ready") is not False for s in slices for e in s.items("endpoints"))


def elsewhere(name: str, snapshot: Snapshot) -> list[Ref]:
    """Return the Services of a name in any namespace that was read."""
    return [s.ref for s in snapshot.all(Service) if s.name == name]


def calls(container: Container) -> Iterator[tuple[str, int | None, str]]:
    """Yield the hosts that the command line of a container calls, with the port, and the field that says so."""
    for field, words in (("command", container.command), ("args", container.args)):
        for match in _CALLS.finditer(" ".join(words)):
            found = {k: v for k, v in match.groupdict().items() if v}
            host = next((v for k, v in found.items() if not k.endswith("port")), "")
            port = next((int(v) for k, v in found.items() if k.endswith("port")), None)
            if host:
                yield host.rstrip("."), port, field


def waited_for(line: str) -> tuple[str, int | None] | None:
    """Return the host that a log line says it waits for, and the port, or None."""
    match = _SAYS.search(line)
    return (match["host"], int(match["port"]) if match["port"] else None) if match else None
