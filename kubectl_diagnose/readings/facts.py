"""What the replicas of one container, of one revision, have proven by what they did."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.model import Container, Evidence, Pod, Probe, Ref
from kubectl_diagnose.readings.ports import Hint, hints
from kubectl_diagnose.readings.unhealthy import Outcome, Unhealthy, unhealthy
from kubectl_diagnose.relations import outdated, owner, representatives
from kubectl_diagnose.snapshot import Snapshot


class Fact(Struct, frozen=True, eq=False):
    """
    One proven thing about a container of an owner's newest revision.

    ``what`` is one of ``accepts`` (a port takes connections), ``refuses`` (it does not, in a run in which the process was
    up), ``answers`` (an HTTP path answered with ``status`` under ``scheme``), ``listens`` (two or more sources, no proof,
    agree on the port), ``exceeded`` (a memory limit in bytes, in ``amount``), ``took`` (seconds until it was ready).
    """

    owner: Ref
    container: str
    what: str
    port: int | None = None
    path: str | None = None
    scheme: str | None = None
    status: int | None = None
    amount: float | None = None
    evidence: tuple[Evidence, ...] = ()
    because: str = ""


def facts_of(snapshot: Snapshot, owner: Ref, container: str | None = None) -> tuple[Fact, ...]:
    """Return what is proven about the containers of an owner's pods, or about one of them."""
    found = _all_facts(snapshot).get(owner, ())
    return found if container is None else tuple(f for f in found if f.container == container)


@lru_cache(maxsize=8)
def _all_facts(snapshot: Snapshot) -> dict[Ref, tuple[Fact, ...]]:
    found: dict[Ref, list[Fact]] = {}
    for pod in representatives(snapshot):
        if pod.deleted is None and not outdated(snapshot, pod):
            top = owner(snapshot, pod.ref)
            for container in pod.all_containers:
                found.setdefault(top, []).extend(_container_facts(snapshot, top, pod, container))
    return {top: tuple(_unrefuted(facts)) for top, facts in found.items()}


def _container_facts(snapshot: Snapshot, top: Ref, pod: Pod, container: Container) -> Iterator[Fact]:
    proven = [f for probe in container.probes for f in _probe_facts(snapshot, top, probe)]
    yield from proven
    named = hints(snapshot, container)
    yield from _agreements(top, container, named)
    logged = {h.port for h in named if h.source == "log"}
    if proven or logged:
        yield from _refusals(snapshot, top, container, logged)
    exit_ = container.last_exit
    limit = container.memory("limits")
    if exit_ is not None and exit_.reason == "OOMKilled" and limit is not None:
        evidence = (exit_.at("reason"), container.at("resources.limits.memory"))
        because = "it was killed at its memory limit"
        yield Fact(top, container.name, "exceeded", amount=limit, evidence=evidence, because=because)
    yield from _start_time(snapshot, top, pod, container)


def _probe_facts(snapshot: Snapshot, top: Ref, probe: Probe) -> Iterator[Fact]:
    """What a probe that passes, or that is answered though with an error, proves."""
    name, port = probe.container.name, probe.port
    if port is None or probe.host or probe.handler not in ("httpGet", "tcpSocket"):
        return
    passed = _passed(snapshot, probe)
    if passed:
        because = f"the {probe.kind} probe on {port} passes"
        yield Fact(top, name, "accepts", port, scheme=probe.scheme, evidence=passed, because=because)
        if probe.handler == "httpGet":
            yield Fact(top, name, "answers", port, probe.http_path, probe.scheme, 200, evidence=passed, because=because)
    for seen in unhealthy(snapshot, probe):
        yield from _answered_with_error(top, probe, port, seen)


def _answered_with_error(top: Ref, probe: Probe, port: int, seen: Unhealthy) -> Iterator[Fact]:
    name, said = probe.container.name, (seen.event.at("message"),)
    if seen.outcome is Outcome.STATUS:
        because = f"{port} answered the {probe.kind} probe with {seen.status}"
        yield Fact(top, name, "accepts", port, scheme=probe.scheme, evidence=said, because=because)
        yield Fact(top, name, "answers", port, probe.http_path, probe.scheme, seen.status, evidence=said, because=because)
    elif seen.outcome in (Outcome.PLAIN_HTTP, Outcome.TLS):
        scheme = "HTTP" if seen.outcome is Outcome.PLAIN_HTTP else "HTTPS"
        because = f"{port} answered the {probe.kind} probe in {'plain HTTP' if scheme == 'HTTP' else 'TLS'}"
        yield Fact(top, name, "accepts", port, scheme=scheme, evidence=said, because=because)


def _passed(snapshot: Snapshot, probe: Probe) -> tuple[Evidence, ...]:
    """
    Quote what shows that a probe passes, nothing where nothing does.

    A ready container with a readiness probe has passed it; ``started`` says the same of a startup probe. A liveness
    probe passes where a run has outlasted the probe's budget twice without a restart and no failure was seen.
    """
    status = probe.container.status
    if probe.kind == "readiness" and status.ready:
        return status.at("ready"), probe.at(probe.port_path)
    if probe.kind == "startup" and status.started:
        return status.at("started"), probe.at(probe.port_path)
    running = status.running
    if probe.kind != "liveness" or running is None or probe.container.probe("startup"):
        return ()
    age = snapshot.seconds_since(running.started_at) or 0
    quiet = not unhealthy(snapshot, probe) and status.restart_count == 0
    enough = 2 * (probe.budget + probe.period + probe.timeout * probe.failure_threshold)
    return (running.at("startedAt"), probe.at(probe.port_path)) if quiet and age > enough else ()


def _agreements(top: Ref, container: Container, found: list[Hint]) -> Iterator[Fact]:
    """A port that two sources of different kind name; a declared port counts as one of them, never alone."""
    for port in dict.fromkeys(h.port for h in found):
        by_source = {h.source: h for h in found if h.port == port}
        if len(by_source) > 1:
            because = "; ".join(h.words for h in by_source.values())
            evidence = tuple(h.evidence for h in by_source.values())
            yield Fact(top, container.name, "listens", port, evidence=evidence, because=because)


def _refusals(snapshot: Snapshot, top: Ref, container: Container, logged: set[int]) -> Iterator[Fact]:
    """Ports that refuse though the process was up; one that its log says is open was refused while it started."""
    for probe in container.probes:
        if probe.port is None or probe.host or probe.port in logged:
            continue
        refused = [u for u in unhealthy(snapshot, probe) if u.outcome is Outcome.REFUSED]
        if refused:
            evidence = (refused[0].event.at("message"),)
            because = f"{probe.port} refuses connections"
            yield Fact(top, container.name, "refuses", probe.port, evidence=evidence, because=because)


def _start_time(snapshot: Snapshot, top: Ref, pod: Pod, container: Container) -> Iterator[Fact]:
    """How long a replica took until it was ready for the first time."""
    running, ready = container.running, pod.condition("Ready")
    if running is None or running.started_at is None or ready is None or ready.time is None or ready.status != "True":
        return
    took = (ready.time - running.started_at).total_seconds()
    if container.probe("readiness") and took >= 0 and container.status.restart_count == 0:
        evidence = (running.at("startedAt"), ready.at("lastTransitionTime"))
        because = f"{pod.name} was ready after {took:.0f} s"
        yield Fact(top, container.name, "took", amount=took, evidence=evidence, because=because)


def _unrefuted(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Leave out what another fact overrules: a port that accepts does not refuse (it did while starting)."""
    found = list(facts)
    accepting = {(f.container, f.port) for f in found if f.what == "accepts"}
    refusing = {(f.container, f.port) for f in found if f.what == "refuses"} - accepting
    for fact in found:
        at = (fact.container, fact.port)
        if fact.what == "refuses" and at in accepting:
            continue
        if fact.what == "listens" and at in refusing:
            continue
        yield fact
