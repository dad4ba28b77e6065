"""What the kubelet says of failed probes, in the words of several Kubernetes versions."""

import pytest

from kubectl_diagnose.model import view
from kubectl_diagnose.model.core import Event
from kubectl_diagnose.readings.unhealthy import Outcome, decisive, read_unhealthy, unhealthy
from tests.readings.pods import Raw, event, failed, get, pod, probe_of, refused, snapshot

EXEC: Raw = {"exec": {"command": ["/bin/healthy"]}}
GRPC: Raw = {"grpc": {"port": 9000}}
TCP: Raw = {"tcpSocket": {"port": 8080}}
URL = 'Get "http://10.244.0.9:8080/healthz": '
RUNC = "OCI runtime exec failed: exec failed: unable to start container process: exec: "


def outcome(output: str, probe: Raw, prefix: str = "Readiness probe failed: ") -> tuple[Outcome, int | None]:
    known = snapshot(pod({"readinessProbe": probe}))
    read = view(event("Unhealthy", prefix + output))
    assert isinstance(read, Event)
    found = read_unhealthy(read, probe_of(known))
    assert found is not None
    assert found.output == output
    return found.outcome, found.status


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (f"{URL}dial tcp 10.244.0.9:8080: connect: connection refused", Outcome.REFUSED),
        ("dial tcp 10.244.0.9:8080: connect: connection refused", Outcome.REFUSED),
        (f"{URL}dial tcp [fd00::9]:8080: connect: connection refused", Outcome.REFUSED),
        (f"{URL}http: server gave HTTP response to HTTPS client", Outcome.PLAIN_HTTP),
        ("tls: first record does not look like a TLS handshake", Outcome.PLAIN_HTTP),
        (f'{URL}net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03"', Outcome.TLS),
        (f"{URL}remote error: tls: handshake failure", Outcome.TLS),
        (f"{URL}context deadline exceeded (Client.Timeout exceeded while awaiting headers)", Outcome.SLOW),
        (f"{URL}net/http: request canceled (Client.Timeout exceeded while awaiting headers)", Outcome.SLOW),
        (f"{URL}context deadline exceeded", Outcome.SLOW),
        (f"{URL}dial tcp 10.244.0.9:8080: i/o timeout", Outcome.UNREACHABLE),
        (f"{URL}dial tcp 10.244.0.9:8080: connect: no route to host", Outcome.UNREACHABLE),
        (f"{URL}dial tcp 10.244.0.9:8080: connect: network is unreachable", Outcome.UNREACHABLE),
        (f"{URL}read tcp 10.244.0.1:51234->10.244.0.9:8080: read: connection reset by peer", Outcome.UNREACHABLE),
        (f"{URL}EOF", Outcome.UNREACHABLE),
        ('strconv.Atoi: parsing "http": invalid syntax', Outcome.NAMED_PORT),
        ("port http not found", Outcome.NAMED_PORT),
        ("something else altogether", Outcome.OTHER),
    ],
)
def test_over_http(output: str, expected: Outcome) -> None:
    assert outcome(output, get()) == (expected, None)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 500, 503])
def test_status(status: int) -> None:
    assert outcome(f"HTTP probe failed with statuscode: {status}", get()) == (Outcome.STATUS, status)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (f'{RUNC}"/bin/healthy": stat /bin/healthy: no such file or directory: unknown', Outcome.COMMAND_MISSING),
        (f'{RUNC}"curl": executable file not found in $PATH: unknown', Outcome.COMMAND_MISSING),
        ('command "/bin/healthy" timed out', Outcome.SLOW),
        ("command timed out: timeout 1s exceeded", Outcome.SLOW),
        ("curl: (7) Failed to connect to localhost port 8080: Connection refused", Outcome.COMMAND_FAILED),
        ("cat: can't open '/tmp/healthy': No such file or directory", Outcome.COMMAND_FAILED),
        ("HTTP probe failed with statuscode: 500", Outcome.COMMAND_FAILED),
        ("", Outcome.COMMAND_FAILED),
    ],
)
def test_commands(output: str, expected: Outcome) -> None:
    assert outcome(output, EXEC)[0] is expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ('timeout: failed to connect service "10.244.0.9:9000" within 1s: context deadline exceeded', Outcome.UNCONNECTED),
        ('timeout: health rpc did not complete within 1s', Outcome.SLOW),
        ('service unhealthy (responded with "NOT_SERVING")', Outcome.NOT_SERVING),
        ("this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown", Outcome.NO_GRPC),
        ('error: connect: connection refused', Outcome.REFUSED),
    ],
)  # fmt: skip
def test_grpc(output: str, expected: Outcome) -> None:
    assert outcome(output, GRPC)[0] is expected


@pytest.mark.parametrize(
    "prefix",
    [
        "Readiness probe failed: ",
        "Readiness probe errored: ",
        "Readiness probe errored and resulted in unknown state: ",
        "(combined from similar events): Readiness probe failed: ",
    ],
)
def test_versions_put_it_differently(prefix: str) -> None:
    refusal = "dial tcp 10.244.0.9:8080: connect: connection refused"
    assert outcome(refusal, TCP, prefix)[0] is Outcome.REFUSED


@pytest.mark.parametrize("message", ["Liveness probe failed: EOF", "Readiness probe warning: 302", "", "probe failed: EOF"])
def test_about_something_else(message: str) -> None:
    known = snapshot(pod({"readinessProbe": get()}), event("Unhealthy", message))
    assert unhealthy(known, probe_of(known)) == []


def test_newest_first() -> None:
    known = snapshot(pod({"readinessProbe": get()}), refused("readiness", 8080, 90), failed("readiness", "EOF", 5))
    assert [u.outcome for u in unhealthy(known, probe_of(known))] == [Outcome.UNREACHABLE, Outcome.REFUSED]


def test_an_answer_counts_more_than_what_a_restart_does_in_passing() -> None:
    answer = failed("readiness", "HTTP probe failed with statuscode: 404", 60)
    known = snapshot(pod({"readinessProbe": get()}), answer, refused("readiness", 8080, 5))
    found = decisive(known, probe_of(known))
    assert found is not None
    assert found.status == 404


def test_an_answer_of_long_ago_does_not_count() -> None:
    answer = failed("readiness", "HTTP probe failed with statuscode: 404", 1800)
    known = snapshot(pod({"readinessProbe": get()}), answer, refused("readiness", 8080, 5))
    found = decisive(known, probe_of(known))
    assert found is not None
    assert found.outcome is Outcome.REFUSED


def test_nothing_was_said() -> None:
    known = snapshot(pod({"readinessProbe": get()}))
    assert decisive(known, probe_of(known)) is None
