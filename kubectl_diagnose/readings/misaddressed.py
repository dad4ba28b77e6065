"""
Which addresses of a container in trouble do not fit the Services that there are: a port or a name that is not among theirs.

What a container in good health was told is never doubted, nor that of one which says that it failed of something else.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.findings import Confidence, Proof
from kubectl_diagnose.model import Container, Pod, Ref, Service
from kubectl_diagnose.readings.addresses import Address, addresses
from kubectl_diagnose.readings.exit import fault
from kubectl_diagnose.readings.hosts import elsewhere, service_ref
from kubectl_diagnose.readings.log import CrashKind, last_words, read_crash, signature
from kubectl_diagnose.snapshot import LogLine, Snapshot

_NETWORK = (CrashKind.HOST_UNRESOLVABLE, CrashKind.DEPENDENCY_UNREACHABLE)
_ALIKE = 0.75


class Said(Struct, frozen=True, eq=False):
    """What a container in trouble said of a call that failed; ``line`` is None where it said nothing."""

    line: LogLine | None = None
    host: str = ""
    port: int | None = None
    kind: CrashKind | None = None
    waits: bool = False
    """Whether it is an init container that runs on."""

    def sure(self, same: bool) -> Confidence:
        """Return how sure an address is the one that failed, given whether the line names it."""
        if same:
            return Confidence.CERTAIN
        return Confidence.LIKELY if self.waits or (self.line is not None and not self.host) else Confidence.POSSIBLE

    def may_be(self, port: int | None) -> bool:
        """Whether the line names a port, and a host by its number alone."""
        return self.port is not None and self.port == port and self.host[:1].isdigit()


class Misaddressed(Struct, frozen=True, eq=False):
    """An address that cannot be right: ``service`` is the one that is meant, ``wrong`` what differs (port, name)."""

    address: Address
    service: Service
    wrong: str
    confidence: Confidence
    evidence: tuple[Proof, ...]


@lru_cache(maxsize=1024)
def failed_call(container: Container, snapshot: Snapshot) -> Said | None:
    """Return what a container that fails, or is not ready, said of its calls; None where it is well or failed otherwise."""
    pod = snapshot.get(container.ref)
    if not isinstance(pod, Pod) or pod.finished or container.waiting_reason not in ("", "CrashLoopBackOff"):
        return None
    crash = read_crash(container, snapshot)
    if crash is not None:
        return _said(crash.kind, crash.line, crash.groups) if crash.kind in _NETWORK else None
    if fault(container, snapshot) is not None:
        return Said()
    if container.running is None or container.status.ready:
        return None
    log = snapshot.log(container)
    read = signature([log.line(n) for n in range(len(log.lines))] or last_words(container, snapshot))
    if read is None:
        return Said(waits=True) if container.init and not container.sidecar else None
    return _said(*read) if read[0] in _NETWORK else None


def _said(kind: CrashKind, line: LogLine, groups: dict[str, str]) -> Said:
    return Said(line, groups.get("host", ""), int(groups["port"]) if groups.get("port") else None, kind)


@lru_cache(maxsize=1024)
def misaddressed(container: Container, snapshot: Snapshot) -> tuple[Misaddressed, ...]:
    """Return the addresses of a container that do not fit, each Service once; what it was given before what it said."""
    said = failed_call(container, snapshot)
    if said is None:
        return ()
    found: dict[tuple[Ref, str], Misaddressed] = {}
    for address in addresses(container, snapshot):
        if said.waits and address.given and address.given.field in ("command", "args"):
            continue  # what an init container calls is read where it is found to wait
        for each in _check(address, container, said, snapshot):
            found.setdefault((each.service.ref, each.wrong), each)
    if said.port is not None and not found:
        for each in _check(Address(said.host, said.port), container, said, snapshot):
            if each.wrong == "port":
                found[each.service.ref, each.wrong] = each
    return tuple(found.values())


def _check(address: Address, container: Container, said: Said, snapshot: Snapshot) -> Iterator[Misaddressed]:
    host, port, given = address.host, address.port, address.given
    ref = service_ref(host, container.ref.namespace, snapshot)
    service = snapshot.get(ref) if ref else None
    quoted = (*((given.evidence,) if given else ()), *((said.line.at(),) if said.line is not None else ()))
    if isinstance(service, Service):
        if _lacks_port(service, port) and not _own(service, container, snapshot):
            named = service_ref(said.host, container.ref.namespace, snapshot) == ref
            sure = said.sure(named and said.port in (None, port))
            if said.may_be(port):
                sure = max(sure, Confidence.LIKELY)
            yield Misaddressed(address, service, "port", sure, (*quoted, service.at("spec.ports")))
    elif ref is not None and snapshot.lacks(ref) and given is not None:
        meant = _meant(ref, port, container, snapshot)
        if meant is not None:
            sure = said.sure(said.host.rstrip(".") == host)
            proof = snapshot.absence(ref)
            yield Misaddressed(address, meant, "name", sure, (*quoted, proof, meant.at("spec.ports")))


def _lacks_port(service: Service, port: int | None) -> bool:
    """Whether a port is not one of a Service's; a headless one and one outside the cluster pass any on."""
    direct = service.text("spec.clusterIP") == "None" or service.type == "ExternalName"
    return port is not None and bool(service.ports) and not direct and all(p.port != port for p in service.ports)


def _own(service: Service, container: Container, snapshot: Snapshot) -> bool:
    pod = snapshot.get(container.ref)
    return bool(service.selector) and pod is not None and service.selector.items() <= getattr(pod, "labels", {}).items()


def _meant(ref: Ref, port: int | None, container: Container, snapshot: Snapshot) -> Service | None:
    """Return the one Service that a name which does not exist stands for: that of nearly the name, or of another namespace."""
    others = [s for s in (snapshot.get(r) for r in elsewhere(ref.name, snapshot)) if isinstance(s, Service)]
    near = [s for s in snapshot.all(Service) if s.namespace == ref.namespace and _alike(ref.name, s.name)]
    fits = [s for s in near or others if not _lacks_port(s, port) and not _own(s, container, snapshot)]
    return fits[0] if len(fits) == 1 else None


def _alike(wanted: str, name: str) -> bool:
    shorter, longer = sorted((wanted, name), key=len)
    return shorter in longer.split("-") or SequenceMatcher(None, wanted, name).ratio() >= _ALIKE
