"""Which sources name a port of a container, and which do not."""

import pytest

from kubectl_diagnose.readings.ports import hints
from tests.readings.pods import Raw, container_of, pod, snapshot


def named(container: Raw, *objects: Raw, log: tuple[str, ...] = ()) -> list[tuple[str, int]]:
    known = snapshot(pod(container), *objects, log=log)
    return [(h.source, h.port) for h in hints(known, container_of(known))]


@pytest.mark.parametrize(
    ("name", "value", "port"),
    [
        ("PORT", "8080", 8080),
        ("HTTP_PORT", "8080", 8080),
        ("LISTEN_ADDR", ":8080", 8080),
        ("BIND_ADDRESS", "0.0.0.0:8080", 8080),
        ("SERVER_PORT", "eight", None),
        ("PORT", "99999", None),
        ("DB_PORT", "5432", None),
        ("POSTGRES_PORT", "5432", None),
        ("REDIS_PORT", "6379", None),
        ("METRICS_PORT", "9090", None),
        ("UPSTREAM_ADDR", "api:8080", None),
        ("REPORT", "8080", None),
    ],
)
def test_environment(name: str, value: str, port: int | None) -> None:
    assert named({"env": [{"name": name, "value": value}]}) == ([("env", port)] if port else [])


@pytest.mark.parametrize(
    ("words", "port"),
    [
        (["--port=8080"], 8080),
        (["--port", "8080"], 8080),
        (["-p", "8080"], 8080),
        (["--listen=:8080"], 8080),
        (["--bind", "0.0.0.0:8080"], 8080),
        (["--http-port=8080"], 8080),
        (["-listen-address", "x"], None),
        (["--metrics-port=9090"], None),
        (["--db-port=5432"], None),
        (["8080"], None),
        (["--port"], None),
    ],
)
@pytest.mark.parametrize("field", ["command", "args"])
def test_arguments(field: str, words: list[str], port: int | None) -> None:
    assert named({field: words}) == ([("argument", port)] if port else [])


def test_declared() -> None:
    ports: list[Raw] = [{"containerPort": 8080, "name": "http"}, {"containerPort": 9090, "name": "metrics"}]
    ports += [{"containerPort": 53, "protocol": "UDP"}]
    assert named({"ports": ports}) == [("declared", 8080)]


def test_logs() -> None:
    assert named({}, log=("metrics listening on :9090", "listening on :8080")) == [("log", 8080)]


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ({"port": 80, "targetPort": 8080}, 8080),
        ({"port": 80, "targetPort": "http"}, 3000),
        ({"port": 80, "targetPort": "nowhere"}, None),
        ({"port": 80}, 80),
        ({"port": 9090, "name": "metrics"}, None),
    ],
)
def test_services(port: Raw, expected: int | None) -> None:
    metadata = {"name": "web", "namespace": "shop"}
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"selector": {"app": "web"}, "ports": [port]},
    }
    found = named({"ports": [{"containerPort": 3000, "name": "http"}]}, service)
    assert [p for source, p in found if source == "service"] == ([expected] if expected else [])


def test_services_of_others() -> None:
    metadata = {"name": "other", "namespace": "shop"}
    spec = {"selector": {"app": "other"}, "ports": [{"port": 81}]}
    assert named({}, {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}) == []
