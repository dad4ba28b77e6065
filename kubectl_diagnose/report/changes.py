"""What the newest revision of a Deployment changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_diagnose.model import Ref
from kubectl_diagnose.relations import replica_sets
from kubectl_diagnose.snapshot import Snapshot

Change = dict[str, Any]

_KEYS = ("name", "mountPath", "containerPort", "key", "topologyKey", "type")
_WRITTEN_BY_CONTROLLERS = frozenset({"pod-template-hash"})
_IN_BRACKETS = frozenset({"labels", "annotations", "nodeSelector", "limits", "requests"})


def changes(snapshot: Snapshot, ref: Ref) -> Iterator[Change]:
    """Yield the fields of the pod template that differ between the newest revision of a Deployment and the one before."""
    revisions = [r for r in replica_sets(snapshot, ref) if r.revision]
    if len(revisions) < 2:
        return
    newest, before = revisions[0].template, revisions[1].template
    for part, at in (("spec", ""), ("metadata.labels", "metadata.labels"), ("metadata.annotations", "metadata.annotations")):
        yield from _differences(at, before.value(part), newest.value(part))


def _differences(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    old, new = _by_key(before), _by_key(after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_maps(path, before, after)
    elif old is not None and new is not None:
        for key in _union(old, new):
            yield from _item(f"{path}[{key}]", old.get(key), new.get(key))
    else:
        yield {"path": path, "before": before, "after": after}


def _item(path: str, before: Any, after: Any) -> Iterator[Change]:
    """An item that came or went is one change, not one for each of its fields."""
    if before is None or after is None:
        yield {"path": path, "before": before, "after": after}
    else:
        yield from _differences(path, before, after)


def _of_maps(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    bracketed = path.rpartition(".")[2] in _IN_BRACKETS
    for key in _union(before, after):
        if key not in _WRITTEN_BY_CONTROLLERS:
            below = f"{path}[{key}]" if bracketed else f"{path}.{key}" if path else key
            yield from _differences(below, before.get(key), after.get(key))


def _union(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [*before, *(key for key in after if key not in before)]


def _by_key(items: Any) -> dict[str, Any] | None:
    """Return a list's items by the field that tells them apart, None where there is no such field."""
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        return None
    for field in _KEYS:
        found = {str(item[field]): item for item in items if field in item}
        if len(found) == len(items):
            return found
    return None
