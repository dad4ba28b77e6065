"""How much memory a container may use, how much it was seen to use, and how much to give it."""

from typing import Any

from kubectl_diagnose.findings import TemplateEdit
from kubectl_diagnose.model import Container, Evidence, Pod
from kubectl_diagnose.model.quantity import MI, parse_bytes, show_bytes
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.relations import controller_of, pods_of
from kubectl_diagnose.snapshot import Snapshot

STEP = 16 * MI
LEAST = 64 * MI
"""Less than this is never offered: a runtime and a small program need about as much."""


def memory_limit(container: Container) -> int | None:
    """Return the memory that a container may use, its own limit or the pod's, in bytes; None where there is none."""
    own = container.memory("limits")
    return own if own is not None else parse_bytes(container.spec.value("resources.limits.memory"))


def limit_quoted(container: Container) -> Evidence:
    """Quote the limit that applies to a container: its own, else the pod's."""
    whole = container.spec.at("resources.limits.memory")
    return container.at("resources.limits.memory") if container.memory("limits") is not None else whole


def replicas(container: Container, snapshot: Snapshot) -> list[Container]:
    """Return the same container of every pod of the same controller, itself included."""
    parent = controller_of(snapshot, container.ref)
    pods = [snapshot.get(ref) for ref in pods_of(snapshot, parent)] if parent else [snapshot.get(container.ref)]
    found = [pod.spec.container(container.name) for pod in pods if isinstance(pod, Pod)]
    return [c for c in found if c is not None]


def highest_use(container: Container, snapshot: Snapshot) -> Evidence | None:
    """Quote the highest usage sample of a container among its replicas; None without samples."""
    samples = []
    for each in replicas(container, snapshot):
        pod = snapshot.get(each.ref)
        metrics = snapshot.metrics(pod) if isinstance(pod, Pod) else None
        used = metrics.memory(each.name) if metrics else None
        if metrics and used is not None:
            samples.append((used, each.ref, metrics.at(f"containers[{each.name}].usage.memory")))
    return max(samples, key=lambda s: s[:2])[2] if samples else None


def near_limit(container: Container, snapshot: Snapshot) -> bool:
    """Whether a replica was killed for want of memory, or the usage sample is at 80 % of the limit or more."""
    sample = highest_use(container, snapshot)
    limit = memory_limit(container)
    if sample is not None and limit and (parse_bytes(sample.value) or 0) >= 0.8 * limit:
        return True
    exits = [c.last_exit for c in replicas(container, snapshot)]
    return any(e is not None and e.reason == "OOMKilled" for e in exits)


def new_limit(container: Container, snapshot: Snapshot) -> int:
    """Return twice the limit, or one and a half times the highest usage seen where that is more, in whole Mi."""
    sample = highest_use(container, snapshot)
    used = parse_bytes(sample.value) or 0 if sample else 0
    doubled, peak = 2 * (memory_limit(container) or 0), -(-int(1.5 * used) // STEP) * STEP
    return -(-max(doubled, peak, LEAST) // MI) * MI


def with_limit(container: Container, limit: int) -> TemplateEdit:
    """Return the edit that gives a container a memory limit, its request raised where both were equal."""
    if container.memory("limits") is None and memory_limit(container) is not None:
        return TemplateEdit({"resources": {"limits": {"memory": show_bytes(limit)}}})
    resources: dict[str, Any] = {"limits": {"memory": show_bytes(limit)}}
    request = container.memory("requests")
    if request is not None and request == container.memory("limits"):
        resources["requests"] = {"memory": show_bytes(limit)}
    return edit(container, resources=resources)
