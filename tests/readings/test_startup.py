"""Whether something is merely not finished starting."""

import pytest

from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.startup import start_budget, starting, waiting
from tests.readings.pods import POD, Raw, container_of, ended, event, get, pod, snapshot

CREATING: Raw = {"started": False, "state": {"waiting": {"reason": "ContainerCreating"}}}
BACK_OFF: Raw = {"started": False, "state": {"waiting": {"reason": "ImagePullBackOff"}}}


@pytest.mark.parametrize(
    ("container", "seconds"),
    [
        ({}, 30),
        ({"readinessProbe": get()}, 30),
        ({"readinessProbe": get(initialDelaySeconds=60)}, 90),
        ({"readinessProbe": get(periodSeconds=20, failureThreshold=5)}, 100),
        ({"startupProbe": get(periodSeconds=10, failureThreshold=30)}, 300),
        ({"startupProbe": get(failureThreshold=2), "readinessProbe": get(initialDelaySeconds=600)}, 20),
    ],
)
def test_budget(container: Raw, seconds: int) -> None:
    assert start_budget(container_of(snapshot(pod(container)))) == seconds


@pytest.mark.parametrize(
    ("status", "age", "expected"),
    [
        ({}, 29, True),
        ({}, 31, False),
        ({"ready": True}, 5, False),
        ({"restartCount": 1}, 5, False),
        (CREATING, 5, False),
    ],
)
def test_a_container(status: Raw, age: float, expected: bool) -> None:
    known = snapshot(pod({}, status, age=age))
    assert (starting(known, container_of(known)) is not None) is expected


@pytest.mark.parametrize(
    ("status", "age", "events", "expected"),
    [
        ({}, 5, [], True),
        ({}, 60, [], False),
        (CREATING, 20, [], True),
        (CREATING, 90, [], False),
        (CREATING, 90, [("Pulling", 'Pulling image "big"')], True),
        (CREATING, 90, [("Pulling", 'Pulling image "big"'), ("Failed", "no such image")], False),
        (BACK_OFF, 5, [], False),
        ({**CREATING, **ended()}, 5, [], False),
    ],
    ids=["young", "late", "creating", "created for long", "pulling", "pull failed", "back-off", "ended before"],
)
def test_a_pod(status: Raw, age: float, events: list[tuple[str, str]], expected: bool) -> None:
    known = snapshot(pod({}, status, age=age), *(event(*e) for e in events))
    found = known.get(POD)
    assert isinstance(found, Pod)
    assert (waiting(known, found) is not None) is expected


def test_a_pod_that_is_ready_done_or_going() -> None:
    for change in ({"status": {"phase": "Succeeded"}}, {"metadata": {"deletionTimestamp": "2026-11-22T14:00:00Z"}}):
        raw = pod(age=5)
        for part, fields in change.items():
            raw[part] |= fields
        found = snapshot(raw).get(POD)
        assert isinstance(found, Pod)
        assert waiting(snapshot(raw), found) is None
