"""What a container asks for must not be more than what it may use."""

from collections.abc import Mapping
from typing import Any

from kubectl_diagnose.fixes.exclusive import LISTS, named
from kubectl_diagnose.fixes.refused import RefusedError
from kubectl_diagnose.fixes.strategic import apply
from kubectl_diagnose.model.quantity import parse_quantity


def fitted(base: Mapping[str, Any], edit: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """
    Return an edit of a pod spec in which no request is above its limit, and what had to be lowered for it.

    A request that is above a limit that the edit sets is lowered to it; a request that the edit itself sets above a
    limit raises RefusedError.
    """
    full, lowered = dict(edit), []
    for field in LISTS:
        if isinstance(edit.get(field), list):
            fit = [_container(named(base.get(field), item.get("name")), item) for item in edit[field]]
            full[field] = [item for item, _ in fit]
            lowered += [text for _, texts in fit for text in texts]
    return full, tuple(lowered)


def _container(base: Mapping[str, Any], edit: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    if not isinstance(edit.get("resources"), Mapping):
        return edit, []
    patched = apply(base.get("resources") or {}, edit["resources"])
    requests, limits = patched.get("requests") or {}, patched.get("limits") or {}
    above = {name: limits[name] for name, asked in requests.items() if _above(asked, limits.get(name))}
    asked_here = edit["resources"].get("requests") or {}
    if any(name in asked_here for name in above):
        raise RefusedError(f"the request of container {edit.get('name')!r} would be above its limit")
    if not above:
        return edit, []
    resources = {**edit["resources"], "requests": {**asked_here, **above}}
    return {**edit, "resources": resources}, [
        f"lowers the {name} request of {edit.get('name')!r} from {requests[name]} to the limit" for name in above
    ]


def _above(asked: Any, limit: Any) -> bool:
    wanted, most = parse_quantity(asked), parse_quantity(limit)
    return wanted is not None and most is not None and wanted > most
