"""
A pod runs and is not ready.

## What you see
`READY 0/1` while the status is `Running`; Services send it nothing.

## Why it happens
A readiness probe fails, a startup probe has not passed yet, or a readiness gate is not met.

## How to fix it
Read the events of the pod (`Unhealthy`) and the condition `Ready`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.startup import waiting
from kubectl_diagnose.readings.unhealthy import unhealthy
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import DOWNSTREAM
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Pod is not ready", severity=Severity.HIGH, stage="probe", explains=DOWNSTREAM)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Name the containers that run and are not ready, or the readiness gate."""
    ready = pod.condition("Ready")
    if ready is None or ready.status == "True" or pod.finished or waiting(snapshot, pod):
        return
    for container in pod.all_containers:
        status = container.status
        if status.running and not status.ready and (not container.init or container.sidecar):
            seen = [u.event.at("message") for probe in container.probes for u in unhealthy(snapshot, probe)[:1]]
            message = f"container {container.name!r} runs and is not ready"
            yield rule.finding(container, message, status.at("ready"), *seen, since=ready.time)
    if ready.reason == "ReadinessGatesNotReady":
        message = f"a readiness gate of pod {pod.name!r} is not met"
        yield rule.finding(pod, message, ready.at("reason"), ready.at("message"), since=ready.time)
