"""Which addresses are read out of what a container was given."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.addresses import addresses
from kubectl_diagnose.snapshot import Snapshot

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def read(*objects: dict[str, Any], **container: Any) -> list[tuple[str, int | None]]:
    spec = {"containers": [{"name": "app", "image": "a:1", **container}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}, "spec": spec}
    snapshot = Snapshot.of([pod, *objects], NOW)
    return [(a.host, a.port) for a in addresses(snapshot.all(Pod)[0].containers[0], snapshot)]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DATABASE_URL", "postgres://shop@database:5432/shop", [("database", 5432)]),
        ("JDBC", "jdbc:mysql://db.platform:3306/x", [("db.platform", 3306)]),
        ("BACKEND", "http://backend/api", [("backend", None)]),
        ("REDIS_ADDR", "cache:6379", [("cache", 6379)]),
        ("BROKERS", "kafka-0:9092,kafka-1:9092", [("kafka-0", 9092), ("kafka-1", 9092)]),
        ("DB_HOST", "database", [("database", None)]),
        ("LISTEN_ADDR", "web:8080", []),
        ("IMAGE", "postgres:16", []),
        ("MODE", "production", []),
        ("ADDRESS", "0.0.0.0:8080", []),
        ("TIME", "12:30", []),
    ],
)
def test_variables(name: str, value: str, wanted: list[tuple[str, int | None]]) -> None:
    assert read(env=[{"name": name, "value": value}]) == wanted


def test_the_port_in_the_variable_beside() -> None:
    assert ("database", 5433) in read(env=[{"name": "DB_HOST", "value": "database"}, {"name": "DB_PORT", "value": "5433"}])


def test_arguments_and_config_maps() -> None:
    meta = {"name": "settings", "namespace": "shop"}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"API": "http://api:8080", "B": "1"}}
    assert read(args=["--upstream=http://backend:80"]) == [("backend", 80)]
    assert read(config, envFrom=[{"configMapRef": {"name": "settings"}}]) == [("api", 8080)]
    one = {"name": "API_URL", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "API"}}}
    assert read(config, env=[one]) == [("api", 8080)]
