"""
The kubelet evicted a pod because its node ran short of something.

## What you see
The pod is `Failed` with reason `Evicted` and `The node was low on resource: memory` (or disk, inodes, process ids).

## Why it happens
Pods that use more than they request go first. A pod without requests is always among them.

## How to fix it
Request what the pod really uses, so that the scheduler keeps it free; or make room on the node.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Pod
from kubectl_diagnose.readings.eviction import EvictedFor, read_eviction
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Pod was evicted from its node", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read why the pod was evicted; its own limits are other rules'."""
    eviction = read_eviction(pod, snapshot)
    if eviction is None or eviction.kind not in (EvictedFor.NODE_PRESSURE, EvictedFor.OTHER):
        return
    short = f": the node was short of {eviction.amount}" if eviction.amount else ""
    message = f"the pod was evicted from node {pod.node_name!r}{short}"
    container = pod.spec.container(eviction.name)
    quoted = [pod.at("status.reason"), pod.at("status.message")]
    if container is not None:
        quoted.append(container.at("resources.requests"))
    name = container.name if container else None
    fix = Fix("Request what the pod uses, or make room on the node", safety=Safety.MANUAL)
    yield rule.finding(pod, message, *quoted, container=name, fix=fix, since=eviction.at)
