"""What is wrong with a failing probe, row by row; which port is the right one; what a probe should ask instead."""

from typing import Any

import pytest

from kubectl_diagnose.findings import Basis, Confidence, Fix, Safety, TemplateEdit
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.probe_edits import (
    answer_supported,
    ask_elsewhere,
    ask_path,
    path_supported,
    port_supported,
    scheme_supported,
    without_command,
)
from kubectl_diagnose.readings.right_port import right_port
from kubectl_diagnose.snapshot import Snapshot
from tests.readings.pods import Raw, ended, event, facts, failed, get, pod, probe_of, refused, snapshot

NOT_FOUND = "HTTP probe failed with statuscode: 404"
SLOW = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
GONE = 'OCI runtime exec failed: exec: "curl": executable file not found in $PATH: unknown'


def decided(known: Snapshot, kind: str = "readiness") -> tuple[Fault, Confidence] | None:
    found = read_probe(known, probe_of(known, kind))
    return (found.fault, found.confidence) if found else None


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        (NOT_FOUND, Fault.PATH),
        ("HTTP probe failed with statuscode: 410", Fault.PATH),
        ("HTTP probe failed with statuscode: 401", Fault.ERROR_STATUS),
        ("HTTP probe failed with statuscode: 503", Fault.ERROR_STATUS),
        ("http: server gave HTTP response to HTTPS client", Fault.SCHEME),
        ("remote error: tls: bad certificate", Fault.SCHEME),
        (SLOW, Fault.TIMEOUT),
    ],
)
@pytest.mark.parametrize("kind", ["readiness", "liveness"])
def test_what_the_server_answered(kind: str, output: str, fault: Fault) -> None:
    known = snapshot(pod({f"{kind}Probe": get()}), failed(kind, output))
    assert decided(known, kind) == (fault, Confidence.CERTAIN)


@pytest.mark.parametrize(
    ("output", "fault"), [(GONE, Fault.COMMAND_MISSING), ("no database", Fault.COMMAND_FAILED), (SLOW, Fault.TIMEOUT)]
)
def test_what_a_command_did(output: str, fault: Fault) -> None:
    known = snapshot(pod({"readinessProbe": {"exec": {"command": ["curl"]}}}), failed("readiness", output))
    assert decided(known) == (fault, Confidence.CERTAIN)


def test_a_name_that_no_port_has() -> None:
    declared = [{"containerPort": 8080, "name": "web"}]
    assert decided(snapshot(pod({"readinessProbe": get("http"), "ports": declared}))) == (Fault.NAMED_PORT, Confidence.CERTAIN)


class TestRefused:
    """Why a connection was refused: the first row that matches."""

    def test_bound_to_the_loopback(self) -> None:
        known = snapshot(pod({"readinessProbe": get()}), refused("readiness", 8080), log=("Running on http://127.0.0.1:8080",))
        assert decided(known) == (Fault.LOOPBACK, Confidence.CERTAIN)

    def test_the_loopback_is_one_of_several_addresses(self) -> None:
        lines = ("Running on all addresses (0.0.0.0)", "Running on http://127.0.0.1:8080", "Running on http://10.244.0.9:8080")
        known = snapshot(pod({"readinessProbe": get()}), refused("readiness", 8080), log=lines)
        assert decided(known) == (Fault.NOT_LISTENING, Confidence.LIKELY)

    def test_another_port_is_proven(self) -> None:
        probes = {"readinessProbe": get(8081), "livenessProbe": get(8080)}
        known = snapshot(pod(probes), refused("readiness", 8081))
        assert decided(known) == (Fault.PORT, Confidence.CERTAIN)

    def test_another_port_is_named_once(self) -> None:
        container = {"readinessProbe": get(8081), "ports": [{"containerPort": 8080}]}
        assert decided(snapshot(pod(container), refused("readiness", 8081))) == (Fault.PORT, Confidence.LIKELY)

    def test_it_crashes_by_itself(self) -> None:
        known = snapshot(pod({"readinessProbe": get()}, ended(1, 100, 90), age=80), refused("readiness", 8080))
        assert decided(known) is None

    def test_it_was_killed_for_it(self) -> None:
        killed = event("Killing", "Container web failed liveness probe, will be restarted", 61)
        known = snapshot(pod({"livenessProbe": get()}, ended(137, 100, 60)), refused("liveness", 8080, 62), killed)
        assert decided(known, "liveness") == (Fault.TOO_EARLY, Confidence.LIKELY)

    def test_it_is_still_starting(self) -> None:
        assert decided(snapshot(pod({"readinessProbe": get()}, age=5), refused("readiness", 8080))) is None

    def test_nothing_listens(self) -> None:
        known = snapshot(pod({"readinessProbe": get()}), refused("readiness", 8080))
        assert decided(known) == (Fault.NOT_LISTENING, Confidence.LIKELY)


class TestWithoutEvents:
    """Events expire after an hour and are dropped under load."""

    def test_the_log_and_the_spec_name_another_port(self) -> None:
        container = {"readinessProbe": get(8081), "ports": [{"containerPort": 8080}]}
        assert decided(snapshot(pod(container), log=("listening on :8080",))) == (Fault.PORT, Confidence.LIKELY)

    def test_its_own_port_is_named_too(self) -> None:
        container = {"readinessProbe": get(8081), "ports": [{"containerPort": 8080}, {"containerPort": 8081}]}
        assert decided(snapshot(pod(container))) is None

    def test_nothing_is_known(self) -> None:
        assert decided(snapshot(pod({"readinessProbe": get()}))) is None

    @pytest.mark.parametrize(("log", "fault"), [((), Fault.TOO_EARLY), (("listening on :8080",), Fault.KILLS)])
    def test_run_times_say_that_it_kills(self, log: tuple[str, ...], fault: Fault) -> None:
        known = snapshot(pod({"livenessProbe": get()}, ended(137, 100, 60)), log=log)
        assert decided(known, "liveness") == (fault, Confidence.POSSIBLE)


@pytest.mark.parametrize(
    ("status", "events"),
    [
        ({"ready": True}, [failed("readiness", NOT_FOUND)]),
        ({"started": False}, [failed("readiness", NOT_FOUND)]),
        ({"state": {"waiting": {"reason": "CrashLoopBackOff"}}}, [failed("readiness", NOT_FOUND)]),
    ],
)
def test_a_readiness_probe_that_does_not_fail_now(status: Raw, events: list[Raw]) -> None:
    assert decided(snapshot(pod({"readinessProbe": get()}, status), *events)) is None


@pytest.mark.parametrize(("age", "last"), [(600, 120), (10, 15)])
def test_a_liveness_failure_of_another_time(age: float, last: float) -> None:
    assert decided(snapshot(pod({"livenessProbe": get()}, age=age), failed("liveness", NOT_FOUND, last)), "liveness") is None


SERVICE: Raw = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8443}]},
}


def right(container: Raw, *objects: Raw, log: tuple[str, ...] = ()) -> tuple[int, Confidence] | None:
    known = snapshot(pod({"readinessProbe": get(8081), **container}), *objects, log=log)
    found = right_port(known, probe_of(known), facts(known))
    return (found.port, found.confidence) if found else None


BOTH: Raw = {"ports": [{"containerPort": 8080}, {"containerPort": 8443}]}
BOTH_SAID = ("listening on :8080", "listening on :8443")


@pytest.mark.parametrize(
    ("container", "objects", "log", "expected"),
    [
        ({}, [], (), None),
        ({"ports": [{"containerPort": 8080}]}, [], (), (8080, Confidence.LIKELY)),
        ({"ports": [{"containerPort": 8080}]}, [], ("listening on :8080",), (8080, Confidence.CERTAIN)),
        (BOTH, [], (), None),
        ({"ports": [{"containerPort": 8081}, {"containerPort": 8080}]}, [], (), None),
        (BOTH, [], BOTH_SAID, (8080, Confidence.LIKELY)),
        (BOTH, [SERVICE], BOTH_SAID, (8443, Confidence.CERTAIN)),
        ({"livenessProbe": {"tcpSocket": {"port": 8443}}, **BOTH}, [], BOTH_SAID, (8443, Confidence.CERTAIN)),
        ({"args": ["--port=8081"], "ports": [{"containerPort": 8081}]}, [], BOTH_SAID[:1], (8081, Confidence.CERTAIN)),
    ],
    ids=["none", "declared", "agreed", "two declared", "own declared", "two agreed", "service", "proven", "own agreed"],
)
def test_right_port(container: Raw, objects: list[Raw], log: tuple[str, ...], expected: Any) -> None:
    assert right(container, *objects, log=log) == expected


def body(fix: Fix, kind: str = "readiness") -> Any:
    """What a fix writes into the probe."""
    assert isinstance(fix.change, TemplateEdit)
    return fix.change.pod_spec["containers"][0][f"{kind}Probe"]


def fixes(known: Snapshot, kind: str = "readiness") -> list[Fix]:
    reading = read_probe(known, probe_of(known, kind))
    assert reading is not None
    if reading.fault is Fault.PATH:
        return ask_path(reading, reading.probe.port or 0)
    return without_command(known, reading) if reading.fault is Fault.COMMAND_MISSING else ask_elsewhere(known, reading)


class TestWhatToAskInstead:
    """The port by what proves it; the path where it is known to be good, else the port alone, else ``/`` as a guess."""

    def test_another_port(self) -> None:
        known = snapshot(pod({"readinessProbe": get(8081), "livenessProbe": get(8080)}), refused("readiness", 8081))
        (only,) = fixes(known)
        assert (body(only), only.basis) == ({"httpGet": {"port": 8080}}, Basis.PROVEN)

    def test_another_port_that_one_source_names(self) -> None:
        container = {"readinessProbe": get(8081), "ports": [{"containerPort": 8080}]}
        (only,) = fixes(snapshot(pod(container), refused("readiness", 8081)))
        assert (body(only), only.basis) == ({"httpGet": {"port": 8080}}, Basis.DEFAULT)

    def test_another_port_where_the_path_is_known_to_fail(self) -> None:
        probes = {"readinessProbe": get(8081, "/x"), "livenessProbe": get(8080, "/x")}
        known = snapshot(pod(probes), refused("readiness", 8081), failed("liveness", NOT_FOUND))
        weak, guess = fixes(known)
        assert (body(weak), weak.basis) == ({"httpGet": None, "tcpSocket": {"port": 8080}}, Basis.PROVEN)
        assert weak.warnings
        assert (body(guess), guess.basis) == ({"httpGet": {"path": "/", "port": 8080}}, Basis.DEFAULT)

    def test_a_path_that_is_known_to_be_served(self) -> None:
        probes = {"readinessProbe": get(8080, "/x"), "livenessProbe": get(8080, "/ok")}
        (only,) = fixes(snapshot(pod(probes), failed("readiness", NOT_FOUND)))
        assert (body(only), only.basis) == ({"httpGet": {"path": "/ok"}}, Basis.PROVEN)

    def test_no_path_is_known(self) -> None:
        weak, guess = fixes(snapshot(pod({"readinessProbe": get(8080, "/x")}), failed("readiness", NOT_FOUND)))
        assert body(weak) == {"httpGet": None, "tcpSocket": {"port": 8080}}
        assert (body(guess), guess.basis) == ({"httpGet": {"path": "/"}}, Basis.DEFAULT)

    def test_the_root_is_not_guessed_where_it_failed(self) -> None:
        assert len(fixes(snapshot(pod({"readinessProbe": get(8080, "/")}), failed("readiness", NOT_FOUND)))) == 1

    def test_no_port_is_known(self) -> None:
        (only,) = fixes(snapshot(pod({"readinessProbe": get("http")})))
        assert (only.safety, only.change) == (Safety.MANUAL, None)

    @pytest.mark.parametrize(
        ("command", "log", "written", "basis"),
        [
            (["curl", "-f", "http://localhost:8080/ok"], (), {"path": "/ok", "port": 8080}, Basis.DEFAULT),
            (["sh", "-c", "curl http://127.0.0.1 || exit 1"], (), {"path": "/", "port": 80}, Basis.DEFAULT),
            (["curl", "-k", "https://localhost/x"], (), {"path": "/x", "port": 443, "scheme": "HTTPS"}, Basis.DEFAULT),
            (["curl", "http://localhost:8080/ok"], ("listening on :8080",), {"path": "/ok", "port": 8080}, Basis.BOUNDED),
        ],
    )
    def test_the_url_of_a_command(self, command: list[str], log: tuple[str, ...], written: Raw, basis: Basis) -> None:
        container = {"readinessProbe": {"exec": {"command": command}}, "ports": [{"containerPort": 8080}]}
        (only,) = fixes(snapshot(pod(container), failed("readiness", GONE), log=log))
        assert (body(only), only.basis) == ({"exec": None, "httpGet": written}, basis)

    def test_a_command_without_an_address(self) -> None:
        container = {"readinessProbe": {"exec": {"command": ["curl", "http://db:5432"]}}}
        (manual,) = fixes(snapshot(pod(container), failed("readiness", GONE)))
        assert manual.safety is Safety.MANUAL
        (weak,) = fixes(snapshot(pod({**container, "ports": [{"containerPort": 8080}]}), failed("readiness", GONE)))
        assert (body(weak), weak.basis) == ({"exec": None, "tcpSocket": {"port": 8080}}, Basis.DEFAULT)


class TestSupport:
    """What facts support of a probe: 8080 takes connections, answers ``/ok`` with 200 over HTTP, ``/x`` with 404."""

    def facts(self) -> Any:
        one = snapshot(pod({"readinessProbe": get(8080, "/ok"), "livenessProbe": get(8080, "/x")}, {"ready": True}),
                       failed("liveness", NOT_FOUND))  # fmt: skip
        return facts(one)

    @pytest.mark.parametrize(
        ("probe", "port", "answer", "path", "scheme"),
        [
            (get(8080, "/ok"), True, True, True, True),
            (get(8080, "/x"), True, False, False, True),
            (get(8080, "/other"), True, True, False, True),
            ({"tcpSocket": {"port": 8080}}, True, True, True, True),
            (get(9999, "/ok"), False, False, False, False),
            ({"tcpSocket": {"port": 9999}}, False, False, False, False),
            ({"httpGet": {"port": 8080, "path": "/ok", "scheme": "HTTPS"}}, True, True, True, False),
            ({"exec": {"command": ["true"]}}, False, False, False, False),
            (get("nowhere", "/ok"), False, False, False, False),
        ],
    )
    def test_support(self, probe: Raw, port: bool, answer: bool, path: bool, scheme: bool) -> None:
        asked = probe_of(snapshot(pod({"readinessProbe": probe})))
        known = self.facts()
        assert port_supported(asked, known) is port
        assert answer_supported(asked, known) is answer
        assert path_supported(asked, known) is path
        assert scheme_supported(asked, known) is scheme
