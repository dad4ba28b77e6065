"""What counts as proven about a container's ports, paths and limits, and what does not."""

import pytest

from kubectl_diagnose.model import Ref
from kubectl_diagnose.readings.facts import facts_of
from tests.readings.pods import NOW, Raw, ago, ended, facts, failed, get, pod, refused, said, snapshot

READY: Raw = {"ready": True}
DECLARED: Raw = {"ports": [{"containerPort": 8080}]}


def test_a_readiness_probe_that_passes() -> None:
    known = snapshot(pod({"readinessProbe": get(8080, "/ok")}, READY))
    assert said(known) == {("accepts", 8080), ("answers", 8080)}
    answer = next(f for f in facts(known) if f.what == "answers")
    assert (answer.path, answer.scheme, answer.status) == ("/ok", "HTTP", 200)
    assert answer.evidence[0].path == "status.containerStatuses[web].ready"


def test_a_tcp_probe_that_passes_answers_no_path() -> None:
    assert said(snapshot(pod({"readinessProbe": {"tcpSocket": {"port": 5432}}}, READY))) == {("accepts", 5432)}


@pytest.mark.parametrize("probe", [{"exec": {"command": ["true"]}}, get(8080, host="10.0.0.5"), get("http")])
def test_probes_that_prove_no_port(probe: Raw) -> None:
    if "httpGet" in probe and "host" in probe:
        probe = {"httpGet": {**probe["httpGet"], "host": probe["host"]}}
    assert said(snapshot(pod({"readinessProbe": probe}, READY))) == set()


def test_an_error_is_an_answer_too() -> None:
    known = snapshot(pod({"livenessProbe": get(8080)}), failed("liveness", "HTTP probe failed with statuscode: 404"))
    assert said(known) == {("accepts", 8080), ("answers", 8080)}
    assert {f.status for f in facts(known) if f.what == "answers"} == {404}


@pytest.mark.parametrize(
    ("output", "scheme"),
    [("http: server gave HTTP response to HTTPS client", "HTTP"), ("remote error: tls: bad certificate", "HTTPS")],
)
def test_the_scheme_that_it_speaks(output: str, scheme: str) -> None:
    known = snapshot(pod({"readinessProbe": get(8443)}), failed("readiness", f'Get "https://10.0.0.9:8443/": {output}'))
    assert [(f.what, f.port, f.scheme) for f in facts(known) if f.what == "accepts"] == [("accepts", 8443, scheme)]


@pytest.mark.parametrize(
    ("age", "restarts", "passes"),
    [(600, 0, True), (20, 0, False), (600, 2, False)],
)
def test_a_liveness_probe_passes_where_a_run_outlasts_it(age: float, restarts: int, passes: bool) -> None:
    known = snapshot(pod({"livenessProbe": get()}, {"restartCount": restarts}, age=age))
    assert (("accepts", 8080) in said(known)) is passes


def test_a_startup_probe_that_passed() -> None:
    assert ("accepts", 8080) in said(snapshot(pod({"startupProbe": get()}, {"started": True})))
    assert said(snapshot(pod({"startupProbe": get()}, {"started": False}))) == set()


class TestRefused:
    """A refused port counts only where something shows that the process was up."""

    PROBES: Raw = {"readinessProbe": get(8081), "livenessProbe": get(8080)}
    REFUSAL = refused("readiness", 8081)

    def test_with_nothing_that_shows_that_it_was_up(self) -> None:
        known = snapshot(pod({"readinessProbe": get(8081)}, age=60), self.REFUSAL)
        assert said(known) == set()

    def test_with_a_declared_port_alone(self) -> None:
        known = snapshot(pod({"readinessProbe": get(8081), **DECLARED}, age=60), self.REFUSAL)
        assert said(known) == set()

    def test_with_another_port_that_answered(self) -> None:
        answer = failed("liveness", "HTTP probe failed with statuscode: 404")
        known = snapshot(pod(self.PROBES, age=60), self.REFUSAL, answer)
        assert said(known, "refuses", "accepts") == {("refuses", 8081), ("accepts", 8080)}

    def test_with_a_log_that_says_that_it_listens_elsewhere(self) -> None:
        known = snapshot(pod({"readinessProbe": get(8081)}, age=60), self.REFUSAL, log=("listening on :8080",))
        assert said(known) == {("refuses", 8081)}

    def test_not_where_its_log_says_that_the_port_is_open(self) -> None:
        known = snapshot(pod({"readinessProbe": get(8081)}, age=60), self.REFUSAL, log=("listening on :8081",))
        assert said(known, "refuses") == set()

    def test_not_where_another_replica_answered_on_it(self) -> None:
        other = pod(self.PROBES, READY, name="web-2")
        for replica in (one := pod(self.PROBES, age=60), other):
            owner = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web", "controller": True}
            replica["metadata"]["ownerReferences"] = [owner]
        known = snapshot(one, other, self.REFUSAL)
        found = facts_of(known, Ref("apps", "StatefulSet", "shop", "web"))
        assert {(f.what, f.port) for f in found if f.what in ("refuses", "accepts")} == {("accepts", 8081), ("accepts", 8080)}


@pytest.mark.parametrize(
    ("container", "log", "listens"),
    [
        (DECLARED, (), False),
        ({}, ("listening on :8080",), False),
        ({"env": [{"name": "PORT", "value": "8080"}]}, (), False),
        (DECLARED, ("listening on :8080",), True),
        ({"env": [{"name": "PORT", "value": "8080"}]}, ("listening on :8080",), True),
        ({**DECLARED, "args": ["--port=8080"]}, (), True),
        (DECLARED, ("listening on :9090",), False),
        (DECLARED, ("metrics listening on :8080",), False),
    ],
)
def test_two_sources_have_to_agree(container: Raw, log: tuple[str, ...], listens: bool) -> None:
    assert said(snapshot(pod(container), log=log)) == ({("listens", 8080)} if listens else set())


def test_what_listens_is_overruled_by_what_refuses() -> None:
    container = {"args": ["--port=8081"], "ports": [{"containerPort": 8081}]}
    container |= {"readinessProbe": get(8081), "livenessProbe": get(8080)}
    answer = failed("liveness", "HTTP probe failed with statuscode: 404")
    known = snapshot(pod(container, age=60), refused("readiness", 8081), answer)
    assert said(known, "listens", "refuses") == {("refuses", 8081)}


def test_a_limit_that_was_exceeded() -> None:
    limited = {"resources": {"limits": {"memory": "64Mi"}}}
    assert [f.amount for f in facts(snapshot(pod(limited, ended(reason="OOMKilled"))))] == [64 * 2**20]
    assert facts(snapshot(pod(limited, ended(reason="Error")))) == ()
    assert facts(snapshot(pod({}, ended(reason="OOMKilled")))) == ()


def test_how_long_a_start_took() -> None:
    ready = pod({"readinessProbe": get()}, READY, age=100)
    ready["status"]["conditions"] = [{"type": "Ready", "status": "True", "lastTransitionTime": ago(62)}]
    assert [f.amount for f in facts(snapshot(ready)) if f.what == "took"] == [38]
    ready["status"]["containerStatuses"][0]["restartCount"] = 1
    assert not [f for f in facts(snapshot(ready)) if f.what == "took"]


def test_a_pod_that_goes_proves_nothing() -> None:
    going = pod({"readinessProbe": get()}, READY)
    going["metadata"]["deletionTimestamp"] = ago(0)
    assert facts(snapshot(going)) == ()
    assert NOW
