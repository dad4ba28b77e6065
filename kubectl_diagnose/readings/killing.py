"""Whether the kubelet stopped a container because a probe failed."""

from datetime import datetime

from msgspec import Struct

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.model import Container, Evidence, Probe, Terminated
from kubectl_diagnose.snapshot import Snapshot

BACK_OFF_RESET = 600
"""Seconds of running after which the kubelet forgets a container's restarts (pkg/kubelet: maxContainerBackOff × 2)."""
_ENDS_OF_A_STOP = (0, 1, 2, 137, 143)
"""How programs end on SIGTERM, Go's 2 among them, or on the SIGKILL after it."""


class Kill(Struct, frozen=True, eq=False):
    """A probe stopped a container: which, how sure, and what shows it."""

    probe: Probe
    confidence: Confidence
    evidence: tuple[Evidence, ...]


def probe_kill(snapshot: Snapshot, container: Container) -> Kill | None:
    """
    Return the probe that ended the last run of a container, None where it was no probe.

    The kubelet says so in a ``Killing`` event. Events expire, and those of a container that restarts often are dropped
    (client-go's spam filter), so a run that lasted as long as the probe's budget counts too where an older event, or
    failures of the probe, or the same again and again without any event point to it.
    """
    exit_ = container.last_exit
    for event in reversed(snapshot.events(container, "Killing")):
        kind = next((k for k in ("liveness", "startup") if f"failed {k} probe" in event.message), None)
        probe = container.probe(kind) if kind else None
        if probe is not None and _of_last_run(event.last_seen, exit_):
            return Kill(probe, Confidence.CERTAIN, (event.at("message"),))
        if probe is not None and exit_ is not None and _lasted(probe, exit_):
            return Kill(probe, Confidence.LIKELY, (event.at("message"), exit_.at("startedAt"), exit_.at("finishedAt")))
    return _by_run_time(snapshot, container, exit_) if exit_ is not None else None


def _of_last_run(said: datetime | None, exit_: Terminated | None) -> bool:
    """Whether a kill was said in the last run, not in one long before; one said after it is of the run that ends now."""
    if exit_ is None or exit_.started_at is None or said is None:
        return True
    return said >= exit_.started_at


def _lasted(probe: Probe, exit_: Terminated) -> bool:
    """Whether a run lasted as long as a probe takes to fail for good, the time to stop included."""
    if exit_.ran_for is None or exit_.reason == "OOMKilled" or exit_.exit_code not in _ENDS_OF_A_STOP:
        return False
    grace = probe.container.spec.number("terminationGracePeriodSeconds", 30)
    latest = probe.budget + probe.period + probe.timeout * probe.failure_threshold + grace + 5
    return probe.budget <= exit_.ran_for <= latest


def _by_run_time(snapshot: Snapshot, container: Container, exit_: Terminated) -> Kill | None:
    probe = container.probe("startup") or container.probe("liveness")
    # A program that is served by a probe and ends well by itself is rare; one that ends with an error is not.
    enough = 1 if exit_.exit_code in (0, 143) else 2
    if probe is None or container.status.restart_count < enough or not _lasted(probe, exit_):
        return None
    failures = snapshot.events(container, "Unhealthy")
    failed = [e for e in failures if e.message.lower().startswith(probe.kind)]
    if not failed and snapshot.events(container, "Started", "BackOff"):
        return None  # its events are there, and none says that the probe failed
    timing = (exit_.at("startedAt"), exit_.at("finishedAt"), probe.at("failureThreshold"), probe.at("periodSeconds"))
    return Kill(probe, Confidence.LIKELY, (*(e.at("message") for e in failed[-1:]), *timing))


def recent(snapshot: Snapshot, container: Container) -> bool:
    """Whether the last exit still counts: the container is down, or has not run for as long as the back-off reset."""
    exit_ = container.last_exit
    if exit_ is None:
        return False
    if container.running is None:
        return True
    age = snapshot.seconds_since(exit_.finished_at)
    return age is not None and age <= BACK_OFF_RESET
