"""Pods with one container, their events and logs, built in a line each."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from kubectl_diagnose.model import Container, Pod, Probe, Ref
from kubectl_diagnose.readings.facts import Fact, facts_of
from kubectl_diagnose.snapshot import Snapshot

Raw = dict[str, Any]
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
POD = Ref("", "Pod", "shop", "web")


def ago(seconds: float) -> str:
    """The time that many seconds before the snapshot, as the API writes it."""
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def get(port: int | str = 8080, path: str = "/healthz", **more: Any) -> Raw:
    """A probe over HTTP; keywords are the probe's other fields."""
    return {"httpGet": {"port": port, "path": path}, **more}


def pod(container: Raw | None = None, status: Raw | None = None, age: float = 600, name: str = "web") -> Raw:
    """A pod of one container ``web``, running and not ready, unless its status says otherwise."""
    running = {"name": "web", "ready": False, "started": True, "restartCount": 0}
    running |= {"state": {"running": {"startedAt": ago(age)}}, **(status or {})}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "labels": {"app": "web"}, "creationTimestamp": ago(age)},
        "spec": {"containers": [{"name": "web", "image": "example/web:1", **(container or {})}]},
        "status": {"phase": "Running", "containerStatuses": [running]},
    }


def ended(code: int = 137, start: float = 100, end: float = 60, reason: str = "Error") -> Raw:
    """A run that ended, by how many seconds ago it started and finished."""
    run = {"exitCode": code, "reason": reason, "startedAt": ago(start), "finishedAt": ago(end)}
    return {"lastState": {"terminated": run}, "restartCount": 3}


def event(reason: str, message: str, last: float = 5, name: str = "web") -> Raw:
    """An event about container ``web``, by how many seconds ago it was seen last."""
    about = {"kind": "Pod", "namespace": "shop", "name": name, "fieldPath": "spec.containers{web}"}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{name}.{crc32(f'{reason}{message}{last}'.encode())}", "namespace": "shop"},
        "involvedObject": about,
        "reason": reason,
        "message": message,
        "firstTimestamp": ago(last),
        "lastTimestamp": ago(last),
    }


def failed(kind: str, output: str, last: float = 5, name: str = "web") -> Raw:
    """An event of the kubelet about a probe that failed."""
    return event("Unhealthy", f"{kind.title()} probe failed: {output}", last, name)


def refused(kind: str, port: int, last: float = 5) -> Raw:
    """An event about a probe whose connection was refused."""
    return failed(
        kind, f'Get "http://10.244.0.9:{port}/healthz": dial tcp 10.244.0.9:{port}: connect: connection refused', last
    )


def snapshot(*objects: Raw, log: tuple[str, ...] = (), previous: tuple[str, ...] = ()) -> Snapshot:
    """A snapshot of some objects, with log lines of container ``web``."""
    return Snapshot.of(objects, NOW, logs={(POD, "web", False): log, (POD, "web", True): previous})


def container_of(known: Snapshot) -> Container:
    """Container ``web`` of pod ``web``."""
    found = known.get(POD)
    assert isinstance(found, Pod)
    return found.containers[0]


def probe_of(known: Snapshot, kind: str = "readiness") -> Probe:
    """A probe of container ``web``."""
    found = container_of(known).probe(kind)
    assert found is not None
    return found


def said(known: Snapshot, *whats: str) -> set[tuple[str, int | None]]:
    """What the facts say of ports, as ``(what, port)``; of some kinds only where they are named."""
    return {(f.what, f.port) for f in facts(known) if f.port and (not whats or f.what in whats)}


def facts(known: Snapshot) -> tuple[Fact, ...]:
    """The facts about pod ``web``."""
    return facts_of(known, POD)
