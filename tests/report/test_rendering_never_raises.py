"""Rendering never raises, whatever is missing from what the cluster said."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_diagnose.report.json import render_json
from kubectl_diagnose.report.summing import sum_up
from kubectl_diagnose.report.text import render_text
from kubectl_diagnose.snapshot import Snapshot, Target
from tests.report.sample import broken, deployment, event, pod, replica_set, report, shop, snapshot, status

WHOLE: list[dict[str, Any]] = [
    deployment(3, 1, {"type": "Progressing", "status": "True", "lastUpdateTime": "2026-11-22T14:00:00Z"}),
    replica_set("web-6d5f", 2),
    replica_set("web-0000", 1, {"spec": {"containers": [{"name": "web", "image": "other"}]}}),
    pod(statuses=[status(restarts=1, last={"terminated": {"exitCode": 1, "finishedAt": "2026-11-22T14:00:00Z"}})]),
    event(),
]
NONSENSE: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 7, -1, True, [], {}, [None], [{}], {"a": []}, "2026-11-22T14:00:00Z", "\x1b"]
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested data."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, item in below for place in places(item, (*at, key)))]


PLACES = [place for place in places(WHOLE) if len(place) > 2]


def spoiled(spots: dict[tuple[Any, ...], Any]) -> Snapshot:
    objects = json.loads(json.dumps(WHOLE))
    for place, value in spots.items():
        inner = objects
        for step in place[:-1]:
            try:
                inner = inner[step]
            except (KeyError, IndexError, TypeError):
                break
        else:
            if isinstance(inner, dict):
                inner[place[-1]] = deepcopy(value)
    return snapshot(*objects)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spots=st.dictionaries(st.sampled_from(PLACES), NONSENSE, max_size=4), width=st.integers(0, 200))
def test_spoiled_objects(spots: dict[tuple[Any, ...], Any], width: int) -> None:
    known = spoiled(spots)
    made = sum_up(Target(namespace="shop"), known, (), (), ())
    render_text(made, known, color=False, width=width)
    json.loads(render_json(made, known))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(width=st.integers(0, 200), color=st.booleans(), keep=st.sets(st.integers(0, 4)))
def test_a_report_about_objects_that_are_gone(width: int, color: bool, keep: set[int]) -> None:
    known = snapshot(*(WHOLE[number] for number in keep))
    whole = shop()
    made = report(whole, broken(whole))
    render_text(made, known, color=color, width=width)
    json.loads(render_json(made, known))
