"""Label selectors: the text of ``-l`` and the ``LabelSelector`` of objects (k8s.io/apimachinery/pkg/labels)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from kubectl_diagnose.model.patterns import regex

_SET = regex(r"^(?P<key>\S+)\s+(?P<op>in|notin)\s*\((?P<values>[^)]*)\)$")
_EQUAL = regex(r"^(?P<key>[^\s=!]+)\s*(?P<op>==|=|!=)\s*(?P<values>[^\s=!]*)$")
_OBJECT_OPERATORS = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}


class Requirement(NamedTuple):
    """One condition on a label: operator ``in``, ``notin``, ``exists`` or ``!``."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it."""
        if self.operator == "exists":
            return self.key in labels
        if self.operator == "!":
            return self.key not in labels
        if self.operator == "in":
            return labels.get(self.key) in self.values
        return labels.get(self.key) not in self.values


@lru_cache(maxsize=256)
def parse_selector(text: str) -> tuple[Requirement, ...]:
    """
    Parse the text of a label selector, equality and set based.

    Raises ValueError, naming the part that is not one.
    """
    return tuple(_requirement(part.strip()) for part in re.split(r",(?![^(]*\))", text) if part.strip())


def _requirement(part: str) -> Requirement:
    if match := _SET.match(part):
        values = tuple(v.strip() for v in match["values"].split(","))
        return Requirement(match["key"], match["op"], values)
    if match := _EQUAL.match(part):
        return Requirement(match["key"], "notin" if match["op"] == "!=" else "in", (match["values"],))
    if re.fullmatch(r"!\s*[\w./-]+", part):
        return Requirement(part[1:].strip(), "!")
    if re.fullmatch(r"[\w./-]+", part):
        return Requirement(part, "exists")
    raise ValueError(f"unable to parse requirement {part!r} of the label selector")


def matches(requirements: tuple[Requirement, ...], labels: Mapping[str, str]) -> bool:
    """Whether labels meet every requirement."""
    return all(r.holds(labels) for r in requirements)


def label_selector(raw: Any) -> tuple[Requirement, ...] | None:
    """Return the requirements of a ``LabelSelector`` object; None (which matches nothing) where there is none."""
    if not isinstance(raw, Mapping):
        return None
    wanted = [Requirement(k, "in", (v,)) for k, v in (raw.get("matchLabels") or {}).items()]
    for item in raw.get("matchExpressions") or []:
        if isinstance(item, Mapping):
            operator = _OBJECT_OPERATORS.get(str(item.get("operator")), "in")
            wanted.append(Requirement(str(item.get("key")), operator, tuple(item.get("values") or ())))
    return tuple(wanted)
