"""JSON patches (RFC 6902), for what strategic merge is not supported by; and the inverse of a merge patch (RFC 7386)."""

import copy
from collections.abc import Mapping
from typing import Any

from kubectl_diagnose.fixes.strategic import Path, keyed, merge_key

Op = dict[str, Any]


def pointer(steps: tuple[str | int, ...]) -> str:
    """Return the JSON pointer to a field."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def operations(before: Any, after: Any, at: tuple[str | int, ...] = ()) -> list[Op]:
    """Return the operations that turn one object into another; an item of a list is tested to be the one that is meant."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        gone = [{"op": "remove", "path": pointer((*at, key))} for key in before if key not in after]
        found = [op for key in after for op in _field(before, key, after[key], at)]
        return gone + found
    key = merge_key(_names(at))
    if key and isinstance(before, list) and isinstance(after, list) and keyed(key, before) and keyed(key, after):
        return _items(before, after, key, at)
    return [] if before == after else [{"op": "replace", "path": pointer(at), "value": after}]


def _field(before: Mapping[str, Any], key: str, wanted: Any, at: tuple[str | int, ...]) -> list[Op]:
    if key in before:
        return operations(before[key], wanted, (*at, key))
    return [{"op": "add", "path": pointer((*at, key)), "value": wanted}]


def _names(at: tuple[str | int, ...]) -> Path:
    return tuple(step for step in at if isinstance(step, str))


def _items(before: list[Any], after: list[Any], key: str, at: tuple[str | int, ...]) -> list[Op]:
    wanted = {item[key]: item for item in after}
    found: list[Op] = []
    for n, item in enumerate(before):
        inner = operations(item, wanted[item[key]], (*at, n)) if item[key] in wanted else []
        found += [_test(item, key, (*at, n)), *inner] if inner else []
    for n in range(len(before) - 1, -1, -1):
        if before[n][key] not in wanted:
            found += [_test(before[n], key, (*at, n)), {"op": "remove", "path": pointer((*at, n))}]
    known = {item[key] for item in before}
    return found + [{"op": "add", "path": pointer((*at, "-")), "value": i} for i in after if i[key] not in known]


def _test(item: Mapping[str, Any], key: str, at: tuple[str | int, ...]) -> Op:
    return {"op": "test", "path": pointer((*at, key)), "value": item[key]}


def apply_operations(base: Any, body: list[Op]) -> Any:
    """Return an object with operations applied; raises ValueError where one does not fit."""
    result = copy.deepcopy(base)
    for op in body:
        steps = [s.replace("~1", "/").replace("~0", "~") for s in str(op["path"]).split("/")[1:]]
        try:
            _apply_one(result, op, steps)
        except (KeyError, IndexError, TypeError) as error:
            raise ValueError(f"operation {op['op']!r} does not fit at {op['path']!r}") from error
    return result


def _apply_one(base: Any, op: Op, steps: list[str]) -> None:
    for step in steps[:-1]:
        base = base[int(step)] if isinstance(base, list) else base[step]
    last: Any = _index(base, steps[-1]) if isinstance(base, list) else steps[-1]
    if op["op"] == "add" and isinstance(base, list):
        base.insert(last, op["value"])
    elif op["op"] == "add":
        base[last] = op["value"]
    elif op["op"] == "remove":
        del base[last]
    elif op["op"] == "replace":
        base[last], _ = op["value"], base[last]
    elif op["op"] != "test" or base[last] != op["value"]:
        raise KeyError(last)


def _index(items: list[Any], step: str) -> int:
    return len(items) if step == "-" else int(step)


def apply_merge(base: Any, patch: Any) -> Any:
    """Return an object with a merge patch applied."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(base) if isinstance(base, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = apply_merge(merged.get(key), value)
    return merged


def merge_inverse(base: Any, patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merge patch that undoes a merge patch of an object."""
    return _merge_difference(apply_merge(base, patch), base)


def _merge_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {key: None for key in before if key not in after}
    for key, wanted in after.items():
        was = before.get(key)
        if isinstance(was, Mapping) and isinstance(wanted, Mapping):
            if inner := _merge_difference(was, wanted):
                found[key] = inner
        elif key not in before or was != wanted:
            found[key] = wanted
    return found
