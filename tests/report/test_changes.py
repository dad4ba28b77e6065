"""What the newest revision changed."""

from typing import Any

from kubectl_diagnose.report.changes import changes
from tests.report.sample import WEB, container, deployment, replica_set, snapshot


def between(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    old, new = replica_set("web-1", 1, before), replica_set("web-2", 2, after)
    return [(c["path"], c["before"], c["after"]) for c in changes(snapshot(deployment(), new, old), WEB)]


def template(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "metadata": {"labels": {"pod-template-hash": str(len(containers))}},
        "spec": {"containers": list(containers), **more},
    }


def test_containers_are_matched_by_name_not_by_place() -> None:
    before = template(container("web"), container("side"))
    after = template(container("side"), container("web", image="web:2"))
    assert between(before, after) == [("containers[web].image", "web:1", "web:2")]


def test_an_item_that_came_is_one_change() -> None:
    assert between(template(container("web")), template(container("web"), container("side"))) == [
        ("containers[side]", None, container("side"))
    ]


def test_lists_without_keys_are_shown_whole() -> None:
    before, after = template(container(args=["a"])), template(container(args=["a", "b"]))
    assert between(before, after) == [("containers[web].args", ["a"], ["a", "b"])]


def test_maps_and_labels_are_in_brackets() -> None:
    before, after = template(container(), nodeSelector={"a.b/c": "1"}), template(container(), nodeSelector={"a.b/c": "2"})
    assert between(before, after) == [("nodeSelector[a.b/c]", "1", "2")]


def test_the_hash_that_the_controller_writes_is_no_change() -> None:
    before, after = template(container()), template(container())
    after["metadata"]["labels"] = {"pod-template-hash": "other"}
    assert between(before, after) == []


def test_one_revision_has_no_changes() -> None:
    assert list(changes(snapshot(deployment(), replica_set()), WEB)) == []
