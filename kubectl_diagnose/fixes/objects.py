"""A patch of one object as it is, and its inverse."""

from typing import Any

from kubectl_diagnose.findings import ObjectEdit
from kubectl_diagnose.fixes import json_patch, strategic
from kubectl_diagnose.fixes.refused import RefusedError, redacted
from kubectl_diagnose.fixes.retarget import Plan
from kubectl_diagnose.model import Object, Raw, kind_of
from kubectl_diagnose.snapshot import Snapshot


def plan(edit: ObjectEdit, snapshot: Snapshot) -> Plan:
    """Return the patch of an object with its inverse; raises RefusedError where it cannot be made."""
    if redacted(edit.body):
        raise RefusedError("the value was hidden when it was read, and has to be filled in by hand")
    known = snapshot.get(edit.ref)
    base = known.raw if known else None
    if edit.type == "strategic" and kind_of(edit.ref) is Object and edit.ref.group:
        return _as_json(edit, base)
    result, undo = _applied(edit, base)
    undo = edit.undo if edit.undo is not None else undo
    return Plan(edit.ref, edit.type, edit.body, None if redacted(undo) else undo, result)


def _as_json(edit: ObjectEdit, base: Raw | None) -> Plan:
    """Strategic merge is not known for custom resources."""
    if base is None:
        raise RefusedError(f"{edit.ref} could not be read")
    ops = json_patch.operations(base, strategic.apply(base, edit.body))
    if redacted(ops):
        raise RefusedError("a value beside it was hidden when it was read, and would be lost")
    result = json_patch.apply_operations(base, ops)
    undo = json_patch.operations(result, base)
    return Plan(edit.ref, "json", ops, None if redacted(undo) else undo, result)


def _applied(edit: ObjectEdit, base: Raw | None) -> tuple[Raw, Any]:
    if base is None:
        return {}, None
    if edit.type == "strategic":
        result = strategic.apply(base, edit.body)
        return result, strategic.difference(result, base)
    if edit.type == "merge":
        return json_patch.apply_merge(base, edit.body), json_patch.merge_inverse(base, edit.body)
    try:
        result = json_patch.apply_operations(base, edit.body)
    except ValueError as error:
        raise RefusedError(f"the patch does not fit {edit.ref}: {error}") from error
    return result, json_patch.operations(result, base)
