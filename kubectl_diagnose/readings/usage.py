"""What containers use, from the samples of metrics.k8s.io."""

from typing import Any

from msgspec import Struct

from kubectl_diagnose.model import Container, Evidence, Pod, Ref
from kubectl_diagnose.model.quantity import MI, show_bytes, show_millicores
from kubectl_diagnose.relations import pods_of
from kubectl_diagnose.snapshot import Snapshot

LEAST_MEMORY = 16 * MI
LEAST_CPU = 10


class Usage(Struct, frozen=True, eq=False):
    """The highest use of one container among its replicas: bytes and millicores, one sample each."""

    memory: int
    cpu: int
    evidence: tuple[Evidence, ...]


def peak(snapshot: Snapshot, owner: Ref, container: str) -> Usage | None:
    """Return the highest use of a container among the pods of an owner, None where there is no sample."""
    best: Usage | None = None
    for ref in pods_of(snapshot, owner):
        pod = snapshot.get(ref)
        sample = snapshot.metrics(pod) if isinstance(pod, Pod) else None
        memory = sample.memory(container) if sample else None
        if sample is not None and memory is not None and (best is None or memory > best.memory):
            evidence = (sample.at(f"containers[{container}].usage.memory"),)
            best = Usage(memory, max(sample.cpu(container) or 0, best.cpu if best else 0), evidence)
    return best


def round_memory(count: int, least: int = LEAST_MEMORY) -> int:
    """Round bytes up to a multiple of 16Mi (of 64Mi from 512Mi), at least the least."""
    step = 16 * MI if count < 512 * MI else 64 * MI
    return max(least, -(-count // step) * step)


def round_cpu(count: int, least: int = LEAST_CPU) -> int:
    """Round millicores up to a multiple of 10, at least the least."""
    return max(least, -(-count // 10) * 10)


def comfortable(container: Container, used: Usage | None) -> dict[str, Any]:
    """Return the requests and the memory limit that a container lacks, leaving what it has; requests stay within limits."""
    memory = round_memory(used.memory * 3 // 2) if used else 64 * MI
    cpu = round_cpu(used.cpu * 3 // 2) if used else 50
    has_limit, has_request = container.memory("limits"), container.memory("requests")
    requests: dict[str, str] = {}
    if has_request is None:
        requests["memory"] = show_bytes(min(memory, has_limit or memory))
    if container.cpu("requests") is None:
        requests["cpu"] = show_millicores(min(cpu, container.cpu("limits") or cpu))
    found: dict[str, Any] = {"requests": requests} if requests else {}
    if has_limit is None:
        found["limits"] = {"memory": show_bytes(2 * max(memory, has_request or 0))}
    return found
