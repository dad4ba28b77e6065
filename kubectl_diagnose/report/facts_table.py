"""The table of facts: one line for each pod, replicas alike folded into one."""

from collections.abc import Callable, Iterable

from kubectl_diagnose.model import Container, Pod, Terminated
from kubectl_diagnose.model.quantity import show_bytes, show_millicores
from kubectl_diagnose.relations import controller_of
from kubectl_diagnose.report import PodRow
from kubectl_diagnose.report.printer import broken_containers, notes, ready_column, state_column
from kubectl_diagnose.report.wording import ago
from kubectl_diagnose.snapshot import Snapshot


def rows(snapshot: Snapshot, pods: Iterable[Pod]) -> tuple[PodRow, ...]:
    """Return the lines of the table, those that are not ready first."""
    groups: dict[tuple[object, ...], list[Pod]] = {}
    for pod in pods:
        groups.setdefault(_alike(snapshot, pod), []).append(pod)
    ordered = sorted(groups.values(), key=lambda group: (_fine(group[0]), -group[0].restarts, group[0].name))
    return tuple(_row(snapshot, group) for group in ordered)


def _fine(pod: Pod) -> bool:
    return pod.ready or pod.phase == "Succeeded"


def _alike(snapshot: Snapshot, pod: Pod) -> tuple[object, ...]:
    above = controller_of(snapshot, pod.ref) or pod.ref
    if pod.ready and pod.phase == "Running" and not pod.restarts and pod.deleted is None:
        return above, pod.template_hash
    last = _last_exit(pod)
    ended = (last[0].name, last[1].reason, last[1].exit_code) if last else None
    return above, ready_column(pod), state(pod), ended, pod.template_hash


def _row(snapshot: Snapshot, pods: list[Pod]) -> PodRow:
    newest = max(pods, key=lambda pod: pod.text("metadata.creationTimestamp"))
    oldest = min(pods, key=lambda pod: pod.text("metadata.creationTimestamp"))
    young, old = ago(newest.created, snapshot.taken_at), ago(oldest.created, snapshot.taken_at)
    nodes = sorted({pod.node_name for pod in pods if pod.node_name})
    return PodRow(
        pods=tuple(pod.ref for pod in pods),
        ready=ready_column(pods[0]),
        restarts=_range([pod.restarts for pod in pods]),
        state=state(pods[0]),
        last_exit=_exit_column(snapshot, pods),
        cpu=_usage(snapshot, pods, "cpu"),
        memory=_usage(snapshot, pods, "memory"),
        node=f"{len(nodes)} nodes" if len(nodes) > 1 else "".join(nodes),
        age=young if young == old else f"{young}-{old}",
    )


def _range(numbers: list[int]) -> str:
    return str(min(numbers)) if min(numbers) == max(numbers) else f"{min(numbers)}-{max(numbers)}"


def state(pod: Pod) -> str:
    """Return kubectl's state of a pod, and which containers are broken where it has several or the state hides it."""
    printed, broken = state_column(pod), list(notes(pod))
    if pod.reason and pod.reason != printed:
        return f"{printed} ({pod.reason})"
    if not broken:
        return printed
    if len(broken) == 1 and len(pod.all_containers) == 1:
        return printed if not broken[0].endswith(": not ready") or printed != "Running" else "Running, not ready"
    if len(broken) == 1 and not broken[0].endswith(": not ready"):
        name, _, reason = broken[0].partition(": ")
        return f"{printed} ({name})" if printed.removeprefix("Init:") == reason else f"{printed} ({broken[0]})"
    if len(broken) == 1:
        return f"{printed} ({broken[0]})"
    return f"{', '.join(broken[:2])}{f' +{len(broken) - 2}' if len(broken) > 2 else ''}"


def _last_exit(pod: Pod) -> tuple[Container, Terminated] | None:
    """The newest failed exit of a broken container, else of any; a clean one where there is no other."""
    broken = [(c, c.last_exit) for c in broken_containers(pod)]
    every = [(c, c.last_exit) for c in pod.all_containers if c.last_exit and (c.last_exit.exit_code or not c.init)]
    for candidates in (broken, every):
        ended = [(c, e) for c, e in candidates if e is not None]
        if ended:
            return max(ended, key=lambda pair: (pair[1].exit_code != 0, pair[1].text("finishedAt")))
    return None


def _exit_column(snapshot: Snapshot, pods: list[Pod]) -> str:
    found = [last for pod in pods if (last := _last_exit(pod))]
    if not found:
        return ""
    container, ended = max(found, key=lambda last: last[1].text("finishedAt"))
    when = ago(ended.finished_at, snapshot.taken_at)
    named = f"{container.name}: " if len(pods[0].all_containers) > 1 else ""
    return f"{named}{ended.reason or 'ended'} {ended.exit_code}{f', {when} ago' if when else ''}"


def _usage(snapshot: Snapshot, pods: list[Pod], what: str) -> str:
    """Used, requested and limit of the broken container, or of all; '' where nothing is known or asked for."""
    containers = [c for c in broken_containers(pods[0])[:1] if not c.init] or list(pods[0].containers)
    show: Callable[[int], str] = show_bytes if what == "memory" else show_millicores
    used = [_used(snapshot, pod, containers, what) for pod in pods]
    numbers = [
        max((u for u in used if u is not None), default=None),
        _sum(_asked(c, what, "requests") for c in containers),
        _sum(_asked(c, what, "limits") for c in containers),
    ]
    return "/".join("-" if n is None else show(n) for n in numbers) if any(n is not None for n in numbers) else ""


def _asked(container: Container, what: str, bound: str) -> int | None:
    return container.memory(bound) if what == "memory" else container.cpu(bound)


def _used(snapshot: Snapshot, pod: Pod, containers: list[Container], what: str) -> int | None:
    metrics = snapshot.metrics(pod)
    if metrics is None:
        return None
    return _sum(metrics.memory(c.name) if what == "memory" else metrics.cpu(c.name) for c in containers)


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum, None where one is not known: a sum of some would look like that of all."""
    found = list(numbers)
    return None if not found or None in found else sum(n for n in found if n is not None)
