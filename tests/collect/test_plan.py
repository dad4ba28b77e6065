"""What is asked for next is a pure function of what is known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kubectl_diagnose.collect.focus import Known
from kubectl_diagnose.collect.logs import lines_wanted
from kubectl_diagnose.collect.plan import plan
from kubectl_diagnose.collect.requests import Request
from kubectl_diagnose.snapshot import Snapshot, Target
from tests.collect.objects import container_status, pod, thing, workload

TARGET = Target(kinds=("Pod",), namespace="shop", selector="app=web")
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
Raw = dict[str, Any]


def planned(objects: list[Raw], target: Target = TARGET) -> list[Request]:
    """Return the second round's requests, the first one's answers being the objects given."""
    first = plan(Known(target, Snapshot.of([], NOW)))
    return plan(Known(target, Snapshot.of(objects, NOW), frozenset(r.key for r in first)))


def logs_of(*statuses: Raw, **more: Any) -> set[tuple[str, bool]]:
    """Return which logs are read of a pod with these container statuses."""
    spec = {"containers": [{"name": s["name"], "image": "a:1"} for s in statuses], **more.pop("spec", {})}
    status = {"containerStatuses": list(statuses), **more.pop("status", {})}
    ready = all(s["ready"] for s in statuses)
    asked = planned([pod("a", labels={"app": "web"}, spec=spec, status=status, ready=ready, **more)])
    return {(r.container, r.previous) for r in asked if r.container}


def test_the_first_round_needs_nothing() -> None:
    first = plan(Known(TARGET, Snapshot.of([], NOW)))
    paths = [r.path for r in first]
    assert paths[0] == "/api/v1/namespaces/shop/pods"
    assert first[0].critical
    assert first[0].query == (("labelSelector", "app=web"),)
    assert "/api/v1/namespaces/shop/events" in paths
    assert len(paths) == len(set(paths)) <= 14


def test_it_is_pure_and_ends() -> None:
    objects = workload()
    first, second = planned(objects), planned(objects)
    assert first == second
    snapshot = Snapshot.of(objects, NOW)
    asked = frozenset(r.key for r in (*plan(Known(TARGET, Snapshot.of([], NOW))), *first))
    rest = plan(Known(TARGET, snapshot, asked))
    assert plan(Known(TARGET, snapshot, asked | {r.key for r in rest})) == []


def test_owners_are_asked_for_by_name_and_the_deployment_with_its_replica_set() -> None:
    paths = {r.path for r in planned(workload()[-1:])}
    assert "/apis/apps/v1/namespaces/shop/replicasets/web-abc" in paths
    assert "/apis/apps/v1/namespaces/shop/deployments/web" in paths


def test_revisions_by_the_selector_of_the_deployment_and_not_by_that_of_the_target() -> None:
    objects = workload("web")
    objects[3]["spec"]["selector"]["matchLabels"] = {"part": "front"}
    found = [r for r in planned(objects) if r.path.endswith("/replicasets")]
    assert [r.query for r in found] == [(("labelSelector", "part=front"),)]


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (container_status("app"), set()),
        (container_status("app", ready=False), {False}),
        (container_status("app", restarts=1), {False, True}),
        (container_status("app", last={"exitCode": 137, "reason": "OOMKilled"}), {False, True}),
        (container_status("app", ready=False, state={"terminated": {"exitCode": 1, "reason": "Error"}}), {False}),
        (container_status("app", ready=False, state={"terminated": {"exitCode": 0, "reason": "Completed"}}), set()),
        (container_status("app", ready=False, state={"waiting": {"reason": "ImagePullBackOff"}}), set()),
        (container_status("app", ready=False, state={"waiting": {"reason": "CreateContainerConfigError"}}), set()),
        (
            container_status(ready=False, restarts=3, last={"exitCode": 1}, state={"waiting": {"reason": "CrashLoopBackOff"}}),
            {False, True},
        ),
    ],
    ids=["well", "not-ready", "restarted", "out-of-memory", "failed", "finished", "no-image", "no-config", "crash-loop"],
)
def test_which_logs(status: Raw, wanted: set[bool]) -> None:
    assert logs_of(status) == {("app", previous) for previous in wanted}


def test_logs_of_the_containers_in_trouble_alone() -> None:
    assert logs_of(container_status("app"), container_status("sidecar", ready=False)) == {("sidecar", False)}


def test_an_init_container_that_runs_or_failed() -> None:
    waiting = container_status("app", ready=False, state={"waiting": {"reason": "PodInitializing"}})
    failed = container_status("init", ready=False, state={"terminated": {"exitCode": 2}})
    for init in (container_status("init", ready=False), failed):
        spec = {"initContainers": [{"name": "init", "image": "a:1"}]}
        assert logs_of(waiting, spec=spec, status={"initContainerStatuses": [init]}) == {("init", False)}


def test_a_finished_pod_has_nothing_to_say() -> None:
    done = container_status("app", ready=False, state={"terminated": {"exitCode": 0}})
    assert logs_of(done, status={"phase": "Succeeded"}) == set()


def test_a_container_whose_probe_failed() -> None:
    failed = {"kind": "Pod", "namespace": "shop", "name": "a", "fieldPath": "spec.containers{app}"}
    event = thing("Event", "e", involvedObject=failed, reason="Unhealthy")
    asked = planned([pod("a", labels={"app": "web"}), event])
    assert [r.container for r in asked if r.container] == ["app"]


def test_three_pods_of_one_revision_are_enough() -> None:
    crashed = {"containerStatuses": [container_status(restarts=2, last={"exitCode": 1})]}
    pods = [pod(f"p{n}", labels={"app": "web"}, owner="ReplicaSet/web-abc", status=crashed) for n in range(20)]
    asked = [r for r in planned(pods) if r.container]
    assert len({r.ref for r in asked}) == 3


@pytest.mark.parametrize(("target_port", "wanted"), [(8080, []), (9090, ["app"])])
def test_the_pods_of_a_service_that_may_send_to_the_wrong_port(target_port: int, wanted: list[str]) -> None:
    spec = {"containers": [{"name": "app", "image": "a:1", "ports": [{"containerPort": 8080}]}]}
    service = thing("Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": target_port}]})
    target = Target(kinds=("Service",), namespace="shop")
    asked = planned([service, pod("a", labels={"app": "web"}, spec=spec)], target)
    assert [r.container for r in asked if r.container] == wanted


def test_secrets_are_listed_by_name_alone() -> None:
    missing = pod("a", labels={"app": "web"}, spec={"imagePullSecrets": [{"name": "gone"}]})
    first = plan(Known(TARGET, Snapshot.of([], NOW)))
    snapshot = Snapshot.of([missing], NOW)
    wanted = {r.ref for r in planned([missing]) if r.ref and r.ref.kind == "Secret"}
    snapshot = Snapshot.of([missing], NOW, missing=frozenset(wanted))
    lists = [r for r in plan(Known(TARGET, snapshot, frozenset(r.key for r in first))) if r.path.endswith("/secrets")]
    assert [r.names_only for r in lists] == [True]


def test_services_that_pods_in_trouble_call() -> None:
    env = [{"name": "DB", "value": "postgres://db:5432/x"}, {"name": "AUTH", "value": "http://auth.login.svc.cluster.local"}]
    broken = {"containerStatuses": [container_status(restarts=2, last={"exitCode": 1})]}
    caller = pod("a", labels={"app": "web"}, spec={"containers": [{"name": "app", "image": "a:1", "env": env}]}, status=broken)
    service = thing("Service", "db", spec={"selector": {"app": "db"}})
    asked = planned([caller, service])
    assert any(r.query == (("labelSelector", "app=db"),) for r in asked)
    assert any(r.path == "/api/v1/namespaces/login/services/auth" for r in asked)


def test_names_with_odd_signs_stay_in_their_place() -> None:
    weird = pod("a", labels={"app": "web"}, spec={"imagePullSecrets": [{"name": "../../nodes/x?y"}]})
    paths = [r.path for r in planned([weird]) if "secrets" in r.path]
    assert all(path.count("/") == 6 and "?" not in path for path in paths)


@pytest.mark.parametrize("raw", [{"kind": "Pod"}, {"kind": "Pod", "metadata": {"name": "a"}, "spec": None, "status": []}])
def test_odd_objects_do_no_harm(raw: Raw) -> None:
    assert isinstance(planned([{"apiVersion": "v1", **raw}]), list)


def test_what_is_a_log() -> None:
    assert not lines_wanted("unable to retrieve container logs for containerd://0123")
    assert lines_wanted("unable to start\nmore")
