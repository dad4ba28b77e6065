"""JSON patches hit the item that is meant, and can be undone."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kubectl_diagnose.fixes.json_patch import apply_merge, apply_operations, merge_inverse, operations
from tests.fixes.test_strategic import deployment, spec, unordered


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spec(nullable=False), spec(nullable=False))
def test_operations_lead_from_one_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    ops = operations(deployment(before), deployment(after))
    assert unordered(apply_operations(deployment(before), ops)) == unordered(deployment(after))


def test_an_item_is_tested_before_it_is_changed() -> None:
    before = {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "x"}]}
    after = {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]}
    ops = operations(before, after)
    assert [(op["op"], op["path"]) for op in ops] == [("test", "/containers/1/name"), ("replace", "/containers/1/image")]
    with pytest.raises(ValueError, match="does not fit"):
        apply_operations({"containers": [{"name": "b"}, {"name": "a"}]}, ops)


def test_keys_with_slashes_are_escaped() -> None:
    assert operations({"a/b~c": 1}, {}) == [{"op": "remove", "path": "/a~1b~0c"}]


@pytest.mark.parametrize(
    ("base", "patch"),
    [
        ({"a": {"b": 1}}, {"a": {"b": None, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}),
        ({}, {"a": {"b": {"c": 1}}}),
        ({"a": {"b": 1}}, {"a": None}),
        ({"a": 1}, {"a": {"b": 1}}),
    ],
)
def test_merge_patches_are_undone(base: dict[str, Any], patch: dict[str, Any]) -> None:
    assert apply_merge(apply_merge(base, patch), merge_inverse(base, patch)) == base
