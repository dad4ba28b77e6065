"""From an edit of a pod template to a patch of the object that keeps it."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.fixes import exclusive, json_patch, rollout, strategic
from kubectl_diagnose.fixes.amounts import fitted
from kubectl_diagnose.fixes.refused import RefusedError, redacted
from kubectl_diagnose.model import Pod, PodTemplate, Raw, Ref, View, Workload, kind_of
from kubectl_diagnose.relations import inferred, owner
from kubectl_diagnose.snapshot import Snapshot

_ONE_WAY = {"tolerations", "schedulingGates"}
"""What a pod that exists can be given or lose, and not the other way round."""
_JOB_UIDS = ("controller-uid", "batch.kubernetes.io/controller-uid")


class Place(Struct, frozen=True, eq=False):
    """
    Where a pod template is kept: the object, and the path in it to what holds the pod spec.

    ``base`` is the object; where it was not read, one that is made up of the spec of one of its pods.
    """

    ref: Ref
    path: tuple[str, ...]
    base: Raw
    read: bool = True
    inferred: bool = False

    @property
    def spec(self) -> Mapping[str, Any]:
        """The pod spec as it is."""
        return View(self.ref, "", self.base).mapping(".".join((*self.path, "spec")))

    def patch(self, edit: Mapping[str, Any]) -> dict[str, Any]:
        """Return a patch of the whole object for one of its pod spec."""
        body: dict[str, Any] = dict(edit)
        for step in reversed((*self.path, "spec")):
            body = {step: body}
        return body

    def template(self, whole: Raw) -> PodTemplate:
        """Return the pod template of the object, or of what a patch makes of it."""
        path = ".".join(self.path)
        return PodTemplate(self.ref, path, View(self.ref, "", whole).value(path) if path else whole)


class Plan(Struct, frozen=True, eq=False):
    """
    A change made concrete: a patch of one object, or of a copy that takes its place (``recreate``).

    ``result`` is the object with the patch applied, ``delete`` the pods that have to go for the patch to reach them.
    """

    target: Ref
    type: str
    patch: Any
    undo: Any
    result: Raw
    recreate: bool = False
    delete: tuple[Ref, ...] = ()
    warnings: tuple[str, ...] = ()


def place_of(problem: Problem, snapshot: Snapshot) -> Place | None:
    """Return where the template is kept that a problem is about, or None."""
    subject = problem.cause.subject
    for seen in (subject, problem.owner, *problem.instances):
        found = _place(owner(snapshot, seen), seen, snapshot)
        if found is not None:
            return found
    return None


def _place(top: Ref, seen: Ref, snapshot: Snapshot) -> Place | None:
    whole = snapshot.get(top)
    path = _template_path(top)
    if whole is not None:
        spec = whole.value(".".join((*path, "spec", "containers")))
        return Place(top, path, whole.raw) if isinstance(spec, list) else None
    pod = snapshot.get(seen)
    if not isinstance(pod, Pod) or not issubclass(kind_of(top), Workload):
        return None
    place = Place(top, path, {}, read=False, inferred=inferred(snapshot, seen))
    return Place(top, path, place.patch(pod.spec.raw), read=False, inferred=place.inferred)


def _template_path(ref: Ref) -> tuple[str, ...]:
    kind = kind_of(ref)
    if issubclass(kind, Workload):
        return tuple(kind.template_path.split("."))
    return () if kind is Pod else ("spec", "template")


def plan(place: Place, pod_spec: Mapping[str, Any], snapshot: Snapshot) -> Plan:
    """Return the patch that makes an edit of a pod spec; raises RefusedError where there is none."""
    _refuse_unknown_container(place, pod_spec)
    edit = exclusive.with_tolerations(place.spec, exclusive.complete(place.spec, pod_spec), injected=not place.read)
    edit, lowered = fitted(place.spec, edit)
    if redacted(edit):
        raise RefusedError("the value was hidden when it was read, and has to be filled in by hand")
    found = _of_kind(place, edit, snapshot)
    return Plan(
        found.target, found.type, found.patch, None if redacted(found.undo) else found.undo, found.result,
        found.recreate, found.delete, (*_warnings(place), *lowered, *found.warnings),
    )  # fmt: skip


def _refuse_unknown_container(place: Place, edit: Mapping[str, Any]) -> None:
    """A strategic merge makes a container of a name that it does not know."""
    for list_name in exclusive.LISTS:
        for item in edit.get(list_name) or []:
            known = exclusive.named(place.spec.get(list_name), item.get("name"))
            if not known and "image" not in item:
                raise RefusedError(
                    f"the template of {place.ref} has no container {item.get('name')!r}: it was added to the pod"
                )


def _warnings(place: Place) -> Iterator[str]:
    if place.inferred:
        yield f"the name of {place.ref} was inferred from its pods: its ReplicaSet could not be read"
    elif not place.read:
        yield f"{place.ref} could not be read: the undo is what one of its pods has"


def _of_kind(place: Place, edit: dict[str, Any], snapshot: Snapshot) -> Plan:
    kind = kind_of(place.ref)
    if kind is Pod:
        return _pod(place, edit, snapshot)
    if place.ref.kind == "Job" and issubclass(kind, Workload):
        return _job(place, edit)
    if not issubclass(kind, Workload):
        return _json(place, edit)
    body = place.patch(edit)
    result = strategic.apply(place.base, body)
    undo = strategic.difference(result, place.base)
    pods, warnings = rollout.not_replaced(place.ref, snapshot)
    return Plan(place.ref, "strategic", body, undo, result, delete=pods, warnings=warnings)


def _json(place: Place, edit: dict[str, Any], before: list[json_patch.Op] | None = None) -> Plan:
    """Strategic merge is not known for custom resources, so the items of lists are addressed by their place."""
    first = before or []
    ops = json_patch.operations(place.base, strategic.apply(place.base, place.patch(edit)))
    result = json_patch.apply_operations(place.base, ops)
    if redacted(ops):
        raise RefusedError("a value beside it was hidden when it was read, and would be lost")
    undo = first + json_patch.operations(result, place.base)
    return Plan(place.ref, "json", first + ops, undo, result)


def _job(place: Place, edit: dict[str, Any]) -> Plan:
    """The template of a job cannot be changed; its copy must not have what the server generated for the first one."""
    job = View(place.ref, "", place.base)
    labels = job.mapping("spec.template.metadata.labels")
    gone: list[tuple[str, ...]] = [("spec", "template", "metadata", "labels", uid) for uid in _JOB_UIDS if uid in labels]
    if job.value("spec.selector") is not None:
        gone.insert(0, ("spec", "selector"))
    generated = [] if job.flag("spec.manualSelector") else [{"op": "remove", "path": json_patch.pointer(p)} for p in gone]
    made = _json(place, edit, generated)
    warning = f"deletes {place.ref} with its pods and their logs and makes it anew: it starts from the beginning"
    return Plan(made.target, "json", made.patch, made.undo, made.result, recreate=True, warnings=(warning,))


def _pod(place: Place, edit: dict[str, Any], snapshot: Snapshot) -> Plan:
    pod = snapshot.get(place.ref)
    if isinstance(pod, Pod) and pod.static:
        raise RefusedError(f"{place.ref} is a static pod: change its file on node {pod.node_name!r}")
    in_place = _changes_in_place(edit)
    if "priorityClassName" in edit:
        edit = {**edit, "priority": None, "preemptionPolicy": None}
    body = place.patch(edit)
    result = strategic.apply(place.base, body)
    anew = f"deletes {place.ref} and makes it anew: nothing that it wrote to itself or to emptyDir is kept"
    undo = strategic.difference(result, place.base)
    return Plan(
        place.ref, "strategic", body, None if in_place and _ONE_WAY & set(edit) else undo, result,
        recreate=not in_place, warnings=() if in_place else (anew,),
    )  # fmt: skip


def _changes_in_place(edit: Mapping[str, Any]) -> bool:
    """Whether the API lets a pod that exists have an edit: images, tolerations that are added, gates that are removed."""
    containers = [item for name in exclusive.LISTS for item in edit.get(name) or []]
    gates_go = all(gate.get(strategic.DIRECTIVE) == strategic.DELETE for gate in edit.get("schedulingGates") or [])
    known = set(edit) <= {*exclusive.LISTS, *_ONE_WAY}
    return known and gates_go and all(set(c) <= {"name", "image"} for c in containers)
