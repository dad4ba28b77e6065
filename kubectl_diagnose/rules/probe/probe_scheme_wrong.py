"""
A probe speaks HTTPS to a port that speaks plain HTTP, or the other way round; or gRPC to a server without it.

## What you see
`http: server gave HTTP response to HTTPS client`, or `malformed HTTP response "\\x15\\x03…"`. Of gRPC: `failed to connect
service … within 1s`, or `this server does not implement the grpc health protocol`.

## Why it happens
TLS is ended elsewhere (an ingress, a mesh), or was turned on in the program without the probe. The kubelet's gRPC probes
speak plain text only, and need the server to offer the service `grpc.health.v1.Health`.

## How to fix it
Set the probe's `scheme` to what the port speaks; replace a gRPC probe by one that the server can answer.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.facts import Fact
from kubectl_diagnose.readings.probe import Fault, ProbeReading, read_probe
from kubectl_diagnose.readings.probe_edits import WEAKER, probe_edit, scheme_supported
from kubectl_diagnose.readings.unhealthy import Outcome
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe speaks the wrong scheme", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read what the two ends said to each other."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.SCHEME or reading.seen is None:
        return
    if probe.handler == "grpc":
        yield _grpc(probe, reading)
        return
    right = "HTTP" if reading.seen.outcome is Outcome.PLAIN_HTTP else "HTTPS"
    fix = Fix(
        f"Let the {probe.kind} probe speak {right}",
        probe_edit(probe, {"httpGet": {"scheme": right}}),
        value_from=f"the port answered the probe in {'plain HTTP' if right == 'HTTP' else 'TLS'}",
    )
    yield rule.finding(
        probe,
        f"{probe.kind} probe speaks {probe.scheme} to port {probe.port}, which speaks {right}",
        *reading.evidence,
        probe.at("httpGet.scheme"),
        fix=fix,
        since=reading.since,
        explains=narrowed(probe),
    )


def _grpc(probe: Probe, reading: ProbeReading) -> Finding:
    fix = Fix(
        f"Let the {probe.kind} probe only connect to port {probe.port}",
        probe_edit(probe, {"grpc": None, "tcpSocket": {"port": probe.port}}),
        basis=Basis.BOUNDED,
        value_from=f"the program listens on {probe.port}",
        warnings=(WEAKER,),
    )
    return rule.finding(
        probe,
        f"{probe.kind} probe speaks gRPC to port {probe.port}, which offers no plain-text gRPC health service",
        *reading.evidence,
        confidence=reading.confidence,
        fix=fix,
        since=reading.since,
        explains=narrowed(probe),
    )


@rule.proves
def proves(probe: Probe, facts: tuple[Fact, ...]) -> bool:
    """The port speaks the probe's scheme."""
    return scheme_supported(probe, facts)
