"""Whether a probe ended a container: what events say, late or dropped, and what run times say."""

import pytest

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.readings.killing import probe_kill, recent
from kubectl_diagnose.snapshot import Snapshot
from tests.readings.pods import NOW, Raw, ago, container_of, ended, event, failed, get, pod, refused, snapshot

LIVENESS: Raw = {"livenessProbe": get(periodSeconds=10, failureThreshold=3)}
"""Fails for good 20 s after the start at the earliest, 68 s at the latest (30 s to stop among them)."""
KILLED = "Container web failed liveness probe, will be restarted"


def kill(known: Snapshot) -> tuple[str, Confidence] | None:
    found = probe_kill(known, container_of(known))
    return (found.probe.kind, found.confidence) if found else None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (KILLED, "liveness"),
        ("Container web failed startup probe, will be restarted", "startup"),
        ("Stopping container web", None),
        ("Container web definition changed, will be restarted", None),
        ("FailedPostStartHook", None),
    ],
)
def test_what_the_event_says(message: str, kind: str | None) -> None:
    container = {**LIVENESS, "startupProbe": get(failureThreshold=30)}
    known = snapshot(pod(container, ended(137, 100, 60)), event("Killing", message, 70))
    assert kill(known) == (kind and (kind, Confidence.CERTAIN))


def test_the_probe_that_is_named_must_be_there() -> None:
    known = snapshot(pod({}, ended(137, 100, 60)), event("Killing", KILLED, 70))
    assert kill(known) is None


def test_said_before_the_exit_is_recorded() -> None:
    known = snapshot(pod(LIVENESS), event("Killing", KILLED, 2))
    assert kill(known) == ("liveness", Confidence.CERTAIN)


def test_said_of_the_run_that_ends_now() -> None:
    known = snapshot(pod(LIVENESS, ended(1, 300, 290), age=50), event("Killing", KILLED, 2))
    assert kill(known) == ("liveness", Confidence.CERTAIN)


@pytest.mark.parametrize(
    ("code", "start", "end", "expected"),
    [
        (137, 100, 60, Confidence.LIKELY),
        (143, 80, 60, Confidence.LIKELY),
        (0, 125, 60, Confidence.LIKELY),
        (2, 100, 60, Confidence.LIKELY),
        (137, 65, 60, None),  # shorter than the probe takes
        (137, 600, 60, None),  # longer
        (139, 100, 60, None),  # no way to end on a signal to stop
    ],
)
def test_an_old_event_and_a_run_that_lasted_as_long(code: int, start: float, end: float, expected: Confidence | None) -> None:
    known = snapshot(
        pod(LIVENESS, ended(code, start, end), age=3000), event("Killing", KILLED, 1200), event("Started", "", 60)
    )
    assert kill(known) == (expected and ("liveness", expected))


def test_out_of_memory_is_no_probes_doing() -> None:
    known = snapshot(pod(LIVENESS, ended(137, 100, 60, "OOMKilled")), event("Killing", KILLED, 1200))
    assert kill(known) is None


def test_all_events_were_dropped() -> None:
    assert kill(snapshot(pod(LIVENESS, ended(137, 100, 60)))) == ("liveness", Confidence.LIKELY)


def test_only_failures_of_the_probe_are_left() -> None:
    known = snapshot(pod(LIVENESS, ended()), refused("liveness", 8080, 61), event("Started", "Started container web", 59))
    found = probe_kill(known, container_of(known))
    assert found is not None
    assert found.confidence is Confidence.LIKELY
    assert "connection refused" in str(found.evidence[0].value)


def test_failures_of_another_probe_say_nothing() -> None:
    known = snapshot(pod(LIVENESS, ended()), refused("readiness", 8080, 61), event("Started", "Started container web", 59))
    assert kill(known) is None


def test_its_events_are_there_and_none_says_so() -> None:
    known = snapshot(pod(LIVENESS, ended(1, 100, 60)), event("BackOff", "Back-off restarting failed container web", 5))
    assert kill(known) is None


@pytest.mark.parametrize(("code", "expected"), [(0, Confidence.LIKELY), (143, Confidence.LIKELY), (1, None), (137, None)])
def test_a_single_restart_proves_something_where_it_ended_well(code: int, expected: Confidence | None) -> None:
    known = snapshot(pod(LIVENESS, {**ended(code), "restartCount": 1}))
    assert kill(known) == (expected and ("liveness", expected))


def test_a_startup_probe_counts_where_there_is_one() -> None:
    container = {**LIVENESS, "startupProbe": get(periodSeconds=10, failureThreshold=30)}
    assert kill(snapshot(pod(container, ended(137, 100, 60)))) is None
    assert kill(snapshot(pod(container, ended(137, 380, 60)))) == ("startup", Confidence.LIKELY)


def test_without_a_probe_or_without_an_exit() -> None:
    assert kill(snapshot(pod({"readinessProbe": get()}, ended()))) is None
    assert kill(snapshot(pod(LIVENESS), failed("liveness", "EOF"))) is None


@pytest.mark.parametrize(
    ("end", "state", "expected"),
    [
        (5000, {"waiting": {"reason": "CrashLoopBackOff"}}, True),
        (60, {"running": {"startedAt": ago(59)}}, True),
        (600, {"running": {"startedAt": ago(599)}}, True),
        (601, {"running": {"startedAt": ago(600)}}, False),
    ],
)
def test_recent(end: float, state: Raw, expected: bool) -> None:
    known = snapshot(pod({}, {**ended(1, end + 10, end), "state": state}))
    assert recent(known, container_of(known)) is expected


def test_never_ended() -> None:
    known = snapshot(pod())
    assert known.taken_at == NOW
    assert not recent(known, container_of(known))
