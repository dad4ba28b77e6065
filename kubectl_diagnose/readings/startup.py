"""Whether something is merely not finished starting: decided before any symptom speaks."""

from kubectl_diagnose.model import Container, Evidence, Pod
from kubectl_diagnose.snapshot import Snapshot

GRACE = 30
"""Seconds that any program may take before it is called late, where no probe says how long."""
CREATION_GRACE = 60
"""Seconds that volumes, network and image may take before a pod is called stuck, where no event says what is wrong."""
_SETTING_UP = ("ContainerCreating", "PodInitializing", "")


def start_budget(container: Container) -> int:
    """Return the seconds that a container has to become ready: by its startup probe, else by the others."""
    startup = container.probe("startup")
    if startup is not None:
        return startup.initial_delay + startup.period * startup.failure_threshold
    readiness = container.probe("readiness")
    delay = readiness.initial_delay + readiness.period * readiness.failure_threshold if readiness else 0
    return max(GRACE, delay)


def starting(snapshot: Snapshot, container: Container) -> Evidence | None:
    """Quote why a container is still within the time that it is given to start, None where it is not."""
    running = container.running
    if running is None or container.status.ready or container.status.restart_count:
        return None
    age = snapshot.seconds_since(running.started_at)
    return running.at("startedAt") if age is not None and age < start_budget(container) else None


def waiting(snapshot: Snapshot, pod: Pod) -> Evidence | None:
    """Quote why a pod is still within the time that it is given, None where it is ready, late or failing."""
    if pod.ready or pod.finished or pod.deleted is not None:
        return None
    age = snapshot.seconds_since(pod.created)
    for container in pod.all_containers:
        quote = starting(snapshot, container)
        if quote is not None:
            return quote
        if container.running or container.status.terminated:
            continue
        if container.waiting_reason not in _SETTING_UP or container.last_exit:
            return None
    young = age is not None and age < CREATION_GRACE
    failed = snapshot.events(pod, "Failed", "FailedMount", "FailedCreatePodSandBox")
    pulling = bool(snapshot.events(pod, "Pulling")) and not failed
    setting_up = any(c.waiting_reason in _SETTING_UP and not c.running and not c.status.terminated for c in pod.all_containers)
    return pod.at("metadata.creationTimestamp") if setting_up and (young or pulling) else None
