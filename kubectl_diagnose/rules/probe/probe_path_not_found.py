"""
A probe asks a path that the server does not know.

## What you see
`HTTP probe failed with statuscode: 404`. With a readiness probe the pod is never ready; with a liveness probe the
container is restarted again and again although the program works.

## Why it happens
The server answers, so the port is right; the path is misspelt, belongs to another version, or needs another port
(an admin or management port).

## How to fix it
Let the probe ask a path that is served. Where none is known, a TCP probe on the same port is the safe, weaker choice.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Refutation, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.facts import Fact
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.probe_edits import ask_path, path_supported
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Probe asks a path that does not exist", severity=Severity.HIGH, explains=PROBE_FAILS)


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the status that the server answered the probe with."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.PATH or reading.seen is None or probe.port is None:
        return
    does = "; the container is restarted for it" if reading.kill else ""
    proxy = f"/api/v1/namespaces/{probe.ref.namespace}/pods/{probe.ref.name}:{probe.port}/proxy{probe.http_path}"
    yield rule.finding(
        probe,
        f"{probe.kind} probe asks path {probe.http_path!r} on port {probe.port}, which answers {reading.seen.status}{does}",
        *reading.evidence,
        confidence=reading.confidence,
        fixes=ask_path(reading, probe.port),
        since=reading.since,
        explains=narrowed(probe),
        refuted_by=Refutation(f"{probe.http_path} is served", ("get", "--raw", proxy)),
    )


@rule.proves
def proves(probe: Probe, facts: tuple[Fact, ...]) -> bool:
    """The path answers without an error, or the probe only connects to an open port."""
    return path_supported(probe, facts)
