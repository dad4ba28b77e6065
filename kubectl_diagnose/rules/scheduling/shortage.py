"""What the rules on CPU and memory have in common: who asks for how much, what nodes have, and what would fit."""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, Safety, TemplateEdit
from kubectl_diagnose.model import Container, Evidence, Node, Pod
from kubectl_diagnose.readings.capacity import LEAST, Room, about, counted, effective_request, request_of, rooms, show, suggest
from kubectl_diagnose.readings.history import earlier
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot


def lacking(rule: Rule, pod: Pod, snapshot: Snapshot, resource: str) -> Iterator[Finding]:
    """Yield a finding where no node has as much of a resource as a pod asks for."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("insufficient", resource) if said else None
    if said is None or reason is None or not pod.containers:
        return
    heaviest = max(pod.all_containers, key=lambda c: request_of(c, resource))
    asked = effective_request(pod.spec, resource)
    room = rooms(snapshot, resource, pod.spec) or rooms(snapshot, resource)
    who = _who(heaviest, pod, asked, resource)
    yield rule.finding(
        heaviest,
        f"{who} asks for {show(asked, resource)} of {resource}, {_left(room, asked, resource)}",
        said.evidence,
        quoted(heaviest, resource),
        *(r.node.at(f"status.allocatable.{resource}") for r in room[:1]),
        confidence=Confidence.POSSIBLE if _overshadowed(pod, snapshot, resource) else said.confidence(reason),
        fixes=_fixes(heaviest, pod, snapshot, resource, _smaller(request_of(heaviest, resource), room, resource)),
        details=_details(asked, room, resource),
    )


def _overshadowed(pod: Pod, snapshot: Snapshot, resource: str) -> bool:
    """Whether the pod asks for more of the other resource than any node could ever give: that is the cause then."""
    other = "memory" if resource == "cpu" else "cpu"

    def never(each: str) -> bool:
        return effective_request(pod.spec, each) > max((r.allocatable for r in rooms(snapshot, each)), default=2**63)

    return never(other) and not never(resource)


def quoted(container: Container, resource: str) -> Evidence:
    """Quote the request of a container, or the limit that it defaults from."""
    what = "requests" if container.mapping("resources.requests").get(resource) is not None else "limits"
    return container.at(f"resources.{what}[{resource}]")


def _who(heaviest: Container, pod: Pod, asked: int, resource: str) -> str:
    return repr(heaviest.name) if request_of(heaviest, resource) == asked else f"the pod (most of it for {heaviest.name!r})"


def _left(room: list[Room], asked: int, resource: str) -> str:
    if room and asked > max(r.allocatable for r in room):
        largest = max(r.allocatable for r in room)
        return f"the largest node has {about(largest, resource)}"
    if room and room[0].exact:
        return f"the most that a node has left is {about(room[0].free, resource)}"
    return "no node has as much left"


def _smaller(asked: int, room: list[Room], resource: str) -> str:
    """Return what a request that no node could ever hold would be in the next smaller unit, '' where that is nothing."""
    smaller = asked // (1000 if resource == "cpu" else 1024)
    never = bool(room) and asked > max(r.allocatable for r in room)
    return show(smaller, resource) if never and smaller >= LEAST[resource] else ""


def _details(asked: int, room: list[Room], resource: str) -> tuple[str, ...]:
    smaller = _smaller(asked, room, resource)
    return (f"written in the next smaller unit it would be {smaller}, which fits",) if smaller else ()


def _fixes(container: Container, pod: Pod, snapshot: Snapshot, resource: str, smaller: str) -> Iterator[Fix]:
    """What it uses is best; then what it asked for before; then what it may have been meant to say; then what fits."""
    suggestion = suggest(snapshot, pod, container, resource)
    found = [_ask(container, resource, suggestion.value, suggestion.value_from)] if suggestion else []
    if smaller and (suggestion is None or smaller != suggestion.value):
        other = _ask(container, resource, smaller, "the same number in the next smaller unit")
        found.insert(1 if suggestion and suggestion.used else 0, other)
    if before := _before(container, snapshot, resource):
        found.insert(1 if suggestion and suggestion.used else 0, before)
    yield from found or [manual(snapshot, resource)]


def _before(container: Container, snapshot: Snapshot, resource: str) -> Fix | None:
    """Go back to what an older revision asked for, where that was less."""
    for past in earlier(container, snapshot):
        value = past.container.mapping("resources.requests").get(resource)
        if value is not None and request_of(past.container, resource) < request_of(container, resource):
            return _ask(container, resource, str(value), f"{past.name} {'runs with' if past.ran else 'asked for'} it")
    return None


def _ask(container: Container, resource: str, value: str, origin: str) -> Fix:
    """The limit stays: it does not keep a pod from being scheduled."""
    edit = {"name": container.name, "resources": {"requests": {resource: value}}}
    field = "initContainers" if container.init else "containers"
    return Fix(f"Ask for {value} of {resource}", TemplateEdit({field: [edit]}), basis=Basis.BOUNDED, value_from=origin)


def manual(snapshot: Snapshot, resource: str) -> Fix:
    """Return the fix that remains where no request can be suggested."""
    count = len(snapshot.all(Node))
    title = f"Add a node with room, run fewer replicas, or ask for less {resource} ({counted(count, 'node')} there now)"
    return Fix(title, safety=Safety.MANUAL)
