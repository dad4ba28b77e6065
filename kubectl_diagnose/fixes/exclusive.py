"""Fields of which the API takes only one, and that a strategic merge would leave side by side."""

from collections.abc import Iterable, Mapping
from typing import Any

HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")
PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
LISTS = ("containers", "initContainers")
PodSpec = Mapping[str, Any]


def complete(base: PodSpec, edit: PodSpec) -> dict[str, Any]:
    """Return an edit of a pod spec with a null for each field that what it sets takes the place of."""
    full = dict(edit)
    for field in LISTS:
        if isinstance(edit.get(field), list):
            full[field] = [_container(named(base.get(field), item.get("name")), item) for item in edit[field]]
    if isinstance(edit.get("volumes"), list):
        full["volumes"] = [_other_nulled(named(base.get("volumes"), v.get("name")), v, ("name",)) for v in edit["volumes"]]
    return full


def named(items: Any, name: Any) -> PodSpec:
    """Return the item of a list that has a name, or an empty one."""
    found = items if isinstance(items, list) else []
    return next((i for i in found if isinstance(i, Mapping) and i.get("name") == name), {})


def _container(base: PodSpec, edit: PodSpec) -> dict[str, Any]:
    full = dict(edit)
    for probe in PROBES:
        wanted, was = edit.get(probe), base.get(probe)
        if isinstance(wanted, Mapping) and isinstance(was, Mapping):
            full[probe] = _nulled(was, wanted, HANDLERS)
    if isinstance(edit.get("env"), list):
        full["env"] = [_nulled(named(base.get("env"), e.get("name")), e, ("value", "valueFrom")) for e in edit["env"]]
    return full


def _nulled(base: PodSpec, edit: PodSpec, choices: Iterable[str]) -> dict[str, Any]:
    """Where one of the choices is set, the others that the base has become null."""
    choices = tuple(choices)
    if not any(edit.get(choice) is not None for choice in choices):
        return dict(edit)
    return {**{c: None for c in choices if c in base and c not in edit}, **edit}


def _other_nulled(base: PodSpec, edit: PodSpec, keep: tuple[str, ...]) -> dict[str, Any]:
    """A volume has one source: each that the base has and the edit does not set becomes null."""
    if not any(key not in keep and not key.startswith("$") for key in edit) or "$patch" in edit:
        return dict(edit)
    return {**{key: None for key in base if key not in keep and key not in edit}, **edit}


def with_tolerations(base: PodSpec, edit: PodSpec, injected: bool) -> dict[str, Any]:
    """Return an edit that keeps the tolerations that are there: a patch replaces the list."""
    if not isinstance(edit.get("tolerations"), list):
        return dict(edit)
    was = [t for t in base.get("tolerations") or [] if not (injected and _by_default(t))]
    return {**edit, "tolerations": was + [t for t in edit["tolerations"] if t not in was]}


def _by_default(toleration: Mapping[str, Any]) -> bool:
    """Whether admission gives every pod this one."""
    return toleration.get("key") in ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
