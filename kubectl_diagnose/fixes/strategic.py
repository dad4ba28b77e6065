"""
Strategic merge of JSON as the API server and ``kubectl patch`` do it (apimachinery, pkg/util/strategicpatch).

Patches here are of whole objects: which key merges a list depends on where in the object it stands.
"""

from collections.abc import Mapping
from typing import Any

Path = tuple[str, ...]

DELETE, REPLACE = "delete", "replace"
DIRECTIVE, RETAIN = "$patch", "$retainKeys"
_WHOLE = {DIRECTIVE: REPLACE}
"""As an item of a list: the others replace what was there."""

_BY_NAME = {
    "containers": "name",
    "initContainers": "name",
    "ephemeralContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "topologySpreadConstraints": "topologyKey",
    "hostAliases": "ip",
    "resourceClaims": "name",
    "schedulingGates": "name",
    "ownerReferences": "uid",
}
_BY_PARENT: dict[Path, str] = {
    ("containers", "ports"): "containerPort",
    ("initContainers", "ports"): "containerPort",
    ("spec", "ports"): "port",
    ("spec", "imagePullSecrets"): "name",
    ("status", "conditions"): "type",
}


def merge_key(path: Path) -> str | None:
    """Return the field that tells the items of a list apart, None where a patch replaces the list."""
    return _BY_PARENT.get(path[-2:]) or _BY_NAME.get(path[-1] if path else "")


def apply(base: Any, patch: Any, path: Path = ()) -> Any:
    """Return an object with a patch applied; neither is changed."""
    if not isinstance(patch, Mapping):
        return _apply_list(base, patch, path) if isinstance(patch, list) else patch
    if DIRECTIVE in patch:
        return {} if patch[DIRECTIVE] == DELETE else _plain(patch)
    if not isinstance(base, Mapping):
        return _plain(patch)
    kept = _retained(base, patch)
    for key, value in patch.items():
        if key == RETAIN:
            continue
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = apply(kept[key], value, (*path, key)) if key in kept else _plain(value)
    return kept


def _retained(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    retain = patch.get(RETAIN)
    return {k: v for k, v in base.items() if retain is None or k in retain}


def _plain(value: Any) -> Any:
    """What a patch says where nothing was before: without nulls and directives."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v is not None and k not in (DIRECTIVE, RETAIN)}
    if isinstance(value, list):
        return [_plain(v) for v in value if v != _WHOLE and not (isinstance(v, Mapping) and v.get(DIRECTIVE) == DELETE)]
    return value


def _apply_list(base: Any, patch: list[Any], path: Path) -> list[Any]:
    key = merge_key(path)
    if key is None or not isinstance(base, list) or not _fits(key, patch) or not keyed(key, base):
        return list(_plain(patch))
    gone = [item[key] for item in patch if item.get(DIRECTIVE) == DELETE]
    wanted = [item for item in patch if DIRECTIVE not in item]
    before = {item[key]: item for item in base if item[key] not in gone}
    merged = [apply(before[i[key]], i, path) if i[key] in before else _plain(i) for i in wanted]
    return _ordered(list(before.values()), merged, key)


def keyed(key: str, items: list[Any]) -> bool:
    """Whether every item of a list has its key, a word or a number, and no two have the same."""
    if not all(isinstance(item, Mapping) and isinstance(item.get(key), str | int) for item in items):
        return False
    return len({str(item[key]) for item in items}) == len(items)


def _fits(key: str, patch: list[Any]) -> bool:
    """Whether a patch of a list can be merged by key; an item may be deleted and then made anew."""
    return all(isinstance(i, Mapping) and key in i for i in patch) and keyed(key, [i for i in patch if DIRECTIVE not in i])


def _ordered(before: list[Any], merged: list[Any], key: str) -> list[Any]:
    """Weave patched items into the others as the server does: a new item goes before what it cannot be compared to."""
    order = {item[key]: n for n, item in enumerate(before)}
    patched = {item[key] for item in merged}
    left = [item for item in before if item[key] not in patched]
    found = []
    for item in merged:
        while left and item[key] in order and order[left[0][key]] < order[item[key]]:
            found.append(left.pop(0))
        found.append(item)
    return found + left


def merge_patches(first: Any, second: Any, path: Path = ()) -> Any:
    """Return one patch that does what two do one after the other; where they disagree the second wins."""
    if isinstance(second, list) and first is None and merge_key(path):
        return [_WHOLE, *second]
    if isinstance(first, list) and isinstance(second, list):
        return _merge_lists(first, second, path)
    if not isinstance(second, Mapping) or DIRECTIVE in second:
        return second
    if first is None or (isinstance(first, Mapping) and first.get(DIRECTIVE) == DELETE):
        return {DIRECTIVE: REPLACE, **_plain(second)}
    if not isinstance(first, Mapping):
        return second
    merged = dict(first)
    for key, value in second.items():
        if key == RETAIN:
            merged[key] = [k for k in merged.get(key) or value if k in value]
        else:
            merged[key] = merge_patches(merged[key], value, (*path, key)) if key in merged else value
    return merged


def _merge_lists(first: list[Any], second: list[Any], path: Path) -> list[Any]:
    key = merge_key(path)
    if _WHOLE in first:
        return [_WHOLE, *_apply_list(_plain(first), second, path)]
    if key is None or not _fits(key, first) or not _fits(key, second):
        return second
    again = {item[key]: item for item in second}
    found: list[Any] = []
    for item in first:
        if DIRECTIVE in item or item[key] not in again:
            found.append(item)
        else:
            found.append(merge_patches(item, again.pop(item[key]), path))
    return found + [item for item in second if item[key] in again]


def inverse(base: Any, patch: Any, path: Path = ()) -> Any:
    """Return the patch that undoes a patch of an object."""
    return difference(apply(base, patch, path), base, path)


def difference(before: Any, after: Any, path: Path = ()) -> dict[str, Any]:
    """Return the patch that turns one object into another: null for what goes, only what differs."""
    found: dict[str, Any] = {key: None for key in before if key not in after}
    for key, wanted in after.items():
        here = (*path, key)
        if key not in before:
            found[key] = wanted
        elif before[key] != wanted:
            found[key] = _differing(before[key], wanted, here)
    return found


def _differing(before: Any, after: Any, path: Path) -> Any:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return difference(before, after, path)
    key = merge_key(path)
    if key and isinstance(before, list) and isinstance(after, list) and keyed(key, before) and keyed(key, after):
        return _list_difference(before, after, key, path)
    return after


def _list_difference(before: list[Any], after: list[Any], key: str, path: Path) -> list[Any]:
    was = {item[key]: item for item in before}
    wanted = {item[key] for item in after}
    gone = [{key: item[key], DIRECTIVE: DELETE} for item in before if item[key] not in wanted]
    changed = [_item(was.get(item[key]), item, key, path) for item in after]
    needed = [item for item in changed if len(item) > 1 or item[key] not in was]
    done = _apply_list(before, gone + needed, path)
    # Naming every item, changed or not, is what puts them in order again.
    return gone + (needed if done == after else changed)


def _item(before: Any, after: Any, key: str, path: Path) -> dict[str, Any]:
    return dict(after) if before is None else {key: after[key], **difference(before, after, path)}
