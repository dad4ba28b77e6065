"""Which port a probe should ask, out of all that is known of the container."""

from msgspec import Struct

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.model import Evidence, Probe
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.facts import Fact
from kubectl_diagnose.readings.ports import Hint, hints
from kubectl_diagnose.readings.startup import starting
from kubectl_diagnose.snapshot import Snapshot

_OWN_PORT = regex(r"^(?:(?:HTTP|SERVER|APP|WEB|LISTEN)_)?PORT is ")


class RightPort(Struct, frozen=True, eq=False):
    """The port that a probe should ask, how sure, and on what that rests."""

    port: int
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    because: str


def right_port(snapshot: Snapshot, probe: Probe, facts: tuple[Fact, ...]) -> RightPort | None:
    """
    Return the port that a container is known to serve, None where nothing names one, or where several are as good.

    A port that took a connection is certain, so is one that two sources agree on; one source alone is likely at most.
    """
    for what in ("accepts", "listens"):
        found = {f.port: f for f in reversed(facts) if f.what == what and f.port is not None}
        if probe.port in found:
            fact = found[probe.port]
            return RightPort(probe.port, Confidence.CERTAIN, fact.evidence, fact.because)
        if found:
            ranked = sorted(found.values(), key=lambda f: (-_serves(snapshot, probe, f.port), f.port or 0))
            clear = len(ranked) == 1 or _serves(snapshot, probe, ranked[0].port) > _serves(snapshot, probe, ranked[1].port)
            confidence = Confidence.CERTAIN if clear else Confidence.LIKELY
            return RightPort(ranked[0].port or 0, confidence, ranked[0].evidence, ranked[0].because)
    named = hints(snapshot, probe.container)
    return _single_source(named, probe) or (None if starting(snapshot, probe.container) else _told(named, probe))


def _serves(snapshot: Snapshot, probe: Probe, port: int | None) -> int:
    """How many sources name a port, those of Services twice."""
    sources = {h.source for h in hints(snapshot, probe.container) if h.port == port}
    return len(sources) + ("service" in sources)


def _told(found: list[Hint], probe: Probe) -> RightPort | None:
    """The port that the program is told, where the one that the probe asks is declared only: a declaration opens nothing."""
    named = {h.source for h in found if h.port == probe.port}
    told = {h.port: h for h in found if h.source == "argument" or (h.source == "env" and _OWN_PORT.match(h.words))}
    if named != {"declared"} or len(told) != 1 or probe.port in told:
        return None
    hint = next(iter(told.values()))
    return RightPort(hint.port, Confidence.LIKELY, (hint.evidence,), hint.words)


def _single_source(found: list[Hint], probe: Probe) -> RightPort | None:
    if any(h.port == probe.port for h in found):
        return None
    ports = {h.port: h for h in reversed(found)}
    if len(ports) != 1:
        return None
    hint = next(iter(ports.values()))
    return RightPort(hint.port, Confidence.LIKELY, (hint.evidence,), hint.words)
