"""The table of facts, and the states that kubectl prints."""

from typing import Any

import pytest

from kubectl_diagnose.model import Pod
from kubectl_diagnose.report.facts_table import rows
from kubectl_diagnose.report.layout import printed
from kubectl_diagnose.report.printer import ready_column, state_column
from kubectl_diagnose.report.text_table import table
from tests.report.sample import container, pod, replica_set, snapshot, status

SIDECAR = container("proxy", restartPolicy="Always")
INIT = container("migrate")
CRASHING = {"waiting": {"reason": "CrashLoopBackOff"}}
OOM = {"terminated": {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-11-22T14:02:41Z"}}
DONE = {"terminated": {"reason": "Completed", "exitCode": 0}}
CREATING = {"waiting": {"reason": "PodInitializing"}}
GATED = {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}
BOTH = {"containers": [container("api"), container("web")]}


def init(state: dict[str, Any], name: str = "migrate", **more: Any) -> dict[str, Any]:
    first = {**status(name, state=state), **more}
    return {"initContainerStatuses": [first], "containerStatuses": [status(state=CREATING)], "phase": "Pending"}


def one(**fields: Any) -> Pod:
    return Pod(pod(**fields))


STATES = {
    "Running": one(statuses=[status(ready=True)], ready=True),
    "CrashLoopBackOff": one(statuses=[status(state=CRASHING)]),
    "OOMKilled": one(statuses=[status(state=OOM)]),
    "Completed": one(statuses=[status(state=DONE)], status={"phase": "Succeeded"}),
    "ExitCode:3": one(statuses=[status(state={"terminated": {"exitCode": 3}})]),
    "Pending": one(status={"phase": "Pending", "conditions": []}, spec={"nodeName": ""}),
    "SchedulingGated": one(status={"phase": "Pending", "conditions": [GATED]}),
    "ContainerCreating": one(statuses=[status(state={"waiting": {"reason": "ContainerCreating"}})]),
    "Evicted": one(status={"phase": "Failed", "reason": "Evicted"}),
    "Terminating": one(statuses=[status()], metadata={"deletionTimestamp": "2026-11-22T14:00:00Z"}),
    "Unknown": one(metadata={"deletionTimestamp": "2026-11-22T14:00:00Z"}, status={"reason": "NodeLost"}),
    "Init:0/1": one(status=init({"running": {}}), spec={"initContainers": [INIT]}),
    "Init:CrashLoopBackOff": one(status=init(CRASHING), spec={"initContainers": [INIT]}),
    "Init:Error": one(status=init({"terminated": {"reason": "Error", "exitCode": 1}}), spec={"initContainers": [INIT]}),
    "Init:ExitCode:2": one(status=init({"terminated": {"exitCode": 2}}), spec={"initContainers": [INIT]}),
    "PodInitializing": one(status=init(DONE), spec={"initContainers": [INIT]}),
    "NotReady": one(statuses=[status("api", state=DONE), status("web", ready=True)], spec=BOTH),
}


@pytest.mark.parametrize(("expected", "shown"), STATES.items())
def test_states_are_those_of_kubectl(expected: str, shown: Pod) -> None:
    assert state_column(shown) == expected


def test_sidecars_count_as_containers() -> None:
    shown = one(status=init({"running": {}}, "proxy", started=True, ready=True), spec={"initContainers": [SIDECAR]})
    assert ready_column(shown) == "1/2"
    assert state_column(shown) == "PodInitializing"


def lines(*pods: dict[str, Any], width: int = 200) -> list[str]:
    known = snapshot(replica_set(), *pods)
    return printed(table(rows(known, known.all(Pod)), width), color=False).splitlines()


def test_replicas_alike_are_folded() -> None:
    pods = [pod(f"web-6d5f-{n}", statuses=[status(restarts=n, state=CRASHING, last=OOM)]) for n in (2, 4)]
    found = rows(snapshot(*pods), snapshot(*pods).all(Pod))
    assert [(len(row.pods), row.restarts, row.last_exit) for row in found] == [(2, "2-4", "OOMKilled 137, 30s ago")]
    assert lines(*pods)[1].startswith("web-6d5f-… (2 pods)  0/1")


def test_the_broken_container_is_named_where_the_state_hides_it() -> None:
    """The state is that of the first container by name, whichever is broken."""
    hidden = pod(statuses=[status("api", ready=True), status("web")], spec=BOTH)
    assert "Running (web: not ready)" in lines(hidden)[1]
    second = pod(statuses=[status("api", state=DONE), status("web", state=CRASHING)], spec=BOTH)
    assert "web: CrashLoopBackOff" in lines(second)[1]
    assert (
        "CrashLoopBackOff (web)"
        in lines(pod(statuses=[status("api", ready=True), status("web", state=CRASHING)], spec=BOTH))[1]
    )


def test_usage_is_shown_beside_what_was_asked_for() -> None:
    asked = {"requests": {"memory": "64Mi", "cpu": "100m"}, "limits": {"memory": "100Mi"}}
    raw = pod(statuses=[status()], spec={"containers": [container(resources=asked)]})
    metrics = {
        "apiVersion": "metrics.k8s.io/v1beta1",
        "kind": "PodMetrics",
        "metadata": {"name": "web-6d5f-aaaaa", "namespace": "shop"},
        "containers": [{"name": "web", "usage": {"memory": "93Mi", "cpu": "3m"}}],
    }
    found = rows(snapshot(raw, metrics), snapshot(raw).all(Pod))
    assert (found[0].cpu, found[0].memory) == ("3m/100m/-", "93Mi/64Mi/100Mi")


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_the_table_is_as_narrow_as_the_terminal(width: int) -> None:
    asked = {"requests": {"memory": "64Mi", "cpu": "100m"}, "limits": {"memory": "100Mi"}}
    named = {"name": "a-deployment-with-quite-a-long-name-6d5f7c9b8d-x2x9p"}
    raw = pod(metadata=named, statuses=[status(state=CRASHING, last=OOM)], spec={"containers": [container(resources=asked)]})
    found = lines(raw, width=width)
    assert max(map(len, found)) <= max(width, 60)
    assert "CrashLoopBackOff" in found[1]


def test_many_rows_are_counted() -> None:
    pods = [pod(f"p{n}", metadata={"ownerReferences": []}, statuses=[status()]) for n in range(10)]
    assert lines(*pods)[-1] == "and 4 more pods"
