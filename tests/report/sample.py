"""A small shop with one broken Deployment, and reports about it made by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from kubectl_diagnose.causes import Problem, Rank
from kubectl_diagnose.findings import Basis, Confidence, Finding, Proof, Refutation, Repair, Safety, Severity
from kubectl_diagnose.model import ConfigMap, Deployment, Event, Pod, Ref
from kubectl_diagnose.report import Report
from kubectl_diagnose.report.summing import sum_up
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Gap, Snapshot, Target

NOW = datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)
TARGET = Target(kinds=("Pod",), namespace="shop", selector="app=web", flags=("--context", "kind dev"), context="kind dev")
WEB = Deployment.named("shop", "web")
COMMAND = "kubectl -n shop --context 'kind dev' patch deployment web --type=strategic -p '" + '{"spec":{}}' + "'"
LABELS = {"app": "web", "pod-template-hash": "6d5f"}

PORT_WRONG = Rule("rules.probe.probe_port_wrong", title="Probe asks a port that nothing listens on", severity=Severity.HIGH)
NOT_READY = Rule("rules.symptom.pod_not_ready", title="Pod is not ready", severity=Severity.MEDIUM)
NO_CONTEXT = Rule("rules.hygiene.security_context_missing", title="No security context", severity=Severity.LOW)

Raw = dict[str, Any]


def container(name: str = "web", **fields: Any) -> Raw:
    """A container of a spec."""
    return {"name": name, "image": f"{name}:1", **fields}


def status(
    name: str = "web", *, ready: bool = False, restarts: int = 0, state: Raw | None = None, last: Raw | None = None
) -> Raw:
    """A container's status; it runs where no state is given."""
    now = state if state is not None else {"running": {"startedAt": "2026-11-22T14:02:11Z"}}
    return {"name": name, "ready": ready, "restartCount": restarts, "state": now, "lastState": last or {}}


def pod(name: str = "web-6d5f-aaaaa", *, statuses: Sequence[Raw] = (), ready: bool = False, **fields: Any) -> Raw:
    """A pod of the ReplicaSet ``web-6d5f``."""
    spec = {"containers": [container()], "nodeName": "node-1", **fields.pop("spec", {})}
    controller = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-6d5f", "controller": True}
    condition = {"type": "Ready", "status": str(ready), "lastTransitionTime": "2026-11-22T13:58:40Z"}
    metadata = {
        "name": name,
        "namespace": "shop",
        "labels": LABELS,
        "creationTimestamp": "2026-11-22T13:58:30Z",
        "ownerReferences": [controller],
        **fields.pop("metadata", {}),
    }
    about = {"phase": "Running", "conditions": [condition], "containerStatuses": list(statuses), **fields.pop("status", {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": about}


def replica_set(name: str = "web-6d5f", revision: int = 1, template: Raw | None = None) -> Raw:
    """A ReplicaSet of the Deployment ``web``."""
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "labels": {"pod-template-hash": name.rpartition("-")[2]},
            "annotations": {"deployment.kubernetes.io/revision": str(revision)},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": True}],
        },
        "spec": {"template": template or {"spec": {"containers": [container()]}}},
    }


def deployment(replicas: int = 3, ready: int = 0, *conditions: Raw, **spec: Any) -> Raw:
    """The Deployment ``web``."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "creationTimestamp": "2026-11-22T13:00:00Z"},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [container()]}}, **spec},
        "status": {"readyReplicas": ready, "conditions": list(conditions)},
    }


def event(message: str = "Readiness probe failed: connection refused", name: str = "web.1") -> Raw:
    """An event about the first pod."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": "shop"},
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "web-6d5f-aaaaa"},
        "reason": "Unhealthy",
        "message": message,
        "count": 12,
        "lastTimestamp": "2026-11-22T14:03:06Z",
    }


def snapshot(*objects: Raw, **known: Any) -> Snapshot:
    """A snapshot of objects."""
    return Snapshot.of(objects, NOW, **known)


def shop(message: str = "Readiness probe failed: connection refused") -> Snapshot:
    """The Deployment, its ReplicaSet, three pods that are not ready, an event and a log."""
    pods = [pod(f"web-6d5f-{letter * 5}", statuses=[status()]) for letter in "abc"]
    log = {(Pod.named("shop", "web-6d5f-aaaaa"), "web", True): ("starting", message)}
    return snapshot(deployment(), replica_set(), *pods, event(message), logs=log)


def rank(impact: int = 0, *, past: bool = False) -> Rank:
    """A rank, certain and at the probe."""
    return Rank(
        past=past,
        impact=impact,
        consequence=False,
        doubt=0,
        stage=8,
        unchanged=False,
        spread=-3,
        rule="probe-port-wrong",
        subject=WEB,
    )


def problem(cause: Finding, *repairs: Repair, impact: int = 0, past: bool = False, **fields: Any) -> Problem:
    """A problem of the Deployment that one pod shows."""
    made = Problem(cause, WEB, (cause,), (), (cause.subject,), 3, rank(impact, past=past), repairs)
    return replace(made, **fields)


def repair(**fields: Any) -> Repair:
    """A safe fix with command, check and undo."""
    made = Repair("Ask port 8080", Safety.SAFE, Basis.PROVEN, "8080 is answered", WEB, "strategic", {"spec": {}}, COMMAND)
    return replace(made, undo=COMMAND, check="kubectl -n shop rollout status deployment web", verified="simulated", **fields)


def broken(
    known: Snapshot, message: str = "readiness probe asks port 8081, container 'web' listens on 8080"
) -> tuple[Problem, ...]:
    """Two problems: one with proofs of every sort, one that the same command repairs."""
    first = next(p for p in known.all(Pod))
    log = known.log(first.containers[0], previous=True).line(1)
    proofs: list[Proof] = [
        first.containers[0].at("image"),
        *(e.at("message") for e in known.all(Event)),
        log.at(),
        known.absence(ConfigMap.named("shop", "web-confg")),
        first.containers[0].at("readinessProbe"),
    ]
    doubted = Refutation("something does listen on 8081", ("exec", first.name, "--", "wget", "-qO-", "http://localhost:8081/"))
    cause = PORT_WRONG.finding(first.containers[0], message, *proofs, confidence=Confidence.LIKELY, refuted_by=doubted)
    symptoms = tuple(NOT_READY.finding(p, "pod is not ready", p.at("status.phase")) for p in known.all(Pod))
    whole = problem(cause, repair(warnings=("Helm will revert this",)), symptoms=symptoms)
    return whole, problem(PORT_WRONG.finding(WEB, "liveness probe asks port 8081"), repair())


def report(known: Snapshot, problems: Sequence[Problem] | None = None, target: Target = TARGET, **fields: Any) -> Report:
    """The report of some problems (the two of ``broken`` by default), with advice and a gap."""
    found = broken(known) if problems is None else tuple(problems)
    advice = (problem(NO_CONTEXT.finding(WEB, "container 'web' may run as root"), repair(), impact=2),)
    gaps = (Gap("metrics", "the metrics API is not available"),)
    return replace(sum_up(target, known, found, advice, gaps), **fields)


__all__ = [
    "COMMAND", "NOW", "PORT_WRONG", "TARGET", "WEB", "Ref", "broken", "container", "deployment", "event", "pod", "problem",
    "rank", "repair", "replica_set", "report", "shop", "snapshot", "status",
]  # fmt: skip
