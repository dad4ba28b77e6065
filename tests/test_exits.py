"""What the exit of a container means, row by row, and when it still matters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.exit import Exit, ExitKind, current, read_exit
from kubectl_diagnose.snapshot import Snapshot

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
K = ExitKind
LIMITED = {"resources": {"limits": {"memory": "100Mi"}}}
PROBED = {"livenessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 5, "failureThreshold": 3}}


def at(ago: float) -> str:
    return (NOW - timedelta(seconds=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def pod(
    spec: dict[str, Any], exit_: dict[str, Any], status: dict[str, Any] | None = None, restarts: int = 3
) -> dict[str, Any]:
    last = {"startedAt": at(130), "finishedAt": at(30), **exit_}
    waiting = {"waiting": {"reason": "CrashLoopBackOff"}}
    of = {"name": "api", "restartCount": restarts, "state": waiting, "lastState": {"terminated": last}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "api-1", "namespace": "shop", "uid": "u1"},
        "spec": {"containers": [{"name": "api", "image": "api:1", **spec}]},
        "status": {"phase": "Running", "containerStatuses": [of], **(status or {})},
    }


def killing(message: str, ago: float) -> dict[str, Any]:
    about = {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "api-1", "uid": "u1"}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"api-1.{ago}", "namespace": "shop"},
        "involvedObject": {**about, "fieldPath": "spec.containers{api}"},
        "reason": "Killing",
        "message": message,
        "firstTimestamp": at(ago),
        "lastTimestamp": at(ago),
        "count": 1,
    }


def read(*objects: dict[str, Any]) -> Exit:
    snapshot = Snapshot.of(objects, NOW)
    found = snapshot.find(Pod, "shop", "api-1")
    assert found is not None
    exit_ = read_exit(found.containers[0], snapshot)
    assert exit_ is not None
    return exit_


OOM = {"reason": "OOMKilled", "exitCode": 137}
KILLED = {"reason": "Error", "exitCode": 137}
SHELL = {"command": ["sh", "-c", "work"]}
LIVENESS = killing("Container api failed liveness probe, will be restarted", 40)
ROWS: list[tuple[str, list[dict[str, Any]], ExitKind, Confidence]] = [
    ("its limit", [pod(LIMITED, OOM)], K.OUT_OF_MEMORY, Confidence.CERTAIN),
    ("its limit, and a probe's kill", [pod(LIMITED, OOM), LIVENESS], K.OUT_OF_MEMORY, Confidence.LIKELY),
    ("no limit", [pod({}, OOM)], K.NODE_OUT_OF_MEMORY, Confidence.LIKELY),
    ("a child", [pod(LIMITED, {"reason": "OOMKilled", "exitCode": 1})], K.CHILD_OUT_OF_MEMORY, Confidence.CERTAIN),
    ("missed", [pod(LIMITED, KILLED)], K.OUT_OF_MEMORY_MISSED, Confidence.LIKELY),
    ("missed, or a shell's child", [pod({**LIMITED, **SHELL}, KILLED)], K.OUT_OF_MEMORY_MISSED, Confidence.POSSIBLE),
    ("somebody", [pod({}, KILLED)], K.UNKNOWN, Confidence.LIKELY),
    ("liveness", [pod(PROBED, KILLED), LIVENESS], K.LIVENESS_KILL, Confidence.CERTAIN),
    ("an older kill", [pod({}, {"reason": "Error", "exitCode": 1}), killing(LIVENESS["message"], 900)], K.APP_ERROR,
     Confidence.CERTAIN),
    ("run time", [pod(PROBED, {**KILLED, "startedAt": at(50)})], K.LIVENESS_KILL, Confidence.LIKELY),
    ("stopped", [pod({}, KILLED), killing("Stopping container api", 35)], K.STOPPED, Confidence.CERTAIN),
    ("lost", [pod(LIMITED, {"reason": "ContainerStatusUnknown", "exitCode": 137})], K.STATUS_LOST, Confidence.CERTAIN),
    ("restart", [pod({}, {"reason": "Unknown", "exitCode": 255})], K.STATUS_LOST, Confidence.CERTAIN),
    ("evicted", [pod(LIMITED, KILLED, {"phase": "Failed", "reason": "Evicted"})], K.EVICTED, Confidence.CERTAIN),
    ("never ran", [pod({}, {"reason": "StartError", "exitCode": 128})], K.START_ERROR, Confidence.CERTAIN),
    ("completed", [pod({}, {"reason": "Completed", "exitCode": 0})], K.COMPLETED, Confidence.CERTAIN),
    ("its own error", [pod({}, {"reason": "Error", "exitCode": 3})], K.APP_ERROR, Confidence.CERTAIN),
    ("a signal", [pod({}, {"reason": "Error", "exitCode": 139})], K.SIGNAL, Confidence.CERTAIN),
]  # fmt: skip


@pytest.mark.parametrize(("objects", "kind", "confidence"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_reading_of_an_exit(objects: list[dict[str, Any]], kind: ExitKind, confidence: Confidence) -> None:
    found = read(*objects)
    assert (found.kind, found.confidence) == (kind, confidence)


@pytest.mark.parametrize(
    ("ago", "restarts", "matters"),
    [(30, 1, True), (900, 1, False), (900, 5, True), (7 * 86400, 1, False), (7 * 86400, 40, False)],
)
def test_a_run_that_ended_long_ago_does_not_matter(ago: float, restarts: int, matters: bool) -> None:
    raw = pod({}, {"reason": "Error", "exitCode": 1, "finishedAt": at(ago), "startedAt": at(ago + 60)}, restarts=restarts)
    raw["status"]["containerStatuses"][0]["state"] = {"running": {"startedAt": at(ago - 5)}}
    snapshot = Snapshot.of([raw], NOW)
    found = snapshot.find(Pod, "shop", "api-1")
    assert found is not None
    assert current(found.containers[0], snapshot) is matters
