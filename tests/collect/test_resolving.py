"""What is asked for where a log says that a name did not resolve, and only there."""

from datetime import UTC, datetime

import pytest

from kubectl_diagnose.collect.focus import Known
from kubectl_diagnose.collect.plan import plan
from kubectl_diagnose.collect.resolving import plan_resolving
from kubectl_diagnose.model import Ref
from kubectl_diagnose.snapshot import Snapshot, Target
from tests.collect.objects import container_status, pod, thing

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
TARGET = Target(kinds=("Pod",), namespace="shop", selector="app=web")
ENDED = {"exitCode": 1, "reason": "Error", "finishedAt": "2026-11-22T14:59:50Z", "startedAt": "2026-11-22T14:59:40Z"}


def asked(*lines: str) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return what is asked for when a container ended with these lines."""
    waiting = {"waiting": {"reason": "CrashLoopBackOff"}}
    status = container_status(state=waiting, ready=False, restarts=3, last=ENDED)
    raw = pod("a", labels={"app": "web"}, ready=False, status={"containerStatuses": [status]})
    logs = {(Ref("", "Pod", "shop", "a"), "app", True): lines}
    known = Known(TARGET, Snapshot.of([raw], NOW, logs=logs))
    return {(r.path, r.query) for r in plan_resolving(known)}


def test_services_of_that_name_and_the_dns_server() -> None:
    found = asked("starting", "dial tcp: lookup cache on 10.96.0.10:53: no such host")
    assert ("/api/v1/services", (("fieldSelector", "metadata.name=cache"),)) in found
    assert ("/api/v1/namespaces/kube-system/services/kube-dns", ()) in found
    assert ("/api/v1/namespaces/kube-system/pods", (("labelSelector", "k8s-app=kube-dns"),)) in found


def test_a_host_outside_the_cluster_is_no_service() -> None:
    found = asked("lookup api.example.com on 10.96.0.10:53: no such host")
    assert "/api/v1/services" not in {path for path, _ in found}
    assert found


@pytest.mark.parametrize("line", ["dial tcp 10.96.0.7:5432: connect: connection refused", "panic: nil map", ""])
def test_nothing_for_other_failures(line: str) -> None:
    assert asked("starting", line) == set()


def test_budgets_of_all_namespaces_where_a_cordoned_node_is_asked_for() -> None:
    target = Target(kinds=("Node",), refs=(Ref("", "Node", "", "node-1"),))
    for spec, wanted in (({"unschedulable": True}, True), ({}, False)):
        first = frozenset(r.key for r in plan(Known(target, Snapshot.of([], NOW))))
        known = Known(target, Snapshot.of([thing("Node", "node-1", spec=spec)], NOW), first)
        assert ("/apis/policy/v1/poddisruptionbudgets" in {r.path for r in plan(known)}) is wanted
