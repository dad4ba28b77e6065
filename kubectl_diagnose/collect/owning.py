"""The controllers above the pods, and their revisions."""

from collections.abc import Iterator

from kubectl_diagnose.collect.focus import Known, selector_of, selector_text
from kubectl_diagnose.collect.kinds import BY_KIND, KindInfo
from kubectl_diagnose.collect.requests import Request, every, one
from kubectl_diagnose.model import Object, OwnerReference, Ref
from kubectl_diagnose.relations import controller_of

_REVISIONS = {"Deployment": "ReplicaSet", "StatefulSet": "ControllerRevision", "DaemonSet": "ControllerRevision"}
_MOST_SELECTORS = 6


def plan_owners(known: Known) -> Iterator[Request]:
    """Ask for every owner that is named and not known, and for the revisions of those that keep any."""
    tops: dict[Ref, Object] = {}
    for start in (*known.representatives, *known.subjects):
        resource: Object | None = start
        while resource is not None:
            if resource.ref.kind in _REVISIONS:
                tops[resource.ref] = resource
            yield from _owner(known, resource)
            parent = controller_of(known.snapshot, resource.ref)
            resource = known.snapshot.get(parent) if parent else None
    yield from _revisions(known, list(tops.values()))


def _owner(known: Known, resource: Object) -> Iterator[Request]:
    reference = resource.controller
    if reference is None or reference.owner.kind == "Node" or reference.owner in known.snapshot.resources:
        return
    owner = reference.owner
    if known.snapshot.lacks(owner):
        return
    info = known.kinds.get(owner.kind)
    guessed = info is None or info.group != owner.group
    yield one(_guess(reference) if info is None or guessed else info, owner.namespace, owner.name, quiet=guessed)
    suffix = f"-{resource.labels.get('pod-template-hash', '')}"
    if owner.kind == "ReplicaSet" and owner.name.endswith(suffix) and len(suffix) > 1:
        # The Deployment's name is known before its ReplicaSet is read: that saves a round.
        yield one(BY_KIND["Deployment"], owner.namespace, owner.name.removesuffix(suffix), quiet=True)


def _guess(reference: OwnerReference) -> KindInfo:
    """Spell the plural of a kind that is not built in, as nearly all of them are spelt."""
    kind = reference.owner.kind
    lower = kind.lower()
    plural = f"{lower[:-1]}ies" if lower.endswith("y") else f"{lower}es" if lower.endswith("s") else f"{lower}s"
    group, _, version = reference.text("apiVersion").rpartition("/")
    return KindInfo(kind, group, version, plural)


def _revisions(known: Known, tops: list[Object]) -> Iterator[Request]:
    counts: dict[tuple[str, str], int] = {}
    for top in tops:
        key = (_REVISIONS[top.ref.kind], top.namespace)
        counts[key] = counts.get(key, 0) + 1
    for top in tops:
        kind = _REVISIONS[top.ref.kind]
        if known.snapshot.complete(kind, top.namespace):
            continue
        if counts[kind, top.namespace] > _MOST_SELECTORS:
            yield every(kind, top.namespace)
        elif selector := selector_text(selector_of(top)):
            yield every(kind, top.namespace, labels=selector)
