"""
What the last exit of a container means.

137 alone says only that something sent SIGKILL: out of memory, a probe, a deletion, an eviction, a lost state or the
program itself. The rows of the table are tried in order and the first that fits is the reading.
"""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.findings import Confidence
from kubectl_diagnose.model import Container, CronJob, Event, Evidence, Job, Pod, Terminated
from kubectl_diagnose.readings.exit_codes import meaning
from kubectl_diagnose.readings.killing import BACK_OFF_RESET, probe_kill
from kubectl_diagnose.readings.memory import memory_limit, near_limit
from kubectl_diagnose.relations import controller_of
from kubectl_diagnose.snapshot import Snapshot

_SHELLS = ("sh", "bash", "ash", "dash")


class ExitKind(StrEnum):
    """Why a run ended."""

    OUT_OF_MEMORY = "out of memory"
    NODE_OUT_OF_MEMORY = "node out of memory"
    CHILD_OUT_OF_MEMORY = "child out of memory"
    OUT_OF_MEMORY_MISSED = "out of memory, missed by the runtime"
    LIVENESS_KILL = "killed for its liveness probe"
    STARTUP_KILL = "killed for its startup probe"
    STOPPED = "stopped"
    SPEC_CHANGED = "spec changed"
    EVICTED = "evicted"
    STATUS_LOST = "status lost"
    RESTART_ALL = "all containers restarted"
    HOOK_KILL = "killed for its postStart hook"
    START_ERROR = "never started"
    COMPLETED = "completed"
    APP_ERROR = "application error"
    SIGNAL = "signal"
    UNKNOWN = "unknown"


FAULTS = frozenset({ExitKind.APP_ERROR, ExitKind.SIGNAL, ExitKind.UNKNOWN})
"""The program failed by itself: what it logged says why."""


class Exit(Struct, frozen=True, eq=False):
    """The reading of one run that ended; ``words`` says what its code means."""

    kind: ExitKind
    run: Terminated
    words: str
    evidence: tuple[Evidence, ...]
    confidence: Confidence = Confidence.CERTAIN


class _Case(Struct, frozen=True, eq=False):
    container: Container
    run: Terminated
    pod: Pod | None
    snapshot: Snapshot

    def exit(self, kind: ExitKind, *evidence: Evidence, confidence: Confidence = Confidence.CERTAIN, words: str = "") -> Exit:
        quoted = (self.run.at("reason"), self.run.at("exitCode"), *evidence)
        return Exit(kind, self.run, words or meaning(self.run.exit_code), quoted, confidence)

    def killing(self, *words: str) -> Event | None:
        """The Killing event that led to this exit, of any wording or one of the given."""
        grace = (self.pod.value("spec.terminationGracePeriodSeconds") if self.pod else None) or 30
        for event in reversed(self.snapshot.events(self.container, "Killing")):
            if _led_to(event, self.run, grace) and (not words or any(w in event.message for w in words)):
                return event
        return None


def _led_to(event: Event, run: Terminated, grace: int) -> bool:
    end, first, last = run.finished_at, event.first_seen, event.last_seen
    if end is None or first is None or last is None:
        return True
    if event.count > 1:
        return first <= end + timedelta(seconds=5)
    return end - timedelta(seconds=grace + 10) <= last <= end + timedelta(seconds=5)


def _by_reason(case: _Case) -> Exit | None:
    reason, code = case.run.reason, case.run.exit_code
    if reason == "ContainerStatusUnknown" or (reason == "Unknown" and code == 255):
        return case.exit(ExitKind.STATUS_LOST, case.run.at("message"))
    if reason == "RestartingAllContainers":
        return case.exit(ExitKind.RESTART_ALL)
    if reason in ("StartError", "ContainerCannotRun") or (code == 128 and case.run.started_at is None):
        return case.exit(ExitKind.START_ERROR, case.run.at("message"))
    return None


def _by_pod(case: _Case) -> Exit | None:
    pod = case.pod
    if pod and pod.reason in ("Evicted", "Preempting", "Terminated", "NodeShutdown", "DeadlineExceeded"):
        return case.exit(ExitKind.EVICTED, pod.at("status.reason"))
    target = pod.condition("DisruptionTarget") if pod else None
    if target and target.status == "True":
        return case.exit(ExitKind.EVICTED, target.at("reason"))
    if case.run.exit_code != 0 and pod and pod.deleted:
        return case.exit(ExitKind.STOPPED, pod.at("metadata.deletionTimestamp"))
    return None


def _by_oom_reason(case: _Case) -> Exit | None:
    if case.run.reason != "OOMKilled":
        return None
    if case.run.exit_code != 137:
        return None if case.killing() else case.exit(ExitKind.CHILD_OUT_OF_MEMORY)
    if memory_limit(case.container) is None:
        return case.exit(ExitKind.NODE_OUT_OF_MEMORY, confidence=Confidence.LIKELY)
    kill = case.killing()
    # The runtime's counter is cumulative: a probe's SIGKILL of a container that once lost a child reads OOMKilled too.
    if kill is not None:
        return case.exit(ExitKind.OUT_OF_MEMORY, kill.at("message"), confidence=Confidence.LIKELY)
    return case.exit(ExitKind.OUT_OF_MEMORY)


_STOPS = (
    ("definition changed", ExitKind.SPEC_CHANGED),
    ("resize", ExitKind.SPEC_CHANGED),
    ("Stopping container", ExitKind.STOPPED),
)


def _by_probe(case: _Case) -> Exit | None:
    kill = probe_kill(case.snapshot, case.container)
    if kill is None:
        return None
    kind = ExitKind.STARTUP_KILL if kill.probe.kind == "startup" else ExitKind.LIVENESS_KILL
    return case.exit(kind, *kill.evidence, confidence=kill.confidence)


def _by_event(case: _Case) -> Exit | None:
    for said, kind in _STOPS:
        if stop := case.killing(said):
            return case.exit(kind, stop.at("message"))
    hooks = case.snapshot.events(case.container, "FailedPostStartHook")
    words = "its postStart hook failed, and the kubelet ended it"
    return case.exit(ExitKind.HOOK_KILL, hooks[-1].at("message"), words=words) if hooks else None


def _by_code(case: _Case) -> Exit:
    code = case.run.exit_code
    if code == 0:
        return case.exit(ExitKind.COMPLETED)
    if code == 137:
        return _killed(case)
    if code == 143:
        return case.exit(ExitKind.UNKNOWN, confidence=Confidence.LIKELY)
    return case.exit(ExitKind.SIGNAL if 128 < code < 160 else ExitKind.APP_ERROR)


def _killed(case: _Case) -> Exit:
    container = case.container
    probed = container.probe("liveness") or container.probe("startup")
    told = case.snapshot.events(container, "Started", "BackOff")  # its events are there, and none says that a probe did it
    if memory_limit(container) is None or (probed and not told):
        return case.exit(ExitKind.UNKNOWN, confidence=Confidence.LIKELY)
    shell = bool(container.command) and container.command[0].rpartition("/")[2] in _SHELLS
    sure = Confidence.POSSIBLE if shell and not near_limit(container, case.snapshot) else Confidence.LIKELY
    return case.exit(ExitKind.OUT_OF_MEMORY_MISSED, confidence=sure)


_TABLE: tuple[Callable[[_Case], Exit | None], ...] = (
    _by_reason,
    _by_pod,
    _by_oom_reason,
    _by_probe,
    _by_event,
    _by_code,
)


@lru_cache(maxsize=1024)
def read_exit(container: Container, snapshot: Snapshot) -> Exit | None:
    """Return what the newest exit of a container means, None where it never ended."""
    run = container.last_exit
    if run is None:
        return None
    pod = snapshot.get(container.ref)
    case = _Case(container, run, pod if isinstance(pod, Pod) else None, snapshot)
    return next((found for row in _TABLE if (found := row(case))), None)


def fault(container: Container, snapshot: Snapshot) -> Exit | None:
    """Return the reading of a current exit that is the program's own failure, else None."""
    found = read_exit(container, snapshot)
    return found if found and found.kind in FAULTS and current(container, snapshot) else None


def current(container: Container, snapshot: Snapshot) -> bool:
    """
    Whether the last exit of a container still matters.

    It does while the container is down, until its back-off is reset, and while it repeats. It does not once
    the Job that the pod belongs to has succeeded, or a later run of its CronJob has.
    """
    run = container.last_exit
    if run is None or _made_good(container, snapshot):
        return False
    if container.status.terminated is not None or container.waiting_reason in ("CrashLoopBackOff", "RunContainerError"):
        return not (container.init and container.status.ready)
    if container.init and not container.sidecar and container.status.ready:
        return False
    since = snapshot.seconds_since(run.finished_at)
    if since is None:
        return container.waiting is not None
    return since <= BACK_OFF_RESET or (container.status.restart_count >= 2 and since <= 6 * BACK_OFF_RESET)


def _made_good(container: Container, snapshot: Snapshot) -> bool:
    parent = controller_of(snapshot, container.ref)
    job = snapshot.get(parent) if parent else None
    if not isinstance(job, Job):
        return False
    above = controller_of(snapshot, job.ref)
    cron = snapshot.get(above) if above else None
    later = cron.time_at("status.lastSuccessfulTime") if isinstance(cron, CronJob) else None
    ended = container.last_exit.finished_at if container.last_exit else None
    return job.complete or (later is not None and ended is not None and later > ended)
