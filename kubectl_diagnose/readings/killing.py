"""Whether the kubelet stopped a container because a probe failed."""

from dataclasses import dataclass
from datetime import datetime

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.model import Container, Evidence, Probe, Terminated
from kubectl_diagnose.snapshot import Snapshot

BACK_OFF_RESET = 600
"""Seconds of running after which the kubelet forgets a container's restarts (pkg/kubelet: maxContainerBackOff × 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Kill:
    """A probe stopped a container: which, how sure, and what shows it."""

    probe: Probe
    confidence: Confidence
    evidence: tuple[Evidence, ...]


def probe_kill(snapshot: Snapshot, container: Container) -> Kill | None:
    """
    Return the probe that ended the last run of a container, None where it was no probe.

    The kubelet says so in a ``Killing`` event. Where events have expired, a run that lasted as long as the probe's
    budget, more than once, is likely such a kill.
    """
    exit_ = container.last_exit
    for event in reversed(snapshot.events(container, "Killing")):
        kind = next((k for k in ("liveness", "startup") if f"failed {k} probe" in event.message), None)
        probe = container.probe(kind) if kind else None
        if probe is not None and _of_last_run(event.last_seen, exit_):
            return Kill(probe, Confidence.CERTAIN, (event.at("message"),))
    return _by_run_time(snapshot, container, exit_) if exit_ is not None else None


def _of_last_run(said: datetime | None, exit_: Terminated | None) -> bool:
    """Whether a kill was said in the last run, not in one long before; one said after it is of the run that ends now."""
    if exit_ is None or exit_.started_at is None or said is None:
        return True
    return said >= exit_.started_at


def _by_run_time(snapshot: Snapshot, container: Container, exit_: Terminated) -> Kill | None:
    probe = container.probe("startup") or container.probe("liveness")
    if probe is None or exit_.ran_for is None or container.status.restart_count < 2 or exit_.reason == "OOMKilled":
        return None
    if snapshot.events(container, "Started", "BackOff") or exit_.exit_code not in (0, 1, 2, 137, 143):
        return None  # its events are there, and none says that a probe killed it
    grace = container.spec.number("terminationGracePeriodSeconds", 30)
    latest = probe.budget + probe.period + probe.timeout * probe.failure_threshold + grace + 5
    if not probe.budget <= exit_.ran_for <= latest:
        return None
    evidence = (exit_.at("startedAt"), exit_.at("finishedAt"), probe.at("failureThreshold"), probe.at("periodSeconds"))
    return Kill(probe, Confidence.LIKELY, evidence)


def recent(snapshot: Snapshot, container: Container) -> bool:
    """Whether the last exit still counts: the container is down, or has not run for as long as the back-off reset."""
    exit_ = container.last_exit
    if exit_ is None:
        return False
    if container.running is None:
        return True
    age = snapshot.seconds_since(exit_.finished_at)
    return age is not None and age <= BACK_OFF_RESET
