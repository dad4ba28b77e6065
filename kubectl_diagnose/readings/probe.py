"""What is wrong with a probe that fails: one decision table for every rule about probes."""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.model import Container, Evidence, Pod, Probe
from kubectl_diagnose.readings.facts import Fact, facts_of
from kubectl_diagnose.readings.killing import Kill, probe_kill, recent
from kubectl_diagnose.readings.listening import listening
from kubectl_diagnose.readings.ports import hints, told_loopback
from kubectl_diagnose.readings.right_port import right_port
from kubectl_diagnose.readings.startup import start_budget, starting
from kubectl_diagnose.readings.unhealthy import Outcome, Unhealthy, decisive, unhealthy
from kubectl_diagnose.relations import owner
from kubectl_diagnose.snapshot import Snapshot


class Fault(StrEnum):
    """What is wrong with a failing probe; each is one rule's."""

    PORT = "probe-port-wrong"
    NAMED_PORT = "probe-named-port-missing"
    PATH = "probe-path-not-found"
    SCHEME = "probe-scheme-wrong"
    TIMEOUT = "probe-timeout"
    COMMAND_MISSING = "probe-command-missing"
    COMMAND_FAILED = "probe-command-failed"
    TOO_EARLY = "probe-too-early"
    LOOPBACK = "server-bound-to-loopback"
    NOT_LISTENING = "probe-target-not-listening"
    ERROR_STATUS = "probe-answered-with-error"
    KILLS = "liveness-kills"


class ProbeReading(Struct, frozen=True, eq=False):
    """A failing probe: its fault, how sure, what shows it, the newest event, the kill it led to, and what is known."""

    fault: Fault
    probe: Probe
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    seen: Unhealthy | None
    kill: Kill | None
    facts: tuple[Fact, ...]
    since: datetime | None


@lru_cache(maxsize=8)
def _cache(snapshot: Snapshot) -> dict[Probe, ProbeReading | None]:
    return {}


def read_probe(snapshot: Snapshot, probe: Probe) -> ProbeReading | None:
    """Return what is wrong with a probe, None where it does not fail, or where that may be the start alone."""
    cache = _cache(snapshot)
    if probe not in cache:
        cache[probe] = _read(snapshot, probe)
    return cache[probe]


def _read(snapshot: Snapshot, probe: Probe) -> ProbeReading | None:
    kill = probe_kill(snapshot, probe.container)
    kill = kill if kill and kill.probe.kind == probe.kind and recent(snapshot, probe.container) else None
    failing = _failing(snapshot, probe, kill)
    if not failing:
        return None
    seen = decisive(snapshot, probe)
    facts = facts_of(snapshot, owner(snapshot, probe.ref), probe.container.name)
    decided = _decide(snapshot, probe, seen, kill, facts)
    if decided is None:
        return None
    fault, confidence, extra = decided
    shown = (seen.event.at("message"),) if seen else ()
    since = seen.event.first_seen if seen else None
    evidence = (*shown, *(kill.evidence if kill else ()), *extra) or failing
    return ProbeReading(fault, probe, confidence, evidence, seen, kill, facts, since)


def _failing(snapshot: Snapshot, probe: Probe, kill: Kill | None) -> tuple[Evidence, ...]:
    """Quote what shows that a probe fails at present."""
    if kill is not None:
        return kill.evidence
    status = probe.container.status
    if status.running is None:
        return _failed_between_kills(snapshot, probe)
    if probe.kind == "readiness":
        return () if status.ready or status.started is False else (status.at("ready"),)
    if probe.kind == "startup":
        failed = status.started is False and unhealthy(snapshot, probe)
        return (status.at("started"),) if failed else ()
    recently = [u for u in unhealthy(snapshot, probe) if _recent_failure(snapshot, probe, u)]
    return (recently[0].event.at("message"),) if recently else ()


def _failed_between_kills(snapshot: Snapshot, probe: Probe) -> tuple[Evidence, ...]:
    """Quote what a readiness probe failed from since the pod was last ready, where another probe ends the container."""
    pod = pod_of(snapshot, probe)
    ready = pod.condition("Ready") if pod else None
    seen = decisive(snapshot, probe)
    if probe.kind != "readiness" or seen is None or ready is None or probe_kill(snapshot, probe.container) is None:
        return ()
    last = seen.event.last_seen
    return (seen.event.at("message"),) if ready.time is None or last is None or last >= ready.time else ()


def _recent_failure(snapshot: Snapshot, probe: Probe, seen: Unhealthy) -> bool:
    """Whether a liveness failure was seen in this run within the last three periods."""
    running = probe.container.running
    age = snapshot.seconds_since(seen.event.last_seen)
    if age is None or running is None or running.started_at is None or seen.event.last_seen is None:
        return False
    return seen.event.last_seen >= running.started_at and age <= 3 * probe.period + probe.timeout


Decision = tuple[Fault, Confidence, tuple[Evidence, ...]]

_SIMPLE = {
    Outcome.PLAIN_HTTP: Fault.SCHEME,
    Outcome.TLS: Fault.SCHEME,
    Outcome.COMMAND_MISSING: Fault.COMMAND_MISSING,
    Outcome.COMMAND_FAILED: Fault.COMMAND_FAILED,
    Outcome.NAMED_PORT: Fault.NAMED_PORT,
    Outcome.NO_GRPC: Fault.SCHEME,
    Outcome.NOT_SERVING: Fault.ERROR_STATUS,
}


def _decide(
    snapshot: Snapshot, probe: Probe, seen: Unhealthy | None, kill: Kill | None, facts: tuple[Fact, ...]
) -> Decision | None:
    if isinstance(probe.port_written, str) and probe.port is None:
        return Fault.NAMED_PORT, Confidence.CERTAIN, (probe.at(probe.port_path), probe.container.at("ports"))
    if seen is None:
        return _without_events(snapshot, probe, kill, facts)
    if kill is None and _may_pass(probe, seen) and starting(snapshot, probe.container):
        return None
    if seen.outcome in _SIMPLE:
        return _SIMPLE[seen.outcome], Confidence.CERTAIN, (probe.at(),) if probe.handler == "exec" else ()
    if seen.outcome is Outcome.STATUS:
        fault = Fault.PATH if seen.status in (404, 410) else Fault.ERROR_STATUS
        return fault, Confidence.CERTAIN, (probe.at("httpGet.path"), probe.at("httpGet.port"))
    if seen.outcome in (Outcome.REFUSED, Outcome.UNCONNECTED):
        return _refused(snapshot, probe, kill, facts)
    if seen.outcome is Outcome.SLOW:
        return Fault.TIMEOUT, Confidence.CERTAIN, (probe.at("timeoutSeconds"),)
    return (Fault.KILLS, kill.confidence, ()) if kill else None


def _may_pass(probe: Probe, seen: Unhealthy) -> bool:
    """Whether a probe may fail in this way while the program starts; a startup probe is there to say "not yet"."""
    if seen.outcome in (Outcome.SLOW, Outcome.UNREACHABLE, Outcome.OTHER):
        return True
    unwell = seen.outcome in (Outcome.COMMAND_FAILED, Outcome.NOT_SERVING) or (seen.status or 0) >= 500
    return probe.kind == "startup" and unwell


def _refused(snapshot: Snapshot, probe: Probe, kill: Kill | None, facts: tuple[Fact, ...]) -> Decision | None:
    """
    Tell apart why a connection was refused.

    First match wins: bound to the loopback; asked by gRPC what is open; another port is known to be the right one; too
    early; nothing listens.
    """
    if unfit := _on_loopback(snapshot, probe) or _no_grpc(snapshot, probe, facts):
        return unfit
    other = right_port(snapshot, probe, facts)
    if other is not None and other.port != probe.port and not (probe.host and other.confidence < Confidence.CERTAIN):
        return Fault.PORT, other.confidence, (probe.at(probe.port_path), *other.evidence)
    if _crashes_by_itself(snapshot, probe.container, kill) or (kill is None and _killed_early(snapshot, probe.container)):
        return None
    if kill is not None:
        return Fault.TOO_EARLY, Confidence.LIKELY, _timing(probe)
    if starting(snapshot, probe.container):
        return None
    return Fault.NOT_LISTENING, Confidence.LIKELY, (probe.at(probe.port_path),)


def _no_grpc(snapshot: Snapshot, probe: Probe, facts: tuple[Fact, ...]) -> Decision | None:
    """The kubelet says the same of a closed port and of one that speaks another protocol than gRPC."""
    if probe.handler != "grpc":
        return None
    there = any(f.what in ("accepts", "listens") and f.port == probe.port for f in facts)
    if there or any(x.port == probe.port for x in listening(snapshot, probe.container)):
        return Fault.SCHEME, Confidence.LIKELY, (probe.at("grpc.port"),)
    return None


def _on_loopback(snapshot: Snapshot, probe: Probe) -> Decision | None:
    opened = [x for x in listening(snapshot, probe.container) if x.port == probe.port]
    if opened:
        return (Fault.LOOPBACK, Confidence.CERTAIN, (opened[0].evidence,)) if all(x.loopback for x in opened) else None
    told = next((h for h in told_loopback(probe.container) if h.port == probe.port), None)
    return (Fault.LOOPBACK, Confidence.LIKELY, (told.evidence,)) if told else None


def _without_events(snapshot: Snapshot, probe: Probe, kill: Kill | None, facts: tuple[Fact, ...]) -> Decision | None:
    """Decide by specs, statuses and logs alone: events expire after an hour and are dropped under load."""
    if kill is None and _crashes_by_itself(snapshot, probe.container, kill):
        return None
    named = hints(snapshot, probe.container)
    up = any(h.source == "log" for h in named)
    if starting(snapshot, probe.container) and not up:
        return None
    other = right_port(snapshot, probe, facts)
    asked_by_others = probe.port in {None, *(h.port for h in named)}
    if other is not None and other.port != probe.port and not asked_by_others and not probe.host:
        return Fault.PORT, min(other.confidence, Confidence.LIKELY), (probe.at(probe.port_path), *other.evidence)
    if kill is None:
        return None
    listens = any(x.port == probe.port for x in listening(snapshot, probe.container))
    return (Fault.KILLS if listens else Fault.TOO_EARLY), Confidence.POSSIBLE, _timing(probe)


def _timing(probe: Probe) -> tuple[Evidence, ...]:
    return probe.at("initialDelaySeconds"), probe.at("periodSeconds"), probe.at("failureThreshold")


def _crashes_by_itself(snapshot: Snapshot, container: Container, kill: Kill | None) -> bool:
    """Whether the container ends without a probe's doing, so that refusals are the crash's."""
    exit_ = container.last_exit
    return kill is None and exit_ is not None and recent(snapshot, container) and probe_kill(snapshot, container) is None


def _killed_early(snapshot: Snapshot, container: Container) -> bool:
    """Whether another probe ends the container again and again, and this run has not had the time to start either."""
    running = container.running
    age = snapshot.seconds_since(running.started_at) if running else None
    return probe_kill(snapshot, container) is not None and (age is None or age < start_budget(container))


def pod_of(snapshot: Snapshot, probe: Probe) -> Pod | None:
    """Return the pod that a probe belongs to, None for one of a template."""
    found = snapshot.get(probe.ref)
    return found if isinstance(found, Pod) else None
