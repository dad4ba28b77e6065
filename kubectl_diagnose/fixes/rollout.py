"""Which pods a changed template does not reach by itself, and whether there is a revision to go back to."""

from kubectl_diagnose.model import ControllerRevision, DaemonSet, Deployment, Job, Object, Pod, Ref, StatefulSet
from kubectl_diagnose.relations import children, pods_of, replica_sets
from kubectl_diagnose.snapshot import Snapshot

_MOST = 20


def not_replaced(ref: Ref, snapshot: Snapshot) -> tuple[tuple[Ref, ...], tuple[str, ...]]:
    """Return the broken pods (jobs) of a controller that have to be deleted to be made anew, and warnings."""
    resource = snapshot.get(ref)
    if stuck := _stuck_jobs(ref, snapshot):
        names = ", ".join(job.name for job in stuck)
        return stuck, (f"it counts from the next run on; the command also deletes {names}, which never started its work",)
    why = _keeps_pods(resource, ref)
    broken = _broken(ref, snapshot) if why else ()
    warnings = [text for text in (_partition(resource), _not_yet(resource, ref)) if text]
    if not broken:
        return (), (*warnings, why) if why and not isinstance(resource, StatefulSet) else tuple(warnings)
    if len(broken) > _MOST:
        return (), (*warnings, f"{why}: delete its {len(broken)} broken pods to have them replaced")
    names = ", ".join(pod.name for pod in broken)
    return broken, (*warnings, f"{why}: the command also deletes {names}")


def _keeps_pods(resource: Object | None, ref: Ref) -> str:
    if ref.kind in ("ReplicaSet", "ReplicationController"):
        return f"{ref} does not replace the pods that exist"
    if resource is not None and resource.text("spec.updateStrategy.type") == "OnDelete":
        return f"{ref} replaces a pod only when it is deleted"
    if isinstance(resource, StatefulSet) and resource.text("spec.podManagementPolicy") in ("", "OrderedReady"):
        return f"{ref} waits for a pod that is not ready before it replaces it"
    return ""


def _broken(ref: Ref, snapshot: Snapshot) -> tuple[Ref, ...]:
    pods = (snapshot.get(pod) for pod in pods_of(snapshot, ref))
    return tuple(sorted(p.ref for p in pods if isinstance(p, Pod) and not p.ready and p.deleted is None))


def _stuck_jobs(ref: Ref, snapshot: Snapshot) -> tuple[Ref, ...]:
    """The jobs of a CronJob that go on waiting with the old template, no container of theirs having run."""
    if ref.kind != "CronJob":
        return ()
    jobs = [job for job in map(snapshot.get, children(snapshot, ref)) if isinstance(job, Job)]
    return tuple(sorted(job.ref for job in jobs if not job.complete and not job.failed and _never_ran(job, snapshot)))[:_MOST]


def _never_ran(job: Job, snapshot: Snapshot) -> bool:
    pods = [pod for pod in map(snapshot.get, pods_of(snapshot, job.ref)) if isinstance(pod, Pod)]
    containers = [c.status for pod in pods for c in pod.all_containers]
    return bool(pods) and not any(c.running or c.last_exit for c in containers)


def _partition(resource: Object | None) -> str:
    partition = resource.number("spec.updateStrategy.rollingUpdate.partition") if resource else 0
    return f"pods with an ordinal below {partition} keep the old template (partition)" if partition else ""


def _not_yet(resource: Object | None, ref: Ref) -> str:
    if isinstance(resource, Deployment) and resource.paused:
        return f"{ref} is paused: nothing is rolled out until it is resumed"
    return "it counts from the next run on: a job that exists is left as it is" if ref.kind == "CronJob" else ""


def has_older_revision(ref: Ref, snapshot: Snapshot) -> bool:
    """Whether a controller is known to have a revision to go back to."""
    resource = snapshot.get(ref)
    if isinstance(resource, Deployment):
        return len(replica_sets(snapshot, ref)) > 1
    if not isinstance(resource, StatefulSet | DaemonSet):
        return False
    revisions = [c for c in children(snapshot, ref) if isinstance(snapshot.get(c), ControllerRevision)]
    pods = (snapshot.get(pod) for pod in pods_of(snapshot, ref))
    hashes = {p.template_hash for p in pods if isinstance(p, Pod) and p.template_hash}
    return max(len(revisions), len(hashes)) > 1


def paused(ref: Ref, snapshot: Snapshot) -> bool:
    """Whether a Deployment is paused, which ``rollout undo`` refuses."""
    resource = snapshot.get(ref)
    return isinstance(resource, Deployment) and resource.paused
