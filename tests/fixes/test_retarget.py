"""A fix changes the object that keeps the template, by the patch that it takes."""

from typing import Any

import pytest

from kubectl_diagnose.findings import Fix, Kubectl, ObjectEdit, RolloutUndo, Safety
from kubectl_diagnose.fixes.json_patch import apply_operations
from kubectl_diagnose.fixes.strategic import apply
from kubectl_diagnose.model import ConfigMap, Node, Service, ref_of
from kubectl_diagnose.snapshot import Target
from tests.fixes.building import container, edit, manual, owned, pod, pod_spec, probe_edit, repairs, snapshot, workload

ASK_8080 = probe_edit("readiness", 8080)
Raw = dict[str, Any]


def port_in(template: Raw) -> int:
    port: int = template["spec"]["containers"][0]["readinessProbe"]["httpGet"]["port"]
    return port


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])
def test_controllers_take_a_strategic_patch(kind: str) -> None:
    owner = workload(kind)
    (repair,) = repairs(snapshot(owner, pod(owned_by=owner)), pod(owned_by=owner), ASK_8080)
    assert (repair.target, repair.type, repair.safety) == (ref_of(owner), "strategic", Safety.SAFE)
    assert port_in(apply(owner, repair.patch)["spec"]["template"]) == 8080
    assert repair.command is not None
    assert repair.command.startswith(f'kubectl -n shop patch {kind.lower()} api --type=strategic -p \'{{"spec"')
    assert repair.undo is not None
    assert '"port":8081' in repair.undo


def test_the_deployment_above_a_replica_set_is_patched() -> None:
    top = workload("Deployment")
    middle = workload("ReplicaSet", metadata={"name": "api-1", "ownerReferences": [owned(top)]})
    (repair,) = repairs(snapshot(top, middle, pod(owned_by=middle)), pod(owned_by=middle), ASK_8080)
    assert repair.target == ref_of(top)


def test_an_unread_deployment_is_inferred_and_said_to_be() -> None:
    middle = workload("ReplicaSet", metadata={"name": "api-6d5f"})
    one = pod(owned_by=middle, metadata={"labels": {"pod-template-hash": "6d5f"}})
    (repair,) = repairs(snapshot(one), one, ASK_8080)
    assert str(repair.target) == "deployment/api"
    assert any("inferred" in warning for warning in repair.warnings)
    assert repair.undo is not None
    assert '"port":8081' in repair.undo


def test_a_cron_job_is_patched_below_its_job_template() -> None:
    top = workload("CronJob", "batch/v1")
    job = workload("Job", "batch/v1", metadata={"name": "api-1", "ownerReferences": [owned(top)]})
    (repair,) = repairs(snapshot(top, job, pod(owned_by=job)), pod(owned_by=job), ASK_8080)
    assert port_in(apply(top, repair.patch)["spec"]["jobTemplate"]["spec"]["template"]) == 8080
    assert any("next run" in warning for warning in repair.warnings)


@pytest.mark.parametrize(
    ("kind", "version"), [("Rollout", "argoproj.io/v1alpha1"), ("DeploymentConfig", "apps.openshift.io/v1")]
)
def test_custom_resources_take_a_json_patch(kind: str, version: str) -> None:
    owner = workload(kind, version, spec=pod_spec(container("proxy"), container()))
    (repair,) = repairs(snapshot(owner), owner, ASK_8080)
    assert repair.type == "json"
    assert repair.patch[0] == {"op": "test", "path": "/spec/template/spec/containers/1/name", "value": "api"}
    patched = apply_operations(owner, repair.patch)
    assert patched["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"]["port"] == 8081
    assert patched["spec"]["template"]["spec"]["containers"][1]["readinessProbe"]["httpGet"]["port"] == 8080
    assert repair.command is not None
    assert f"patch {kind.lower()}.{version.partition('/')[0]} api --type=json" in repair.command


def test_an_unread_custom_resource_is_manual() -> None:
    top = workload("Rollout", "argoproj.io/v1alpha1")
    middle = workload("ReplicaSet", metadata={"name": "api-1", "ownerReferences": [owned(top)]})
    (repair,) = repairs(snapshot(middle, pod(owned_by=middle)), pod(owned_by=middle), ASK_8080)
    assert manual(repair)


def test_a_job_is_made_anew_without_what_the_server_generated() -> None:
    job = workload("Job", "batch/v1", selector={"matchLabels": {"controller-uid": "u"}})
    job["spec"]["template"]["metadata"]["labels"]["batch.kubernetes.io/controller-uid"] = "u"
    (repair,) = repairs(snapshot(job), job, ASK_8080)
    patched = apply_operations(job, repair.patch)
    assert "selector" not in patched["spec"]
    assert patched["spec"]["template"]["metadata"]["labels"] == {"app": "api"}
    assert port_in(patched["spec"]["template"]) == 8080
    assert repair.command is not None
    assert "get job api -o json | kubectl patch --local -f - --type=json" in repair.command
    assert repair.command.endswith("| kubectl -n shop replace --force -f -")
    assert any("deletes job/api" in warning for warning in repair.warnings)


STARTED = {"containerStatuses": [{"name": "api", "state": {"running": {"startedAt": "2026-11-22T13:00:00Z"}}}]}
WAITING = {"containerStatuses": [{"name": "api", "state": {"waiting": {"reason": "ImagePullBackOff"}}}]}


@pytest.mark.parametrize(("status", "safety"), [(STARTED, Safety.UNSAFE), (WAITING, Safety.SAFE)])
def test_a_bare_pod_is_made_anew_and_that_loses_what_it_did(status: Raw, safety: Safety) -> None:
    bare = pod(status=status)
    (repair,) = repairs(snapshot(bare), bare, ASK_8080)
    assert repair.safety is safety
    assert repair.command is not None
    assert repair.command.endswith("replace --force -f -")
    assert any("deletes pod/api-0" in warning for warning in repair.warnings)


def test_a_bare_pod_takes_an_image_and_more_tolerations_as_it_is() -> None:
    there = {"key": "a", "operator": "Exists"}
    more = {"key": "b", "operator": "Exists"}
    bare = pod(spec=pod_spec(tolerations=[there]), status=STARTED)
    change = {"containers": [{"name": "api", "image": "example/api:2"}], "tolerations": [more]}
    (repair,) = repairs(snapshot(bare), bare, edit(change))
    assert repair.safety is Safety.SAFE
    assert repair.patch["spec"]["tolerations"] == [there, more]
    assert repair.command is not None
    assert repair.command.startswith("kubectl -n shop patch pod api-0 ")
    assert repair.undo is None


def test_a_gate_is_taken_from_a_bare_pod_as_it_is() -> None:
    bare = pod(spec=pod_spec(schedulingGates=[{"name": "example.com/wait"}]))
    (repair,) = repairs(snapshot(bare), bare, edit({"schedulingGates": [{"name": "example.com/wait", "$patch": "delete"}]}))
    assert repair.command is not None
    assert repair.command.startswith("kubectl -n shop patch pod api-0 ")
    assert repair.undo is None


def test_a_new_priority_class_takes_the_computed_priority_along() -> None:
    bare = pod(spec=pod_spec(priority=0, priorityClassName="old"))
    (repair,) = repairs(snapshot(bare), bare, edit({"priorityClassName": "new"}))
    assert repair.patch["spec"] == {"priorityClassName": "new", "priority": None, "preemptionPolicy": None}


def test_a_static_pod_is_manual() -> None:
    static = pod(metadata={"annotations": {"kubernetes.io/config.mirror": "x"}}, spec=pod_spec(nodeName="node-1"))
    (repair,) = repairs(snapshot(static), static, ASK_8080)
    assert manual(repair)
    assert any("file on node 'node-1'" in warning for warning in repair.warnings)


def test_the_flags_of_the_target_are_in_every_command() -> None:
    owner = workload("Deployment")
    (repair,) = repairs(snapshot(owner), owner, ASK_8080, target=Target(flags=("--context=dev",)))
    for command in (repair.command, repair.undo, repair.check):
        assert command is not None
        assert command.startswith("kubectl -n shop --context=dev ")


def test_a_hidden_value_is_never_patched_in() -> None:
    owner = workload("Deployment")
    change = {"containers": [{"name": "api", "env": [{"name": "PASSWORD", "value": "<redacted>"}]}]}
    (repair,) = repairs(snapshot(owner), owner, edit(change))
    assert manual(repair)


def test_a_hidden_value_is_never_put_back() -> None:
    owner = workload("Deployment", spec=pod_spec(container(env=[{"name": "PASSWORD", "value": "<redacted>"}])))
    change = {"containers": [{"name": "api", "env": [{"name": "PASSWORD", "value": "x"}]}]}
    (repair,) = repairs(snapshot(owner), owner, edit(change))
    assert repair.command is not None
    assert repair.undo is None


def test_a_container_that_the_template_does_not_have_is_not_made() -> None:
    owner = workload("Deployment")
    (repair,) = repairs(snapshot(owner), owner, edit({"containers": [{"name": "sidecar", "readinessProbe": None}]}))
    assert manual(repair)


def test_the_old_handler_of_a_probe_goes() -> None:
    owner = workload("Deployment")
    change = {"containers": [{"name": "api", "readinessProbe": {"tcpSocket": {"port": 8080}}}]}
    (repair,) = repairs(snapshot(owner), owner, edit(change))
    patched = apply(owner, repair.patch)
    assert patched["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] == {"tcpSocket": {"port": 8080}}


def limited(resources: Raw) -> Raw:
    return workload("Deployment", spec=pod_spec(container(resources=resources)))


def test_a_request_is_lowered_to_a_lower_limit() -> None:
    owner = limited({"requests": {"memory": "1Gi", "cpu": "1"}, "limits": {"memory": "2Gi"}})
    change = {"containers": [{"name": "api", "resources": {"limits": {"memory": "512Mi"}}}]}
    (repair,) = repairs(snapshot(owner), owner, edit(change))
    patched = apply(owner, repair.patch)["spec"]["template"]["spec"]["containers"][0]["resources"]
    assert patched == {"requests": {"memory": "512Mi", "cpu": "1"}, "limits": {"memory": "512Mi"}}
    assert any("lowers the memory request" in warning for warning in repair.warnings)


def test_a_request_above_its_limit_is_refused() -> None:
    owner = limited({"limits": {"memory": "512Mi"}})
    change = {"containers": [{"name": "api", "resources": {"requests": {"memory": "1Gi"}}}]}
    (repair,) = repairs(snapshot(owner), owner, edit(change))
    assert manual(repair)


def test_the_broken_pod_of_an_ordered_stateful_set_is_deleted_too() -> None:
    owner = workload("StatefulSet")
    broken = pod(owned_by=owner)
    fine = pod("api-1", owned_by=owner, status={"conditions": [{"type": "Ready", "status": "True"}]})
    (repair,) = repairs(snapshot(owner, broken, fine), broken, ASK_8080)
    assert repair.command is not None
    assert repair.command.endswith(" && kubectl -n shop delete pod api-0")
    assert any("api-0" in warning for warning in repair.warnings)


@pytest.mark.parametrize(
    ("kind", "spec", "deletes"),
    [
        ("StatefulSet", {"podManagementPolicy": "Parallel"}, False),
        ("DaemonSet", {"updateStrategy": {"type": "OnDelete"}}, True),
        ("DaemonSet", {}, False),
        ("ReplicaSet", {}, True),
    ],
)
def test_pods_are_deleted_only_where_nothing_else_replaces_them(kind: str, spec: Raw, deletes: bool) -> None:
    owner = workload(kind, **spec)
    (repair,) = repairs(snapshot(owner, pod(owned_by=owner)), pod(owned_by=owner), ASK_8080)
    assert repair.command is not None
    assert ("delete pod" in repair.command) is deletes


def test_a_service_is_patched_and_put_back() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api", "namespace": "shop"}}
    service["spec"] = {"selector": {"app": "wrong"}}
    change = ObjectEdit(Service.named("shop", "api"), "strategic", {"spec": {"selector": {"app": "api"}}})
    (repair,) = repairs(snapshot(service), service, Fix("Select the pods", change))
    assert repair.undo == """kubectl -n shop patch service api --type=strategic -p '{"spec":{"selector":{"app":"wrong"}}}'"""
    assert repair.check == "kubectl -n shop get endpointslices -l kubernetes.io/service-name=api"


def test_an_object_that_was_not_read_is_patched_without_undo() -> None:
    change = ObjectEdit(ConfigMap.named("shop", "api"), "merge", {"data": {"key": "value"}})
    (repair,) = repairs(snapshot(), ConfigMap.named("shop", "api"), Fix("Add the key", change))
    assert repair.command is not None
    assert repair.undo is None


def test_other_commands_have_the_namespace_of_what_they_are_about() -> None:
    owner = workload("Deployment")
    change = Kubectl(("scale", "deployment/api", "--replicas=1"), undo=("scale", "deployment/api", "--replicas=0"))
    (repair,) = repairs(snapshot(owner), owner, Fix("Start it", change))
    assert repair.command == "kubectl -n shop scale deployment/api --replicas=1"
    assert repair.undo == "kubectl -n shop scale deployment/api --replicas=0"


def test_what_is_in_no_namespace_gets_none() -> None:
    owner = workload("Deployment")
    known = snapshot(owner, {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}})
    (repair,) = repairs(known, owner, Fix("Let pods in", Kubectl(("uncordon", "node-1"), Node.named("", "node-1"))))
    assert (repair.command, repair.check) == ("kubectl uncordon node-1", "kubectl get node node-1")


def test_a_command_with_a_placeholder_is_manual() -> None:
    owner = workload("Deployment")
    (repair,) = repairs(snapshot(owner), owner, Fix("Name it", Kubectl(("set", "image", "deployment/api", "api=<image>"))))
    assert manual(repair)


def test_a_fix_without_change_is_manual() -> None:
    owner = workload("Deployment")
    (repair,) = repairs(snapshot(owner), owner, Fix("Ask somebody"))
    assert manual(repair)
    assert repair.title == "Ask somebody"


def revisions(number: int) -> list[Raw]:
    top = workload("Deployment")
    return [
        workload("ReplicaSet", metadata={"name": f"api-{n}", "ownerReferences": [owned(top)]}) for n in range(number)
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "possible"), [(2, True), (1, False)])
def test_only_what_has_an_older_revision_goes_back(number: int, possible: bool) -> None:
    top = workload("Deployment")
    (repair,) = repairs(snapshot(top, *revisions(number)), top, Fix("Go back", RolloutUndo()))
    assert (repair.command == "kubectl -n shop rollout undo deployment/api") is possible
    assert manual(repair) is not possible
    assert repair.undo is None


def test_a_paused_deployment_refuses_to_go_back() -> None:
    top = workload("Deployment", paused=True)
    (repair,) = repairs(snapshot(top, *revisions(2)), top, Fix("Go back", RolloutUndo()))
    assert manual(repair)
