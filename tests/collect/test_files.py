"""Snapshots out of files: every form that people have them in, and everything that can be wrong with one."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.collect.files import namespaces_in, read_path, recorded_namespace
from kubectl_diagnose.model import ConfigMap, Event, Pod, Secret

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a", "namespace": "shop", "creationTimestamp": "2026-11-22T10:00:00Z"},
    "spec": {"containers": [{"name": "app", "image": "x"}]},
    "status": {"conditions": [{"type": "Ready", "status": "False", "lastTransitionTime": "2026-11-22T10:00:07Z"}]},
}
SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "s", "namespace": "shop"},
    "data": {"password": "aHVudGVyMg=="},
}
EVENT = {
    "apiVersion": "v1",
    "kind": "Event",
    "metadata": {"name": "e", "namespace": "default"},
    "lastTimestamp": "2026-11-22T10:05:00Z",
}


def a_list(*items: Any) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, second, tzinfo=UTC)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    (tmp_path / "objects.json").write_text(a_list(POD, SECRET, EVENT))
    about = {
        "takenAt": "2026-11-22T11:00:00Z",
        "namespace": "shop",
        "server": "v1.34.0",
        "listed": {"namespace": ["pods", "configmaps", "endpoints"], "cluster": ["nodes"]},
        "failed": {"ingresses": "Error from server (Forbidden): ingresses is forbidden"},
    }
    (tmp_path / "recorded.json").write_text(json.dumps(about))
    logs = tmp_path / "logs" / "a"
    logs.mkdir(parents=True)
    (logs / "app.log").write_bytes(b"listening on 8080\nlogin password=hunter2hunter2\n\xff\n")
    (logs / "app.previous.log").write_text("it died\n")
    (tmp_path / "logs" / "gone").mkdir()
    (tmp_path / "logs" / "gone" / "app.log").write_text("of a pod that is not there\n")
    return tmp_path


def test_recording(recording: Path) -> None:
    snapshot = read_path(recording)
    assert snapshot.taken_at == at(11)
    assert snapshot.server == "v1.34.0"
    assert snapshot.listed == {("Pod", "shop"), ("ConfigMap", "shop"), ("Endpoints", "shop"), ("Node", "")}
    assert snapshot.lacks(ConfigMap.named("shop", "x"))
    assert not snapshot.lacks(Secret.named("shop", "x"))
    assert [gap.what for gap in snapshot.gaps] == ["ingresses"]
    assert recorded_namespace(recording) == "shop"
    assert namespaces_in(snapshot) == ("shop",), "an event about a node is no reason to look in its namespace"


def test_logs_are_read_and_redacted(recording: Path) -> None:
    logs = read_path(recording).logs
    pod = Pod.named("shop", "a")
    assert set(logs) == {(pod, "app", False), (pod, "app", True)}
    assert logs[pod, "app", True] == ("it died",)
    assert logs[pod, "app", False][0] == "listening on 8080"
    assert "hunter2" not in "".join(logs[pod, "app", False])


def test_values_of_secrets_are_not_kept(recording: Path) -> None:
    secret = read_path(recording).find(Secret, "shop", "s")
    assert secret is not None
    assert secret.keys == {"password"}
    assert "aHVudGVyMg==" not in str(secret.raw)


def test_without_recorded_json_nothing_is_complete(recording: Path) -> None:
    (recording / "recorded.json").unlink()
    snapshot = read_path(recording)
    assert not snapshot.listed
    assert snapshot.taken_at == at(10, 5)
    assert recorded_namespace(recording) == ""


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"listed": [1], "namespace": 3, "failed": 1, "takenAt": {}}', "\xff"])
def test_bad_recorded_json(recording: Path, text: str) -> None:
    (recording / "recorded.json").write_bytes(text.encode("latin-1"))
    snapshot = read_path(recording)
    assert snapshot.find(Pod, "shop", "a")
    assert not snapshot.listed
    assert bool(snapshot.gaps) == (not text.startswith('{"'))


def named(folder: Path, text: str | bytes, name: str = "dump.json") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        a_list(POD),
        json.dumps(POD),
        json.dumps([POD]),
        json.dumps(POD) + "\n" + a_list(EVENT),
        json.dumps({"apiVersion": "v1", "kind": "PodList", "items": [{k: v for k, v in POD.items() if k != "kind"}]}),
        yaml.safe_dump(POD),
        yaml.safe_dump(POD) + "---\n" + yaml.safe_dump(EVENT) + "---\n",
        yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [POD]}).replace("'", ""),
        b"\xef\xbb\xbf" + json.dumps(POD).encode(),
        json.dumps(POD, indent=1).replace("\n", "\r\n"),
        yaml.safe_dump(POD).replace("\n", "\r\n"),
        a_list(POD).encode("utf-16"),
    ],
    ids=["list", "object", "array", "two", "typed", "yaml", "documents", "unquoted", "bom", "crlf", "yaml-crlf", "utf-16"],
)
def test_forms(tmp_path: Path, text: str | bytes) -> None:
    snapshot = read_path(named(tmp_path, text))
    pod = snapshot.find(Pod, "shop", "a")
    assert pod is not None
    assert pod.created == at(10)
    assert not snapshot.listed
    assert snapshot.taken_at in (at(10, 0, 7), at(10, 5))


def test_folder_of_files(tmp_path: Path) -> None:
    named(tmp_path, a_list(POD))
    (tmp_path / "more").mkdir()
    named(tmp_path / "more", yaml.safe_dump(EVENT), "events.yml")
    named(tmp_path, "not read", "README.md")
    snapshot = read_path(tmp_path)
    assert {type(o) for o in snapshot.resources.values()} == {Pod, Event}
    assert not snapshot.gaps


def test_cluster_info_dump(tmp_path: Path) -> None:
    pods = {
        "kind": "PodList",
        "apiVersion": "v1",
        "items": [{k: v for k, v in POD.items() if k not in ("kind", "apiVersion")}],
    }
    named(tmp_path, json.dumps(pods), "pods.json")
    (tmp_path / "a").mkdir()
    text = (
        "==== START logs for container app of pod shop/a ====\none\ntwo\n==== END logs for container app of pod shop/a ====\n"
        "==== START logs for container side of pod shop/a ====\nthree\n"
    )
    named(tmp_path / "a", text, "logs.txt")
    snapshot = read_path(tmp_path)
    assert snapshot.find(Pod, "shop", "a")
    pod = Pod.named("shop", "a")
    assert snapshot.logs == {(pod, "app", False): ("one", "two"), (pod, "side", False): ("three",)}


def test_one_bad_file_is_a_gap(tmp_path: Path) -> None:
    named(tmp_path, a_list(POD))
    named(tmp_path, '{"kind": "Li', "cut.json")
    snapshot = read_path(tmp_path)
    assert snapshot.find(Pod, "shop", "a")
    assert [(gap.what, "cut short" in gap.why) for gap in snapshot.gaps] == [("cut.json", True)]


def test_time_of_the_file_where_objects_say_none(tmp_path: Path) -> None:
    path = named(tmp_path, json.dumps(SECRET))
    os.utime(path, (at(9).timestamp(), at(9).timestamp()))
    assert read_path(path).taken_at == at(9)


def test_a_deletion_ahead_is_not_the_time(tmp_path: Path) -> None:
    going = {**POD, "metadata": {"name": "a", "namespace": "shop", "deletionTimestamp": "2030-01-01T00:00:00Z"}}
    assert read_path(named(tmp_path, json.dumps(going))).taken_at == at(10, 0, 7)


def test_an_empty_list_is_a_snapshot(tmp_path: Path) -> None:
    assert not read_path(named(tmp_path, a_list())).resources


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (a_list(POD)[:-40], "is cut short"),
        (a_list(POD)[:33], "is cut short"),
        ('{"kind": "List", "items": [}', "is not valid JSON"),
        ("kind: Pod\nmetadata: {", "is not valid YAML"),
        ("kind: Pod\n\tname: x", "is not valid YAML"),
        ("NAME   READY   STATUS\na   0/1   Pending\n", "is neither output"),
        ("{}", "holds no Kubernetes objects"),
        ("just words", "holds no Kubernetes objects"),
        ('"text"', "holds no Kubernetes objects"),
        ("[" * 100_000, "nested too deeply"),
        (b"\x7fELF\x00\xff\xfe\x80", "is neither output"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str | bytes, says: str) -> None:
    path = named(tmp_path, text)
    with pytest.raises(UserError) as raised:
        read_path(path)
    assert says in str(raised.value)
    assert "dump.json" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_path(tmp_path / "x")
    with pytest.raises(UserError, match=r"holds no \.json or \.yaml files"):
        read_path(tmp_path)


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = named(tmp_path, a_list(POD))

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UserError, match=r"dump\.json' cannot be read: permission denied"):
        read_path(path)
