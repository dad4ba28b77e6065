"""The table of verdicts."""

from typing import Any

import pytest

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.model import Job, Pod
from kubectl_diagnose.report import Verdict
from kubectl_diagnose.report.summing import sum_up
from kubectl_diagnose.report.verdict import state_of
from kubectl_diagnose.snapshot import Gap, Target
from tests.report.sample import PORT_WRONG, TARGET, WEB, deployment, pod, problem, replica_set, shop, snapshot, status

CRASHING = {"waiting": {"reason": "CrashLoopBackOff"}}
PROGRESSING = {
    "type": "Progressing",
    "status": "True",
    "reason": "ReplicaSetUpdated",
    "lastUpdateTime": "2026-11-22T14:00:00Z",
}
LATE = {**PROGRESSING, "lastUpdateTime": "2026-11-22T13:00:00Z"}
REFUSED = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}


def found(impact: int, *, past: bool = False) -> list[Problem]:
    return [problem(PORT_WRONG.finding(WEB, "asks the wrong port"), impact=impact, past=past)]


@pytest.mark.parametrize(
    ("ready", "conditions", "problems", "verdict"),
    [
        (3, [], [], Verdict.HEALTHY),
        (0, [PROGRESSING], [], Verdict.WAITING),
        (2, [PROGRESSING], [], Verdict.WAITING),
        (0, [PROGRESSING, REFUSED], [], Verdict.BROKEN),
        (0, [LATE], [], Verdict.BROKEN),
        (2, [LATE], [], Verdict.DEGRADED),
        (0, [PROGRESSING], found(0), Verdict.BROKEN),
        (2, [PROGRESSING], found(1), Verdict.DEGRADED),
        (3, [], found(1), Verdict.DEGRADED),
        (3, [], found(0), Verdict.BROKEN),
        (3, [], found(2, past=True), Verdict.HEALTHY),
    ],
)
def test_deployments(ready: int, conditions: list[dict[str, Any]], problems: list[Problem], verdict: Verdict) -> None:
    known = snapshot(deployment(3, ready, *conditions))
    assert state_of(known, WEB, problems).verdict is verdict


def test_a_pod_that_crashes_is_not_waiting() -> None:
    crashing = pod(statuses=[status(restarts=2, state=CRASHING)])
    known = snapshot(deployment(3, 0, PROGRESSING), replica_set(), crashing)
    assert state_of(known, WEB, []).verdict is Verdict.BROKEN


def test_a_newest_revision_that_fails_beside_an_old_one_degrades() -> None:
    failing = pod(statuses=[status(state={"waiting": {"reason": "ErrImagePull"}})])
    known = snapshot(deployment(3, 3, PROGRESSING), replica_set(), failing)
    assert state_of(known, WEB, []).verdict is Verdict.DEGRADED


@pytest.mark.parametrize(
    ("about", "verdict", "count"),
    [
        ({"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}, Verdict.HEALTHY, (1, 1)),
        ({"failed": 1, "conditions": [{"type": "Failed", "status": "True"}]}, Verdict.BROKEN, (0, 1)),
        ({"active": 1, "ready": 1}, Verdict.HEALTHY, (1, 1)),
    ],
)
def test_jobs(about: dict[str, Any], verdict: Verdict, count: tuple[int, int]) -> None:
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once", "namespace": "shop"}, "status": about}
    state = state_of(snapshot(job), Job.named("shop", "once"), [])
    assert (state.verdict, (state.ready, state.desired)) == (verdict, count)


def test_a_bare_pod_that_finished_is_healthy() -> None:
    raw = pod("once", metadata={"ownerReferences": []}, status={"phase": "Succeeded"})
    assert state_of(snapshot(raw), Pod.named("shop", "once"), []).verdict is Verdict.HEALTHY


def test_nothing_seen_is_unknown() -> None:
    assert sum_up(TARGET, snapshot(), (), (), (Gap("pods", "forbidden"),)).verdict is Verdict.UNKNOWN


def test_nothing_is_healthy_where_a_rule_failed() -> None:
    failed = (Gap("rule probe-timeout", "it failed on pod/web: KeyError"),)
    assert sum_up(TARGET, snapshot(deployment(3, 3)), (), (), failed).verdict is Verdict.UNKNOWN
    assert sum_up(TARGET, snapshot(deployment(3, 3)), (), (), ()).verdict is Verdict.HEALTHY


def test_a_problem_is_never_healthy() -> None:
    report = sum_up(TARGET, snapshot(deployment(3, 3)), found(2, past=True), (), ())
    assert report.verdict is Verdict.DEGRADED


def test_the_summary_counts_pods_and_says_the_cause() -> None:
    report = sum_up(TARGET, shop(), found(0), (), ())
    assert report.summary == "0 of 3 pods are ready: asks the wrong port"
    assert report.verdict is Verdict.BROKEN


def test_the_summary_of_waiting_says_how_long() -> None:
    report = sum_up(TARGET, snapshot(deployment(3, 0, PROGRESSING)), (), (), ())
    assert report.verdict is Verdict.HEALTHY  # no pod was selected, so nothing was asked for
    report = sum_up(Target(namespace="shop"), snapshot(deployment(3, 0, PROGRESSING)), (), (), ())
    assert report.verdict is Verdict.WAITING
    assert report.summary == "0 of 3 pods are ready, still starting (may take up to 6m49s more)"


def test_what_was_looked_at_is_counted() -> None:
    report = sum_up(Target(namespace="shop"), shop(), (), (), ())
    assert report.looked_at == ("3 pods", "1 deployment")


def test_the_subject_has_its_api_version() -> None:
    assert dict(sum_up(TARGET, shop(), found(0), (), ()).api_versions)[WEB] == "apps/v1"
    assert dict(sum_up(TARGET, snapshot(replica_set()), found(0), (), ()).api_versions)[WEB] == "apps/v1"


def test_pods_overrule_a_status_that_is_behind() -> None:
    known = snapshot(
        deployment(1, 1), replica_set(), pod(statuses=[status(state=CRASHING)]), listed=frozenset({("Pod", "shop")})
    )
    assert state_of(known, WEB, []).ready == 0
