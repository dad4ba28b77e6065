"""What a quota allows, and who uses it up."""

import re
from collections.abc import Iterator

from kubectl_diagnose.model import Container, Pod, Ref, ResourceQuota
from kubectl_diagnose.readings.capacity import amount, request_of, show
from kubectl_diagnose.relations import owner
from kubectl_diagnose.snapshot import Snapshot

_USUAL = {
    "requests.memory": "64Mi",
    "limits.memory": "128Mi",
    "requests.cpu": "50m",
    "limits.cpu": "200m",
    "requests.ephemeral-storage": "128Mi",
    "limits.ephemeral-storage": "256Mi",
}
"""What a small server gets where nothing is known of it."""


def amounts(text: str) -> dict[str, str]:
    """Return the amounts of ``requests.cpu=1,pods=2``."""
    return dict(re.findall(r"([\w./-]+)=([^,\s\]]+)", text))


def split(key: str) -> tuple[str, str]:
    """Return ``requests`` or ``limits``, and the resource, of a name as quotas have it; ``cpu`` is a request."""
    what, dot, resource = key.partition(".")
    return (what, resource) if dot and what in ("requests", "limits") else ("requests", key)


def users(snapshot: Snapshot, namespace: str, key: str) -> Iterator[str]:
    """Say which owners of pods in a namespace take most of what a quota counts, most first."""
    what, resource = split(key)
    taken: dict[Ref, int] = {}
    for pod in snapshot.all(Pod):
        if pod.namespace == namespace and not pod.finished:
            top = owner(snapshot, pod.ref)
            taken[top] = taken.get(top, 0) + (1 if key == "pods" else sum(_asked(c, what, resource) for c in pod.containers))
    for ref, count in sorted(taken.items(), key=lambda item: (-item[1], item[0]))[:3]:
        if count:
            yield f"{ref} uses {show(count, resource)} of {key}"


def _asked(container: Container, what: str, resource: str) -> int:
    if what == "requests":
        return request_of(container, resource)
    return amount(container.mapping("resources.limits").get(resource), resource) or 0


def consistent(container: Container, resources: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return resources to be set on a container so that no request is above its limit, set now or before."""
    requests, limits = dict(resources.get("requests", {})), dict(resources.get("limits", {}))
    for name, limit in resources.get("limits", {}).items():
        before = amount(container.mapping("resources.requests").get(name), name) or 0
        if name not in requests and before > (amount(limit, name) or 0):
            limits[name] = show(before, name)
    for name, request in resources.get("requests", {}).items():
        limit_now = amount(limits.get(name) or container.mapping("resources.limits").get(name), name)
        if limit_now is not None and (amount(request, name) or 0) > limit_now:
            requests[name] = show(limit_now, name)
    return {what: values for what, values in (("requests", requests), ("limits", limits)) if values}


def default_for(key: str, quota: ResourceQuota | None, shares: int) -> str | None:
    """Return a usual value for what a quota wants set, less where the room left does not hold that many; None if none does."""
    usual = _USUAL.get(key) or _USUAL.get(f"requests.{key}")
    if usual is None:
        return None
    _, resource = split(key)
    wanted = amount(usual, resource) or 0
    hard = amount(quota.mapping("status.hard").get(key), resource) if quota else None
    if quota is None or hard is None:
        return usual
    left = (hard - (amount(quota.mapping("status.used").get(key), resource) or 0)) // max(1, shares)
    step = 5 if resource == "cpu" else 2**20
    room = left // step * step
    return usual if wanted <= left else show(room, resource) if room > 0 else None
