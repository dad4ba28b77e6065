"""
A container does not start.

## What you see
`ImagePullBackOff`, `CreateContainerConfigError`, `RunContainerError`, or `ContainerCreating` for minutes.

## Why it happens
The image, a ConfigMap or Secret, a volume, the network or the command is not as the pod says.

## How to fix it
Read the message of the state and the newest events of the pod.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.startup import waiting
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import DOWNSTREAM
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Container does not start", severity=Severity.HIGH, stage="create", explains=DOWNSTREAM)
_SETTING_UP = ("ContainerCreating", "PodInitializing", "")
_TROUBLE = ("FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "FailedMapVolume", "NetworkNotReady", "Failed")


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read why each container waits; what is merely being set up is left in peace."""
    if pod.finished or not pod.node_name:
        return
    for container in pod.all_containers:
        state = container.waiting
        if state is not None and state.reason not in (*_SETTING_UP, "CrashLoopBackOff"):
            message = f"container {container.name!r} does not start: {state.reason}"
            said = (state.at("message"),) if state.message else ()
            yield rule.finding(container, message, state.at("reason"), *said)
    setting_up = [c for c in pod.containers if c.waiting and c.waiting_reason in _SETTING_UP]
    if setting_up and not any(c.status for c in pod.spec.init_containers) and waiting(snapshot, pod) is None:
        events = snapshot.events(pod, *_TROUBLE)
        evidence = tuple(e.at("message") for e in events[-1:])
        quote = setting_up[0].status.at("state.waiting.reason")
        yield rule.finding(pod, f"the containers of pod {pod.name!r} are not created", quote, *evidence)
