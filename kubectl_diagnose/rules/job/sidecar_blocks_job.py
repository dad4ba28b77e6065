"""
A Job never completes because another container of its pod keeps running after the work is done.

## What you see
The pod is `NotReady`, one container is `Completed`, another runs on; the Job stays active.

## Why it happens
A Job is done when every container has ended. A proxy or an agent beside the work never ends.

## How to fix it
Make it a sidecar: an init container with `restartPolicy: Always`, which the kubelet stops when the work is done.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container, Pod
from kubectl_diagnose.relations import controller_of, itself, owner, template_of, workload_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__,
    title="Sidecar keeps the job from completing",
    severity=Severity.HIGH,
    explains={"pod-not-ready": itself, "job-failed": workload_of},
)

_AFTER = 30


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for a container that runs on where another has done its work."""
    parent = controller_of(snapshot, pod.ref)
    if parent is None or parent.kind != "Job" or pod.finished:
        return
    done = [c for c in pod.containers if c.status.terminated and c.status.terminated.exit_code == 0]
    running = [c for c in pod.containers if c.running]
    ended = max(
        (c.status.terminated.finished_at for c in done if c.status.terminated and c.status.terminated.finished_at),
        default=None,
    )
    if not running or len(done) + len(running) < len(pod.containers) or (snapshot.seconds_since(ended) or 0) < _AFTER:
        return
    for container in running:
        message = (
            f"container {container.name!r} runs on after {done[0].name!r} is done, so job {parent.name!r} does not complete"
        )
        quoted = (container.status.at("state.running.startedAt"), done[0].status.at("state.terminated.finishedAt"))
        fix = _fix(container, snapshot)
        yield rule.finding(container, message, *quoted, confidence=Confidence.LIKELY, fix=fix, since=ended)


def _fix(container: Container, snapshot: Snapshot) -> Fix:
    template = template_of(snapshot, container.ref)
    written = template.spec.container(container.name) if template else None
    title = f"Make {container.name!r} a sidecar, which ends with the work"
    if written is None or owner(snapshot, container.ref).kind != "CronJob":
        return Fix(title, safety=Safety.MANUAL)
    gone = {"name": container.name, "$patch": "delete"}
    return Fix(title, TemplateEdit({"containers": [gone], "initContainers": [{**written.raw, "restartPolicy": "Always"}]}))
