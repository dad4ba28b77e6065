"""Whatever field is missing or of another type: no rule raises, and there is always a report."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_diagnose.collect.files import read_path
from kubectl_diagnose.diagnose import diagnose
from kubectl_diagnose.rules import run_rules
from kubectl_diagnose.snapshot import Snapshot, Target

STORIES = sorted(p.parent for p in (Path(__file__).parent / "scenarios").glob("*/recorded.json"))
ODD: tuple[Any, ...] = (
    None,
    "",
    "0",
    0,
    -1,
    True,
    [],
    {},
    [None],
    ["x"],
    [{}],
    {"": None},
    {"name": 3},
    1.5,
    "2026-13-45T99:99:99Z",
)
NAMESPACE = "shop"

Path_ = tuple[str | int, ...]


@cache
def snapshot_of(story: Path) -> Snapshot:
    return read_path(story)


@cache
def objects_of(story: Path) -> list[Any]:
    return list(json.loads((story / "objects.json").read_text(encoding="utf-8"))["items"])


def paths(raw: Any, above: Path_ = ()) -> Iterator[Path_]:
    """Yield where every field of a raw value is."""
    entries = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, value in entries:
        yield (*above, key)
        yield from paths(value, (*above, key))


@cache
def places(story: Path) -> list[Path_]:
    return list(paths(objects_of(story)))


def spoil(objects: list[Any], path: Path_, value: Any, remove: bool) -> None:
    """Remove what is at a path, or put something else there; nothing where an earlier change took it away."""
    at: Any = objects
    for step in path[:-1]:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            return
    if not isinstance(at, dict | list) or isinstance(at, list) != isinstance(path[-1], int):
        return
    if isinstance(at, list) and path[-1] >= len(at):  # type: ignore[operator]
        return
    if remove and path[-1] in (at if isinstance(at, dict) else range(len(at))):
        del at[path[-1]]  # type: ignore[arg-type]
    else:
        at[path[-1]] = copy.deepcopy(value)  # type: ignore[index]


def spoilt(data: st.DataObject) -> Snapshot:
    """Draw a recorded snapshot and spoil one to four of its fields."""
    story = data.draw(st.sampled_from(STORIES))
    objects = copy.deepcopy(objects_of(story))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.sampled_from(places(story)))
        spoil(objects, place, data.draw(st.sampled_from(ODD)), data.draw(st.booleans()))
    sound = snapshot_of(story)
    kept = [o for o in objects if isinstance(o, dict)]
    return Snapshot.of(kept, sound.taken_at, listed=sound.listed, logs=sound.logs, missing=sound.missing)


@pytest.mark.skipif(not STORIES, reason="there are no recorded stories")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_rule_raises(data: st.DataObject) -> None:
    list(run_rules(spoilt(data), Target(namespace=NAMESPACE)))


@pytest.mark.skipif(not STORIES, reason="there are no recorded stories")
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_there_is_always_a_report(data: st.DataObject) -> None:
    assert diagnose(Target(namespace=NAMESPACE), spoilt(data)).verdict


@pytest.mark.parametrize("story", STORIES, ids=lambda p: p.name)
def test_each_object_may_be_unseen(story: Path) -> None:
    sound = snapshot_of(story)
    target = Target(namespace=NAMESPACE)
    for ref in sound.resources:
        rest = [o.raw for r, o in sound.resources.items() if r != ref]
        list(run_rules(Snapshot.of(rest, sound.taken_at, logs=sound.logs), target))


def test_a_snapshot_does_not_show_what_it_holds() -> None:
    """Where a rule fails, the gap names what it was shown."""
    sound = snapshot_of(STORIES[0])
    assert repr(sound) == f"<Snapshot of {len(sound.resources)} objects>"
