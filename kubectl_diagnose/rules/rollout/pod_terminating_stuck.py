"""
A pod was deleted and does not go.

## What you see
`Terminating`, long after the grace period.

## Why it happens
A finalizer is set, and the controller that should remove it is gone or fails; or the kubelet cannot end the pod: its node
is down, a volume cannot be unmounted, a process hangs in the kernel.

## How to fix it
Repair the controller that owns the finalizer, or the node. To remove the finalizer, or the pod by force, is the last
resort: what was waited for is then left undone, and a process may run on unseen.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, Kubectl, Safety, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.relations import workload_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__,
    title="Pod does not go",
    severity=Severity.MEDIUM,
    explains={"replicas-missing": workload_of, "rollout-stuck": workload_of},
)
PATIENCE = 30
"""Seconds after the end of the grace period in which finalizers and volumes are usually dealt with."""


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pods that should have been gone."""
    for pod in snapshot.all(Pod):
        late = snapshot.seconds_since(pod.deleted)
        if late is None or late < PATIENCE:
            continue
        held = [str(name) for name in pod.items("metadata.finalizers")]
        names = ", ".join(map(repr, held))
        why = f"finalizer {names} keeps it" if held else "its node has not ended it"
        yield rule.finding(
            pod,
            f"pod {pod.name!r} was deleted and does not go: {why}",
            pod.at("metadata.deletionTimestamp"),
            pod.at("metadata.finalizers"),
            *((pod.at("spec.nodeName"),) if not held else ()),
            confidence=Confidence.CERTAIN if held else Confidence.LIKELY,
            fix=_release(pod) if held else Fix("Look at the node and its kubelet", safety=Safety.MANUAL),
            since=pod.deleted,
        )


def _release(pod: Pod) -> Fix:
    words = ("patch", "pod", pod.name, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    return Fix(
        "Remove its finalizers",
        Kubectl(words, pod.ref),
        safety=Safety.UNSAFE,
        basis=Basis.DEFAULT,
        value_from="the last resort, where the controller that owns them is gone",
        warnings=("what the finalizers stand for is left undone",),
    )
