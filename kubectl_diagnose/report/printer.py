"""What kubectl prints in the columns READY and STATUS of a pod (pkg/printers/internalversion/printers.go)."""

from collections.abc import Iterator

from kubectl_diagnose.model import Container, ContainerStatus, Pod


def ready_column(pod: Pod) -> str:
    """Return ready and all containers, sidecars among them: ``1/2``."""
    counted = [c for c in pod.all_containers if not c.init or c.sidecar]
    return f"{sum(c.status.ready for c in counted)}/{len(counted)}"


def state_column(pod: Pod) -> str:
    """Return the state as kubectl words it: ``CrashLoopBackOff``, ``Init:0/1``, ``Terminating`` …"""
    if pod.deleted is not None and pod.reason == "NodeLost":
        return "Unknown"
    if pod.deleted is not None and not pod.finished:
        return "Terminating"
    state = pod.reason or pod.phase or "Unknown"
    scheduled = pod.condition("PodScheduled")
    if scheduled is not None and scheduled.reason == "SchedulingGated":
        state = "SchedulingGated"
    initial = _init_state(pod)
    initialized = pod.condition("Initialized")
    if initial and not (initialized is not None and initialized.status == "True"):
        return initial
    return _main_state(pod, initial or state)


def _init_state(pod: Pod) -> str:
    for number, container in enumerate(pod.spec.init_containers):
        status = container.status
        ended = status.terminated
        if (ended and ended.exit_code == 0) or (container.sidecar and status.started):
            continue
        if ended:
            return f"Init:{ended.reason or f'ExitCode:{ended.exit_code}'}"
        if status.waiting and status.waiting.reason not in ("", "PodInitializing"):
            return f"Init:{status.waiting.reason}"
        return f"Init:{number}/{len(pod.spec.init_containers)}" if status or pod.node_name else ""
    return ""


def _main_state(pod: Pod, state: str) -> str:
    """The first container in order of name that waits or has ended gives the state."""
    running = False
    for container in sorted(pod.containers, key=lambda c: c.name, reverse=True):
        status = container.status
        state = container_state(status) or state
        running = running or (status.ready and status.running is not None)
    if state == "Completed" and running:
        return "Running" if pod.ready else "NotReady"
    return state


def container_state(status: ContainerStatus) -> str:
    """Return why a container waits or how it ended; '' while it runs or is not known."""
    if status.waiting and status.waiting.reason:
        return status.waiting.reason
    if status.terminated:
        return status.terminated.reason or f"ExitCode:{status.terminated.exit_code}"
    return ""


def broken_containers(pod: Pod) -> list[Container]:
    """Return the containers that do not do what they should, worst first."""
    bad = [(rank, c) for c in pod.all_containers if (rank := _badness(pod, c)) is not None]
    return [c for _, c in sorted(bad, key=lambda pair: pair[0])]


def _badness(pod: Pod, container: Container) -> int | None:
    status = container.status
    if status.waiting and status.waiting.reason not in ("ContainerCreating", "PodInitializing", ""):
        return 0
    if status.terminated:
        ended_well = status.terminated.exit_code == 0 and (container.init or pod.spec.restart_policy != "Always")
        return None if ended_well else 1
    if status.running is not None and not status.ready and not (container.init and not container.sidecar):
        return 2
    return None


def notes(pod: Pod) -> Iterator[str]:
    """Yield ``container: state`` for each broken container, worst first."""
    for container in broken_containers(pod):
        yield f"{container.name}: {container_state(container.status) or 'not ready'}"
