"""Edits of what a pod template names: another config map or secret, or another key of it."""

import copy
from difflib import SequenceMatcher
from typing import Any

from kubectl_diagnose.findings import Basis, Fix, Safety, TemplateEdit
from kubectl_diagnose.model import ConfigMap, Container, Ref, Secret
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.readings.references import Missing, Use
from kubectl_diagnose.snapshot import Snapshot

NEAR = 0.8
"""How alike two names are that differ by a slip of the keyboard."""
_SPOKEN = {"ConfigMap": "config map", "Secret": "secret"}


def near_miss(wanted: str, names: list[str]) -> str | None:
    """Return the one name that another is plainly a misspelling of, None where there is none or more than one."""
    plain = "".join(c for c in wanted.lower() if c.isalnum())
    same = [n for n in names if n != wanted and "".join(c for c in n.lower() if c.isalnum()) == plain]
    like = [n for n in names if n != wanted and SequenceMatcher(None, wanted.lower(), n.lower()).ratio() >= NEAR]
    found = same or like
    return found[0] if len(found) == 1 else None


def fix_missing_object(missing: Missing, snapshot: Snapshot) -> Fix:
    """Return the edit that names the object which was meant, where one is plainly meant, else what to create."""
    ref, said = missing.ref, _SPOKEN[missing.ref.kind]
    known = [r for r in snapshot.resources.values() if (r.ref.kind, r.ref.namespace) == (ref.kind, ref.namespace)]
    fit = [r.name for r in known if isinstance(r, ConfigMap | Secret) and set(missing.keys) <= r.keys]
    meant = near_miss(ref.name, fit)
    change = _edit(missing.uses, ref, name=meant) if meant else None
    if meant is None or change is None:
        keys = (
            f" with {'keys' if len(missing.keys) > 1 else 'key'} {', '.join(map(repr, missing.keys))}" if missing.keys else ""
        )
        return Fix(f"Create {said} {ref.name!r}{keys}", safety=Safety.MANUAL)
    because = f"{said} {meant!r} exists and is the only one of nearly that name"
    return Fix(f"Read {said} {meant!r}", change, basis=Basis.BOUNDED, value_from=because)


def fix_missing_key(missing: Missing, snapshot: Snapshot) -> Fix:
    """Return the edit that names the key which was meant, where one is plainly meant, else what to add."""
    ref, said = missing.ref, _SPOKEN[missing.ref.kind]
    known = snapshot.get(ref)
    keys = sorted(known.keys) if isinstance(known, ConfigMap | Secret) else []
    meant = near_miss(missing.key, keys)
    change = _edit(missing.uses, ref, key=meant) if meant else None
    if meant is None or change is None:
        return Fix(f"Add key {missing.key!r} to {said} {ref.name!r}", safety=Safety.MANUAL)
    because = f"{said} {ref.name!r} has a key {meant!r}, the only one of nearly that name"
    return Fix(f"Read key {meant!r}", change, basis=Basis.BOUNDED, value_from=because)


def _edit(uses: tuple[Use, ...], ref: Ref, *, name: str = "", key: str = "") -> TemplateEdit | None:
    holder = uses[0].holder
    if isinstance(holder, Container):
        return edit(holder, **_environment(holder, uses, ref, name, key))
    volumes = dict.fromkeys(use.path.partition("[")[2].partition("]")[0] for use in uses)
    if any(use.path.endswith("sources") for use in uses):
        return None
    new = name or ref.name
    return TemplateEdit({"volumes": [_volume(uses, v, new, key) for v in volumes]})


def _environment(container: Container, uses: tuple[Use, ...], ref: Ref, name: str, key: str) -> dict[str, Any]:
    """``env`` is merged by name, so only what changes is given; ``envFrom`` is replaced, so all of it is."""
    fields: dict[str, Any] = {}
    field = "configMapKeyRef" if ref.kind == "ConfigMap" else "secretKeyRef"
    single = [use for use in uses if use.path != "envFrom"]
    if single:
        fields["env"] = [
            {
                "name": use.path.partition("[")[2].partition("]")[0],
                "valueFrom": {field: {"name": name or use.name, "key": key or use.key}},
            }
            for use in single
        ]
    if len(single) < len(uses):
        sources = copy.deepcopy(container.items("envFrom"))
        for source in sources:
            named = source.get("configMapRef" if ref.kind == "ConfigMap" else "secretRef")
            if isinstance(named, dict) and named.get("name") == ref.name:
                named["name"] = name
        fields["envFrom"] = sources
    return fields


def _volume(uses: tuple[Use, ...], volume: str, name: str, key: str) -> dict[str, Any]:
    field, called = ("configMap", "name") if uses[0].kind == "ConfigMap" else ("secret", "secretName")
    source: dict[str, Any] = {called: name}
    wanted = {use.key for use in uses if use.key}
    if key:
        items = copy.deepcopy(uses[0].holder.items(f"volumes[{volume}].{field}.items"))
        source["items"] = [{**item, "key": key} if item.get("key") in wanted else item for item in items]
    return {"name": volume, field: source}
