"""Why the kubelet evicted a pod (pkg/kubelet/eviction), and whether it still matters."""

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from kubectl_diagnose.model import Pod
from kubectl_diagnose.relations import controller_of, pods_of
from kubectl_diagnose.snapshot import Snapshot

RECENT = 600
"""Seconds in which an eviction is current although a replacement is ready: what filled up once fills up again."""


class EvictedFor(StrEnum):
    """What the pod had too much of, or the node too little."""

    STORAGE_LIMIT = "storage limit"
    EMPTY_DIR = "emptyDir size"
    NODE_PRESSURE = "node pressure"
    OTHER = "other"


class Eviction(Struct, frozen=True, eq=False):
    """The reading of one eviction; ``name`` is the container or volume, ``amount`` the limit or resource, where named."""

    kind: EvictedFor
    name: str = ""
    amount: str = ""
    at: datetime | None = None


_TABLE = (
    (EvictedFor.STORAGE_LIMIT, r"Container (?P<name>\S+) exceeded its local ephemeral storage limit \"(?P<amount>[^\"]+)\""),
    (
        EvictedFor.STORAGE_LIMIT,
        r"ephemeral local storage usage exceeds the total limit of \w+ (?P<amount>[^\s.]+)(?P<name>)",
    ),
    (EvictedFor.EMPTY_DIR, r"Usage of EmptyDir volume \"(?P<name>[^\"]+)\" exceeds the limit \"(?P<amount>[^\"]+)\""),
    (EvictedFor.NODE_PRESSURE, r"[Nn]ode was low on resource: (?P<amount>[\w-]+)(?:.*?Container (?P<name>\S+) was using)?"),
    (EvictedFor.NODE_PRESSURE, r"[Nn]ode had condition: \[(?P<amount>\w+)(?P<name>)"),
)


def read_eviction(pod: Pod, snapshot: Snapshot) -> Eviction | None:
    """Return why a pod was evicted, None where it was not or where it is made good."""
    if pod.reason != "Evicted":
        return None
    found = next(
        (e for kind, pattern in _TABLE if (e := _read(kind, pattern, pod))), Eviction(EvictedFor.OTHER, at=_when(pod))
    )
    return None if _made_good(found, pod, snapshot) else found


def _read(kind: EvictedFor, pattern: str, pod: Pod) -> Eviction | None:
    match = re.search(pattern, pod.message)
    return Eviction(kind, match["name"] or "", match["amount"] or "", _when(pod)) if match else None


def _when(pod: Pod) -> datetime | None:
    target = pod.condition("DisruptionTarget")
    ends = [c.last_exit.finished_at for c in pod.all_containers if c.last_exit and c.last_exit.finished_at]
    return target.time if target and target.time else max(ends, default=None)


def _made_good(eviction: Eviction, pod: Pod, snapshot: Snapshot) -> bool:
    parent = controller_of(snapshot, pod.ref)
    others = [snapshot.get(ref) for ref in pods_of(snapshot, parent)] if parent else []
    if not any(isinstance(p, Pod) and p.ready for p in others):
        return False
    age = snapshot.seconds_since(eviction.at)
    return eviction.kind in (EvictedFor.NODE_PRESSURE, EvictedFor.OTHER) or age is None or age > RECENT
