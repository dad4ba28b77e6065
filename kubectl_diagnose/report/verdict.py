"""How a workload is: broken, degraded, waiting, unknown or healthy."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.model import CronJob, Deployment, Job, Object, Pod, Ref, Workload
from kubectl_diagnose.readings.startup import start_budget
from kubectl_diagnose.relations import children, owner
from kubectl_diagnose.report import Verdict, WorkloadState
from kubectl_diagnose.report.printer import broken_containers, container_state
from kubectl_diagnose.report.scope import pods_under
from kubectl_diagnose.snapshot import Snapshot

_ORDER = tuple(Verdict)
_PROGRESS_DEADLINE = 600
_SLACK = 10


class Count(NamedTuple):
    """How many are ready (or done) of how many that are asked for."""

    ready: int
    desired: int


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts, HEALTHY where there is none."""
    return min(verdicts, key=_ORDER.index, default=Verdict.HEALTHY)


def state_of(snapshot: Snapshot, ref: Ref, problems: Iterable[Problem]) -> WorkloadState:
    """Return how one workload is, given the problems of the whole diagnosis."""
    count = count_of(snapshot, ref)
    own = [problem for problem in problems if concerns(snapshot, problem, ref)]
    verdict = _verdict(snapshot, ref, count, own)
    return WorkloadState(ref, verdict, count.ready, count.desired, _since(snapshot, ref, verdict, own))


def concerns(snapshot: Snapshot, problem: Problem, ref: Ref) -> bool:
    """Whether a problem is one of a workload: of its owner, an instance or a symptom."""
    subjects = (problem.owner, *problem.instances, *(s.subject for s in problem.symptoms))
    return any(subject == ref or owner(snapshot, subject) == ref for subject in subjects)


def count_of(snapshot: Snapshot, ref: Ref) -> Count:
    """Return how many pods (or completions) of a workload are ready of those asked for."""
    resource = snapshot.get(ref)
    if isinstance(resource, Pod):
        return Count(int(resource.ready or resource.phase == "Succeeded"), 1)
    if isinstance(resource, CronJob):
        job = newest_job(snapshot, ref)
        return _job_count(job) if job else Count(0, 0)
    if isinstance(resource, Job):
        return _job_count(resource)
    if isinstance(resource, Workload):
        return Count(_ready_now(snapshot, resource), resource.replicas)
    pods = [pod for pod in pods_under(snapshot, ref) if pod.deleted is None]
    return Count(sum(pod.ready for pod in pods), len(pods))


def _ready_now(snapshot: Snapshot, workload: Workload) -> int:
    """What its status counts, or fewer: the controller may be a moment behind its pods."""
    if not snapshot.complete("Pod", workload.namespace):
        return workload.ready_replicas
    return min(workload.ready_replicas, sum(pod.ready for pod in pods_under(snapshot, workload.ref)))


def newest_job(snapshot: Snapshot, ref: Ref) -> Job | None:
    """Return the youngest Job of a CronJob, or None."""
    jobs = [job for job in map(snapshot.get, children(snapshot, ref)) if isinstance(job, Job)]
    return max(jobs, key=lambda job: (job.text("metadata.creationTimestamp"), job.name), default=None)


def _job_count(job: Job) -> Count:
    asked = job.number("spec.completions") or job.number("spec.parallelism", 1)
    if job.complete:
        return Count(asked, asked)
    running = 0 if job.failed else job.number("status.ready")
    return Count(min(asked, job.number("status.succeeded") + running), 0 if job.suspended else asked)


def _verdict(snapshot: Snapshot, ref: Ref, count: Count, problems: list[Problem]) -> Verdict:
    short = count.ready < count.desired
    current = [problem for problem in problems if not problem.rank.past]
    if any(problem.rank.impact == 0 for problem in current):
        return Verdict.BROKEN
    if not short:
        return Verdict.DEGRADED if current or _newest_fails(snapshot, ref) else Verdict.HEALTHY
    if not current and waits(snapshot, ref):
        return Verdict.WAITING
    if snapshot.get(ref) is None and not pods_under(snapshot, ref):
        return Verdict.UNKNOWN
    return Verdict.DEGRADED if count.ready else Verdict.BROKEN


def _newest_fails(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether pods of a controller fail beside those that serve."""
    if ref.kind in ("Pod", "Job", "CronJob"):
        return False
    beside = [pod for pod in pods_under(snapshot, ref) if not pod.ready and not pod.finished and pod.deleted is None]
    return any(container_state(c.status) for pod in beside for c in broken_containers(pod))


def waits(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether a workload that is not ready is still within the time that it is given."""
    failing = any(_fails(pod) for pod in pods_under(snapshot, ref) if not pod.ready)
    resource = snapshot.get(ref)
    refused = resource.condition("ReplicaFailure") if resource else None
    return not failing and not (refused is not None and refused.status == "True") and (time_left(snapshot, ref) or 0) > 0


def _fails(pod: Pod) -> bool:
    """Whether something went wrong with a pod already, so that it does not merely need more time."""
    if pod.restarts or pod.phase == "Failed":
        return True
    return any(container_state(c.status) for c in broken_containers(pod))


def time_left(snapshot: Snapshot, ref: Ref) -> float | None:
    """Return how many seconds a workload may still take to become ready; None where it has no time left."""
    resource = snapshot.get(ref)
    if isinstance(resource, Job) and resource.failed:
        return None
    if isinstance(resource, Deployment):
        return _progress_left(snapshot, resource)
    pods = [pod for pod in pods_under(snapshot, ref) if not pod.ready and not pod.finished]
    if not pods:
        return _left(snapshot, resource.created if resource else None, _PROGRESS_DEADLINE)
    left = [_start_left(snapshot, pod) for pod in pods]
    return None if any(seconds is None for seconds in left) else max(seconds or 0 for seconds in left)


def _progress_left(snapshot: Snapshot, deployment: Deployment) -> float | None:
    progressing = deployment.condition("Progressing")
    if progressing is None:
        return _left(snapshot, deployment.created, _PROGRESS_DEADLINE)
    if progressing.status == "False":
        return None
    if progressing.reason == "NewReplicaSetAvailable":
        # The deadline is not watched any more: pods that are replaced now have their own start-up budget.
        left = [_start_left(snapshot, pod) for pod in pods_under(snapshot, deployment.ref) if not pod.ready]
        return None if not left or any(seconds is None for seconds in left) else max(seconds or 0 for seconds in left)
    deadline = deployment.number("spec.progressDeadlineSeconds", _PROGRESS_DEADLINE)
    given = _left(snapshot, progressing.time_at("lastUpdateTime") or progressing.time, deadline)
    starts = [_start_left(snapshot, pod) for pod in pods_under(snapshot, deployment.ref) if not pod.ready]
    return given if given is None or not starts or None in starts else min(given, max(left or 0 for left in starts))


def _start_left(snapshot: Snapshot, pod: Pod) -> float | None:
    """What is left of the time that a pod has to pull its images and to pass its first probes."""
    if pod.restarts or pod.finished:
        return None
    runs = [c.running.started_at for c in pod.containers if c.running and c.running.started_at]
    if len(runs) < len(pod.containers):
        return _left(snapshot, pod.created, _PROGRESS_DEADLINE)
    return _left(snapshot, max(runs, default=None), max(map(start_budget, pod.containers), default=0) + _SLACK)


def _left(snapshot: Snapshot, begun: datetime | None, given: float) -> float | None:
    past = snapshot.seconds_since(begun)
    return given - past if past is not None and past < given else None


def _since(snapshot: Snapshot, ref: Ref, verdict: Verdict, problems: list[Problem]) -> datetime | None:
    """Since when it is so: what the controller says, else the earliest of its pods or of its problems."""
    if verdict in (Verdict.HEALTHY, Verdict.UNKNOWN):
        return None
    resource = snapshot.get(ref)
    available = resource.condition("Available") if isinstance(resource, Deployment) else None
    if available is not None and available.status == "False" and available.time:
        return available.time
    times = [_not_ready_since(pod) for pod in pods_under(snapshot, ref)] + [p.cause.since for p in problems]
    return min((t for t in times if t is not None), default=_created(resource))


def _not_ready_since(pod: Pod) -> datetime | None:
    condition = pod.condition("Ready")
    return condition.time if condition is not None and condition.status != "True" else None


def _created(resource: Object | None) -> datetime | None:
    return resource.created if resource else None
