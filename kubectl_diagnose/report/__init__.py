"""The report: what a diagnosis says, whatever form it is printed in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.model import Ref
from kubectl_diagnose.snapshot import Gap, Target


class Verdict(StrEnum):
    """How a workload is, worst first."""

    BROKEN = "broken"
    DEGRADED = "degraded"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    HEALTHY = "healthy"


class WorkloadState(Struct, frozen=True):
    """How one workload of the target is."""

    ref: Ref
    verdict: Verdict
    ready: int
    desired: int
    since: datetime | None = None


class PodRow(Struct, frozen=True):
    """A line of the table of facts: one pod, or several that are alike."""

    pods: tuple[Ref, ...]
    ready: str
    restarts: str
    state: str
    last_exit: str
    cpu: str
    memory: str
    node: str
    age: str


class Report(Struct, frozen=True, eq=False):
    """A finished diagnosis. ``changes`` are fields that differ between the newest revision and the one before."""

    target: Target
    taken_at: datetime
    verdict: Verdict
    summary: str
    workloads: tuple[WorkloadState, ...]
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    gaps: tuple[Gap, ...]
    rows: tuple[PodRow, ...] = ()
    changes: tuple[dict[str, Any], ...] = ()
    looked_at: tuple[str, ...] = ()
    api_versions: tuple[tuple[Ref, str], ...] = ()
