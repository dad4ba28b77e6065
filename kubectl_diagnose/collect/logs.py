"""Which containers have something to say that their status does not; never all of them."""

from collections.abc import Iterator

from kubectl_diagnose.collect.focus import Known
from kubectl_diagnose.collect.requests import Request, log
from kubectl_diagnose.model import Container, Event, Pod, Ref, Service
from kubectl_diagnose.relations import controller_of

MOST_PODS = 3
MOST = 60
NO_LOG = "unable to retrieve container logs for "


def plan_logs(known: Known) -> Iterator[Request]:
    """Ask for the logs of containers in trouble, of three pods at most of one owner and revision."""
    failing = _failing_probes(known)
    taken: dict[tuple[object, ...], int] = {}
    asked = 0
    for pod in sorted(known.pods, key=lambda p: (-p.restarts, p.name)):
        for container in pod.all_containers:
            runs = _runs_wanted(pod, container, failing, known)
            same = (controller_of(known.snapshot, pod.ref) or pod.ref, pod.template_hash, container.name)
            if not runs or taken.get(same, 0) >= MOST_PODS or asked >= MOST:
                continue
            taken[same] = taken.get(same, 0) + 1
            asked += len(runs)
            yield from (log(container, previous) for previous in runs)


def _runs_wanted(pod: Pod, container: Container, failing: set[tuple[Ref, str]], known: Known) -> tuple[bool, ...]:
    """Return which runs to read the log of: ``previous`` for each."""
    status = container.status
    ended_before = bool(status.mapping("lastState.terminated")) or status.restart_count > 0
    has_run = status.running is not None or status.terminated is not None or ended_before
    if not pod.node_name or not has_run or pod.phase == "Succeeded":
        return ()
    asks = (
        ended_before
        or _ended_badly(container)
        or _not_ready(container)
        or (pod.ref, container.name) in failing
        or _port_in_doubt(pod, container, known)
    )
    return (False, True) if asks and ended_before else (False,) if asks else ()


def _ended_badly(container: Container) -> bool:
    ended = container.status.terminated
    return ended is not None and (ended.exit_code != 0 or ended.reason in ("OOMKilled", "Error"))


def _not_ready(container: Container) -> bool:
    """Whether it runs without being ready; an init container that still runs is not done."""
    if container.running is None:
        return False
    return not container.status.ready or container.status.started is False


def _failing_probes(known: Known) -> set[tuple[Ref, str]]:
    """The containers that an event says a probe of failed."""
    return {(e.about, e.container) for e in known.snapshot.all(Event) if e.reason in ("Unhealthy", "ProbeError")}


def _port_in_doubt(pod: Pod, container: Container, known: Known) -> bool:
    """Whether a Service that was asked for sends to a port that no container of the pod declares."""
    for service in known.subjects:
        if not isinstance(service, Service) or not service.selector.items() <= pod.labels.items() or known.broad:
            continue
        declared = {p for c in pod.containers for number, name in c.declared_ports.items() for p in (number, name)}
        if not container.init and any(port.target not in declared for port in service.ports):
            return True
    return False


def lines_wanted(text: str) -> bool:
    """Whether an answer is a log; the kubelet may say with status 200 that it has none."""
    return not (text.startswith(NO_LOG) and text.count("\n") <= 1)
