"""What a collection holds, and what becomes of everything that can go wrong on the way."""

import time
from typing import Any

import pytest

from kubectl_diagnose.collect import UserError, collect
from kubectl_diagnose.collect.budget import Budget, Progress
from kubectl_diagnose.collect.kinds import KindInfo
from kubectl_diagnose.model import Deployment, Node, Pod, Ref, ReplicaSet, Secret
from kubectl_diagnose.snapshot import Gap, Snapshot, Target
from tests.collect.fake_server import FakeServer, Fault, forbidden, serving, status
from tests.collect.objects import container_status, deployment, pod, thing, unscheduled, workload

PODS = Target(kinds=("Pod",), namespace="shop", selector="app=web")
SHOP = "/api/v1/namespaces/shop"
NOT_SERVED = status(404, "NotFound", "the server could not find the requested resource")
CRASHED = {"exitCode": 1, "reason": "Error"}
CRASHING = container_status(ready=False, restarts=3, last=CRASHED, state={"waiting": {"reason": "CrashLoopBackOff"}})
Raw = dict[str, Any]


def run(
    objects: list[Raw],
    target: Target = PODS,
    *,
    logs: dict[str, str] | None = None,
    faults: dict[str, Fault] | None = None,
    budget: Budget | None = None,
    **more: Any,
) -> tuple[Snapshot, FakeServer]:
    """Collect from a fake server, and check that nothing but GET was sent."""
    with serving(objects, logs, faults) as (server, transport):
        try:
            return collect(target, transport, budget, **more), server
        finally:
            transport.close()
            assert {method for method, _ in server.requests} <= {"GET"}


def why(snapshot: Snapshot, what: str) -> str:
    """Return why something was not seen, '' where there is no such gap."""
    return next((gap.why for gap in snapshot.gaps if gap.what == what), "")


def test_pods_and_all_that_they_lean_on() -> None:
    spec = {
        "containers": [{"name": "app", "image": "a:1", "envFrom": [{"configMapRef": {"name": "web-config"}}]}],
        "imagePullSecrets": [{"name": "registry"}],
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}],
    }
    bound = {"volumeName": "pv-1", "storageClassName": "fast"}
    claim = thing("PersistentVolumeClaim", "data", spec=bound, status={"phase": "Bound"})
    around = [
        thing("ConfigMap", "web-config", data={"A": "b"}),
        thing("Secret", "registry", data={".dockerconfigjson": "aHVudGVyMg=="}),
        claim,
        thing("PersistentVolume", "pv-1"),
        thing("StorageClass", "fast"),
        thing("Service", "web", spec={"selector": {"app": "web"}}),
        thing("Event", "e1", involvedObject={"kind": "Pod", "name": "web-abc-1"}),
        thing("PodMetrics", "web-abc-1", labels={"app": "web"}),
    ]
    budget = Budget()
    snapshot, _ = run([*workload(spec=spec), *around], budget=budget)
    kinds = {ref.kind for ref in snapshot.resources}
    assert kinds == {o["kind"] for o in [*workload(), *around]}
    assert snapshot.gaps == ()
    assert snapshot.server == "v1.34.4"
    assert len(budget.round_seconds) <= 4
    secret = snapshot.find(Secret, "shop", "registry")
    assert secret is not None
    assert dict(secret.mapping("data")) == {".dockerconfigjson": ""}


def test_only_whole_lists_say_what_is_not_there() -> None:
    snapshot, _ = run(workload())
    assert ("Service", "shop") in snapshot.listed
    assert ("Pod", "shop") not in snapshot.listed
    assert ("ReplicaSet", "shop") not in snapshot.listed


def test_missing_things_and_their_near_misses() -> None:
    spec = {"containers": [{"name": "app", "image": "a:1", "envFrom": [{"configMapRef": {"name": "web-confg"}}]}]}
    waiting = container_status(ready=False, state={"waiting": {"reason": "CreateContainerConfigError"}})
    pods = workload(spec=spec, ready=False, status={"containerStatuses": [waiting]})
    objects = [*pods, thing("ConfigMap", "web-config", data={"A": "b"})]
    snapshot, server = run(objects)
    wanted = Ref("", "ConfigMap", "shop", "web-confg")
    assert wanted in snapshot.missing
    assert snapshot.absence(wanted).nearest == ("web-config",)
    assert server.asked("/log") == []


def test_logs_of_a_crashing_container() -> None:
    objects = workload(ready=False, status={"containerStatuses": [CRASHING]})
    logs = {"web-abc-1/app": "one\ntwo token=hunter2\n", "web-abc-1/app/previous": "panic: no\n"}
    snapshot, server = run(objects, logs=logs)
    ref = Pod.named("shop", "web-abc-1")
    assert snapshot.logs == {(ref, "app", False): ("one", "two token=<redacted>"), (ref, "app", True): ("panic: no",)}
    assert all("tailLines=200" in path for path in server.asked("/log"))


def test_a_log_that_the_node_has_thrown_away_is_not_seen() -> None:
    objects = workload(ready=False, status={"containerStatuses": [CRASHING]})
    logs = {"web-abc-1/app/previous": "unable to retrieve container logs for containerd://0123abc"}
    snapshot, _ = run(objects, logs=logs)
    assert snapshot.logs == {}
    assert why(snapshot, "logs in namespace shop") == "the node has thrown a log away"


def test_forbidden_things_become_gaps_and_are_not_asked_for_again() -> None:
    spec = {"volumes": [{"name": n, "secret": {"secretName": n}} for n in ("a", "b")]}
    faults = {
        f"{SHOP}/events": forbidden("bob", "list", "events", "shop"),
        f"{SHOP}/secrets/a": forbidden("bob", "get", "secrets", "shop"),
        f"{SHOP}/secrets/b": forbidden("bob", "get", "secrets", "shop"),
        "/api/v1/nodes/node-1": forbidden("bob", "get", "nodes"),
    }
    snapshot, server = run(workload(spec=spec), faults=faults)
    assert snapshot.gaps == (
        Gap("events in namespace shop", 'user "bob" may not list events'),
        Gap("nodes", 'user "bob" may not get nodes'),
        Gap("secrets in namespace shop", 'user "bob" may not get secrets'),
    )
    assert len([p for p in server.asked("/events") if p.startswith(f"{SHOP}/events")]) == 1


def test_a_namespace_user_with_pods_that_find_no_node() -> None:
    objects = [*workload()[:3], unscheduled("a", labels={"app": "web"})]
    faults = {
        "/api/v1/nodes": forbidden("bob", "list", "nodes"),
        "/api/v1/pods": forbidden("bob", "list", "pods"),
    }
    snapshot, _ = run(objects, faults=faults)
    assert why(snapshot, "nodes") == 'user "bob" may not list nodes'
    assert why(snapshot, "pods of all namespaces") == 'user "bob" may not list pods'


def test_pods_that_find_no_node_need_all_nodes_and_all_that_runs_on_them() -> None:
    objects = [unscheduled("a", labels={"app": "web"}), pod("b", namespace="other"), thing("Node", "n1"), thing("Node", "n2")]
    snapshot, _ = run(objects)
    assert len(snapshot.all(Node)) == 2
    assert snapshot.complete("Pod", "")
    assert snapshot.find(Pod, "other", "b") is not None


def test_the_target_itself_forbidden_is_an_error() -> None:
    with pytest.raises(UserError, match=r'user "bob" may not list pods: see .kubectl auth can-i list pods -n shop.'):
        run(workload(), faults={f"{SHOP}/pods": forbidden("bob", "list", "pods", "shop")})


def test_a_name_that_is_not_there_is_an_error_with_near_misses() -> None:
    target = Target(kinds=("Deployment",), refs=(Deployment.named("shop", "wbe"),), namespace="shop")
    with pytest.raises(UserError, match='deployments "wbe" not found in namespace "shop": did you mean "web"'):
        run(workload(), target)


def test_a_namespace_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UserError, match='namespaces "shpo" not found: did you mean "shop"'):
        run(workload(), Target(kinds=("Pod",), namespace="shpo"))


def test_one_of_two_names_is_enough() -> None:
    refs = (Pod.named("shop", "web-abc-1"), Pod.named("shop", "gone"))
    snapshot, _ = run(workload(), Target(kinds=("Pod",), refs=refs, namespace="shop"))
    assert snapshot.missing == {refs[1]}


def test_busy_servers_are_asked_again_when_they_say() -> None:
    busy = Fault(429, status(429, "TooManyRequests", "slow down"), headers={"Retry-After": "1"}, times=2)
    began = time.monotonic()
    snapshot, _ = run(workload(), faults={f"{SHOP}/pods": busy})
    assert len(snapshot.all(Pod)) == 1
    assert time.monotonic() - began >= 2


def test_server_errors_are_asked_again_and_then_a_gap() -> None:
    failing = Fault(500, status(500, "InternalError", "etcd is sad"))
    once = Fault(503, status(503, "ServiceUnavailable", "wait"), times=1)
    snapshot, server = run(workload(), faults={f"{SHOP}/services": failing, f"{SHOP}/pods": once})
    assert why(snapshot, "services in namespace shop") == "the server answered 500: etcd is sad"
    assert len(server.asked(f"{SHOP}/services?")) > 1
    assert len(snapshot.all(Pod)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dial tcp 127.0.0.1:8080: connect: connection refused", "no cluster is configured"),
        ("getting credentials: exec: executable aws not found", "kubectl gets no credentials, log in again"),
        ("dial tcp 10.0.0.1:6443: i/o timeout", "the cluster cannot be reached"),
        ("tls: failed to verify certificate: x509: certificate signed by unknown authority", "certificate is not trusted"),
    ],
)
def test_what_kubectl_itself_says_ends_it_at_once(text: str, said: str) -> None:
    lists = ("pods", "events", "services", "resourcequotas", "limitranges")
    paths = ["/version", SHOP, *(f"{SHOP}/{plural}" for plural in lists)]
    faults = {path: Fault(500, text, kind="text/plain") for path in paths}
    faults |= {f"/apis/{path}": Fault(500, text, kind="text/plain") for path in _GROUP_PATHS}
    with pytest.raises(UserError, match=said):
        run(workload(), faults=faults)


_GROUP_PATHS = [
    f"{base}/namespaces/shop/{plural}"
    for base, plural in (
        ("discovery.k8s.io/v1", "endpointslices"),
        ("networking.k8s.io/v1", "ingresses"),
        ("networking.k8s.io/v1", "networkpolicies"),
        ("autoscaling/v2", "horizontalpodautoscalers"),
        ("policy/v1", "poddisruptionbudgets"),
    )
]


def test_credentials_that_are_not_accepted() -> None:
    denied = Fault(401, status(401, "Unauthorized", "Unauthorized"))
    with pytest.raises(UserError, match="log in again"):
        run(workload(), faults={f"{SHOP}/pods": denied, "/version": denied})


def test_a_slow_answer_is_a_gap() -> None:
    snapshot, _ = run(workload(), faults={f"{SHOP}/events": Fault(wait=3)}, budget=Budget(timeout=1))
    assert why(snapshot, "events in namespace shop") == "no answer within 1 seconds"
    assert len(snapshot.all(Pod)) == 1


def test_a_cut_connection_is_tried_again_and_then_a_gap() -> None:
    faults = {f"{SHOP}/services": Fault(cut=True), f"{SHOP}/pods": Fault(cut=True, times=1)}
    snapshot, _ = run(workload(), faults=faults)
    assert why(snapshot, "services in namespace shop") == "the connection was cut (IncompleteRead)"
    assert len(snapshot.all(Pod)) == 1


def test_an_answer_that_is_no_list_is_a_gap() -> None:
    snapshot, _ = run(workload(), faults={f"{SHOP}/services": Fault(200, '{"items": [{"metad')})
    assert why(snapshot, "services in namespace shop") == "the answer is not complete"
    assert not snapshot.complete("Service", "shop")


def many(count: int) -> list[Raw]:
    """Return pods of one Deployment."""
    top, _, _, web, replica_set, _ = workload()
    return [top, web, replica_set, *(pod(f"p{n:04}", owner="ReplicaSet/web-abc", labels={"app": "web"}) for n in range(count))]


def test_long_lists_are_read_in_pages() -> None:
    snapshot, server = run(many(1200), Target(kinds=("Pod",), namespace="shop"))
    assert len(snapshot.all(Pod)) == 1200
    assert snapshot.complete("Pod", "shop")
    assert len([p for p in server.asked(f"{SHOP}/pods?") if p.startswith("/api")]) == 3


def test_a_list_that_expires_is_begun_again_once() -> None:
    expired = status(410, "Expired", "the provided continue parameter is too old")
    faults = {f"{SHOP}/pods": Fault(410, expired, times=1, if_query="continue=500")}
    snapshot, _ = run(many(700), Target(kinds=("Pod",), namespace="shop"), faults=faults)
    assert len(snapshot.all(Pod)) == 700
    assert snapshot.complete("Pod", "shop")
    assert snapshot.gaps == ()


def test_a_list_that_keeps_expiring_is_partly_seen() -> None:
    expired = status(410, "Expired", "the provided continue parameter is too old")
    events = [thing("Event", f"e{n}", involvedObject={"kind": "Pod", "name": "x"}) for n in range(700)]
    faults = {f"{SHOP}/events": Fault(410, expired, if_query="continue")}
    snapshot, _ = run([*workload(), *events], faults=faults)
    assert why(snapshot, "events in namespace shop") == "the list expired while it was read"
    assert not snapshot.complete("Event", "shop")


def test_too_many_events_are_asked_for_one_object_at_a_time() -> None:
    events = [thing("Event", f"e{n:05}", involvedObject={"kind": "Pod", "name": f"x{n}"}) for n in range(2600)]
    mine = thing("Event", "zzz", involvedObject={"kind": "Pod", "name": "web-abc-1"})
    snapshot, _ = run([*workload(), *events, mine])
    assert Ref("", "Event", "shop", "zzz") in snapshot.resources
    assert "there are more" in why(snapshot, "events in namespace shop")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(404, NOT_SERVED), "the metrics API is not available"),
        (Fault(503, "no", kind="text/plain"), "the metrics API is registered, but its server does not answer"),
    ],
)
def test_metrics_that_are_not_there(fault: Fault, said: str) -> None:
    paths = [f"/apis/metrics.k8s.io/{v}/namespaces/shop/pods" for v in ("v1beta1", "v1")]
    snapshot, _ = run(workload(), faults=dict.fromkeys(paths, fault))
    assert why(snapshot, "metrics") == said


def test_metrics_of_the_newer_version() -> None:
    gone = Fault(404, NOT_SERVED)
    item = '{"metadata": {"name": "web-abc-1", "namespace": "shop"}}'
    newer = Fault(200, f'{{"apiVersion": "metrics.k8s.io/v1", "items": [{item}]}}')
    base = "/apis/metrics.k8s.io"
    faults = {f"{base}/v1beta1/namespaces/shop/pods": gone, f"{base}/v1/namespaces/shop/pods": newer}
    snapshot, _ = run(workload(), faults=faults)
    found = snapshot.find(Pod, "shop", "web-abc-1")
    assert found is not None
    sample = snapshot.metrics(found)
    assert sample is not None
    assert sample.api_version == "metrics.k8s.io/v1"


def test_the_budget_of_requests_leaves_gaps() -> None:
    budget = Budget(requests=8)
    snapshot, server = run(workload(), budget=budget)
    assert len(server.requests) <= 8
    assert budget.request_count == 8
    assert "the limit of requests was reached" in {gap.why for gap in snapshot.gaps}


def test_the_budget_of_time_leaves_gaps() -> None:
    began = time.monotonic()
    snapshot, _ = run(workload(), faults={f"{SHOP}/events": Fault(wait=8)}, budget=Budget(seconds=2))
    assert time.monotonic() - began < 6
    assert len(snapshot.all(Pod)) == 1
    assert why(snapshot, "events in namespace shop").startswith("no answer within")


def test_progress_is_told() -> None:
    told: list[Progress] = []
    run(workload(), progress=told.append)
    assert told[0].round == 1
    assert all(p.answered <= p.asked for p in told)


def test_a_selector_that_matches_nothing_shows_what_there_is() -> None:
    target = Target(kinds=("Pod",), namespace="shop", selector="app=wbe")
    snapshot, _ = run(workload(), target)
    assert snapshot.complete("Pod", "shop")
    assert snapshot.complete("Deployment", "shop")
    assert len(snapshot.all(Pod)) == 1


def test_what_pods_that_were_never_made_lean_on() -> None:
    spec = {"serviceAccountName": "gone", "containers": [{"name": "app", "image": "a:1"}]}
    snapshot, _ = run([thing("Namespace", "shop"), deployment("web", {"app": "web"}, spec)])
    assert Ref("", "ServiceAccount", "shop", "gone") in snapshot.missing


def test_a_service_without_pods_shows_what_there_is() -> None:
    service = thing("Service", "web", spec={"selector": {"app": "wbe"}})
    target = Target(kinds=("Service",), refs=(Ref("", "Service", "shop", "web"),), namespace="shop")
    snapshot, _ = run([*workload(), service], target)
    assert snapshot.complete("Pod", "shop")
    assert len(snapshot.all(Deployment)) == 1


TARGETS = {
    "Deployment": Ref("apps", "Deployment", "shop", "web"),
    "ReplicaSet": Ref("apps", "ReplicaSet", "shop", "web-abc"),
    "HorizontalPodAutoscaler": Ref("autoscaling", "HorizontalPodAutoscaler", "shop", "web"),
    "Ingress": Ref("networking.k8s.io", "Ingress", "shop", "web"),
    "Service": Ref("", "Service", "shop", "web"),
    "PersistentVolumeClaim": Ref("", "PersistentVolumeClaim", "shop", "data"),
    "Node": Ref("", "Node", "", "node-1"),
    "Namespace": Ref("", "Namespace", "", "shop"),
}


@pytest.mark.parametrize("ref", TARGETS.values(), ids=TARGETS)
def test_every_kind_of_target_leads_to_its_pods(ref: Ref) -> None:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    scaled = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    around = [
        thing("HorizontalPodAutoscaler", "web", spec={"scaleTargetRef": scaled}),
        thing("Ingress", "web", spec={"rules": [{"http": {"paths": [{"backend": backend}]}}]}),
        thing("Service", "web", spec={"selector": {"app": "web"}}),
        thing("PersistentVolumeClaim", "data", status={"phase": "Pending"}),
    ]
    spec = {"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]}
    objects = [*workload(spec=spec, ready=False, status={"containerStatuses": [CRASHING]}), *around]
    target = Target(kinds=(ref.kind,), refs=(ref,), namespace="shop")
    snapshot, server = run(objects, target, logs={"web-abc-1/app": "x"})
    assert len(snapshot.all(Pod)) == 1
    assert len(snapshot.all(Deployment)) == 1
    assert len(snapshot.all(ReplicaSet)) == 1
    assert server.asked("/log")


def test_a_cron_job_leads_to_its_pods() -> None:
    labels = {"batch.kubernetes.io/controller-uid": "1"}
    objects = [
        thing("CronJob", "c"),
        thing("Job", "c-1", owner="CronJob/c", spec={"selector": {"matchLabels": labels}}),
        pod("c-1-x", owner="Job/c-1", labels=labels),
    ]
    ref = Ref("batch", "CronJob", "shop", "c")
    snapshot, _ = run(objects, Target(kinds=("CronJob",), refs=(ref,), namespace="shop"))
    assert len(snapshot.all(Pod)) == 1


def test_a_custom_resource() -> None:
    rollouts = KindInfo("Rollout", "argoproj.io", "v1alpha1", "rollouts")
    path = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web"
    body = '{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "web", "namespace": "shop"}}'
    target = Target(kinds=("Rollout",), refs=(Ref("argoproj.io", "Rollout", "shop", "web"),), namespace="shop")
    snapshot, _ = run(workload(), target, faults={path: Fault(200, body)}, kinds=[rollouts])
    assert target.refs[0] in snapshot.resources
    assert len(snapshot.all(Pod)) == 1


@pytest.mark.parametrize("target", [Target(namespace="shop"), Target(all_namespaces=True)], ids=["namespace", "cluster"])
def test_everything(target: Target) -> None:
    snapshot, _ = run(workload(ready=False, status={"containerStatuses": [CRASHING]}), target, logs={"web-abc-1/app": "x"})
    scope = "" if target.all_namespaces else "shop"
    assert {("Pod", scope), ("Deployment", scope), ("Job", scope), ("Event", scope)} <= snapshot.listed
    assert len(snapshot.logs) == 1


def test_the_same_answers_give_the_same_snapshot() -> None:
    first, second = (run(workload())[0] for _ in range(2))
    assert sorted(first.resources) == sorted(second.resources)
    assert (first.listed, first.missing, first.gaps, first.logs) == (second.listed, second.missing, second.gaps, second.logs)
