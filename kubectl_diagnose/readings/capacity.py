"""What pods ask of nodes, what nodes have left, and what would fit."""

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Any

from msgspec import Struct

from kubectl_diagnose.model import Container, Deployment, Node, Pod, PodSpec, StatefulSet, View
from kubectl_diagnose.model.quantity import MI, parse_bytes, parse_millicores, parse_quantity, show_bytes, show_millicores
from kubectl_diagnose.relations import owner, pods_of
from kubectl_diagnose.snapshot import Snapshot

LEAST = {"memory": 16 * MI, "cpu": 10}
"""What a request that is suggested is at least: bytes, millicores."""


def amount(value: Any, resource: str) -> int | None:
    """Return a quantity of a resource: bytes, millicores, or pieces; None where it is not one."""
    if resource == "cpu":
        return parse_millicores(value)
    if "memory" in resource or "storage" in resource:
        return parse_bytes(value)
    number = parse_quantity(value)
    return None if number is None else int(number)


def show(count: int, resource: str) -> str:
    """Write an amount of a resource as people write it in manifests."""
    if resource == "cpu":
        return show_millicores(count)
    return show_bytes(count) if "memory" in resource or "storage" in resource else str(count)


def about(count: int, resource: str) -> str:
    """Write an amount of a resource for people to read, rounded."""
    for unit, size in (("Gi", 2**30), ("Mi", 2**20)):
        if ("memory" in resource or "storage" in resource) and count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + unit
    return show(count, resource)


def counted(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def request_of(container: Container, resource: str) -> int:
    """Return what a container asks for; its limit counts where it has no request, as the API server defaults it."""
    resources = container.mapping("resources")
    for what in ("requests", "limits"):
        named = resources.get(what)
        found = amount(named.get(resource), resource) if isinstance(named, dict) else None
        if found is not None:
            return found
    return 0


def effective_request(spec: PodSpec, resource: str) -> int:
    """Return what a pod takes of a node: max(init containers, sum of the others) + sidecars + overhead."""
    sidecars = peak = 0
    for each in spec.init_containers:
        asked = request_of(each, resource)
        sidecars += asked if each.sidecar else 0
        peak = max(peak, sidecars if each.sidecar else sidecars + asked)
    running = sidecars + sum(request_of(c, resource) for c in spec.containers)
    written = spec.mapping("resources.requests").get(resource)
    whole = amount(written, resource) if written is not None else None
    overhead = amount(spec.mapping("overhead").get(resource), resource) or 0
    return (max(peak, running) if whole is None else whole) + overhead


class Room(Struct, frozen=True):
    """What one node has of a resource: in sum, and left over; ``exact`` where every pod on it is known."""

    node: Node
    allocatable: int
    free: int
    exact: bool


def rooms(snapshot: Snapshot, resource: str, spec: PodSpec | None = None) -> list[Room]:
    """Return what each node has left, of those that take the pods of a spec where one is given; most room first."""
    exact = snapshot.complete(Pod.kind, "")
    taken: dict[str, int] = {}
    for pod in snapshot.all(Pod):
        if pod.node_name and not pod.finished:
            taken[pod.node_name] = taken.get(pod.node_name, 0) + effective_request(pod.spec, resource)
    found = []
    for node in snapshot.all(Node):
        if spec is None or takes(node, spec):
            whole = node.allocatable(resource)
            found.append(Room(node, whole, max(0, whole - taken.get(node.name, 0)), exact))
    return sorted(found, key=lambda r: (-r.free, r.node.name))


def takes(node: Node, spec: PodSpec) -> bool:
    """Whether a node takes pods of a spec as far as cordons, taints and the node selector go."""
    chosen = spec.node_selector.items() <= node.labels.items()
    return chosen and not node.unschedulable and not untolerated(node, spec)


def untolerated(node: Node, spec: PodSpec) -> list[View]:
    """Return the taints of a node that keep pods of a spec away."""
    tolerations = [t for t in spec.items("tolerations") if isinstance(t, dict)]
    strict = [t for t in node.taints if t.text("effect") in ("NoSchedule", "NoExecute")]
    return [t for t in strict if not any(_tolerates(toleration, t) for toleration in tolerations)]


def _tolerates(toleration: dict[str, Any], taint: View) -> bool:
    if toleration.get("effect") not in (None, "", taint.text("effect")):
        return False
    if toleration.get("key") not in (None, "", taint.text("key")):
        return False
    if toleration.get("operator") == "Exists":
        return True
    return bool(toleration.get("key")) and (toleration.get("value") or "") == taint.text("value")


def surge(deployment: Deployment) -> int:
    """Return how many pods a rollout adds at once."""
    written = deployment.value("spec.strategy.rollingUpdate.maxSurge")
    if deployment.text("spec.strategy.type") == "Recreate":
        return 0
    if isinstance(written, int):
        return written
    percent = written.rstrip("%") if isinstance(written, str) else "25"
    return ceil(deployment.replicas * (int(percent) if percent.isdigit() else 25) / 100)


class Suggestion(Struct, frozen=True):
    """A request that would do, as written in manifests, what it comes from, and whether that is what replicas use."""

    value: str
    value_from: str
    used: bool = False


def suggest(snapshot: Snapshot, pod: Pod, container: Container, resource: str) -> Suggestion | None:
    """Return a lower request for a container: from what its replicas use, else what fits; None where nothing does."""
    asked = request_of(container, resource)
    used = _most_used(snapshot, pod, container, resource)
    if used is not None:
        value = _rounded(max(LEAST[resource], ceil(used * 1.5)), resource)
        if value < asked:
            origin = f"1.5 times the {show(used, resource)} that its replicas use, at least {show(LEAST[resource], resource)}"
            return Suggestion(show(value, resource), origin, used=True)
    return _what_fits(snapshot, pod, container, resource)


def _rounded(count: int, resource: str) -> int:
    step = 5 if resource == "cpu" else 4 * MI
    return -(-count // step) * step


def replicas_of(snapshot: Snapshot, pod: Pod) -> list[Pod]:
    """Return the pods of a pod's owner, the pod itself among them."""
    found = [p for p in (snapshot.get(r) for r in pods_of(snapshot, owner(snapshot, pod.ref))) if isinstance(p, Pod)]
    return found or [pod]


def _most_used(snapshot: Snapshot, pod: Pod, container: Container, resource: str) -> int | None:
    samples = [s for s in (snapshot.metrics(p) for p in replicas_of(snapshot, pod)) if s]
    used = [s.cpu(container.name) if resource == "cpu" else s.memory(container.name) for s in samples]
    return max((u for u in used if u is not None), default=None)


def _what_fits(snapshot: Snapshot, pod: Pod, container: Container, resource: str) -> Suggestion | None:
    top = snapshot.get(owner(snapshot, pod.ref))
    replicas = replicas_of(snapshot, pod)
    count = max(1, sum(1 for p in replicas if not p.node_name and not p.finished))
    if isinstance(top, Deployment):
        count += surge(top)
    elif isinstance(top, StatefulSet):  # it makes the next one when the one before is ready
        count += max(0, top.replicas - len(replicas))
    asked = request_of(container, resource)
    beside = max(0, effective_request(pod.spec, resource) - asked)
    left = [r.free if r.exact else r.free // 2 for r in rooms(snapshot, resource, pod.spec)]
    for value in _candidates(resource, asked):
        if sum(free // (value + beside) for free in left) >= count:
            whose = (
                "is left" if all(r.exact for r in rooms(snapshot, resource)) else "its nodes have, half of it kept for others"
            )
            fit = "1 pod fits" if count == 1 else f"{count} pods fit"
            origin = f"the largest round value with which {fit} in what {whose}"
            return Suggestion(show(value, resource), origin)
    return None


def _candidates(resource: str, below: int) -> Iterator[int]:
    sizes: Iterable[int] = (
        (*range(4000, 50, -50), *range(50, 10, -10)) if resource == "cpu" else (2**n for n in range(36, 23, -1))
    )
    yield from (size for size in sizes if size < below)
    if LEAST[resource] < below:
        yield LEAST[resource]
