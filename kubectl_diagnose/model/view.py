"""
A read-only window on raw JSON, and the quotation it makes.

Paths name list items by their key, never by index: ``spec.containers[api].image``,
``status.conditions[Ready].status``, ``metadata.annotations[a.b/c]``.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, TypeVar

from msgspec import Struct

from kubectl_diagnose.model.patterns import regex

V = TypeVar("V", bound="View")
Raw = Mapping[str, Any]

_NOTHING: Raw = {}
_STEP = regex(r"([^.\[\]]+)|\[([^\]]*)\]")
# Which field tells the items of a list apart, where it is not the name (the API's list map keys).
_ITEM_KEYS: dict[str, tuple[str, ...]] = {
    "conditions": ("type",),
    "ports": ("containerPort", "port", "name"),
    "taints": ("key",),
    "tolerations": ("key",),
    "volumeMounts": ("mountPath",),
    "metrics": ("type",),
    "topologySpreadConstraints": ("topologyKey",),
    "addresses": ("type",),
}
_DEFAULT_KEYS = ("name", "type", "key")


class Ref(NamedTuple):
    """The name of one object. ``str()`` is what people type: ``deployment/hello-server``."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind.lower()}/{self.name}"


class Evidence(Struct, frozen=True, eq=False):
    """One value quoted from the snapshot. Only ``View.at`` makes one, so a report cannot misquote."""

    source: Ref
    path: str
    value: Any
    at: datetime | None = None


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[tuple[str, bool], ...]:
    """Split a path into ``(name, in_brackets)`` steps."""
    return tuple((plain or keyed, not plain) for plain, keyed in _STEP.findall(path))


def item_key(list_name: str, items: list[Any], wanted: str) -> tuple[str, Any] | None:
    """Say which field of which item of a list equals a bracketed key, or None."""
    for field in _ITEM_KEYS.get(list_name, _DEFAULT_KEYS):
        for item in items:
            if isinstance(item, Mapping) and field in item and str(item[field]) == wanted:
                return field, item
    return None


def walk(raw: Any, path: str) -> Any:
    """Return the value that a path leads to, or None where any step is missing or of another type."""
    parent = ""
    for name, keyed in steps(path):
        if isinstance(raw, Mapping):
            raw = raw.get(name)
        elif keyed and isinstance(raw, list):
            found = item_key(parent, raw, name)
            raw = found[1] if found else None
        else:
            return None
        parent = name
    return raw


def join(base: str, path: str) -> str:
    """Append a path to another."""
    if not base or not path or path.startswith("["):
        return base + path
    return f"{base}.{path}"


class View:
    """A part of an object. Reading a missing or ill-typed field gives None or an empty value, never an error."""

    def __init__(self, ref: Ref, path: str, raw: Any) -> None:
        self.ref = ref
        self.path = path
        self.raw: Raw = raw if isinstance(raw, Mapping) else _NOTHING

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.ref}{' ' + self.path if self.path else ''}>"

    @property
    def time(self) -> datetime | None:
        """When what this view shows was so, where the object says it."""
        return None

    def at(self, path: str = "") -> Evidence:
        """Quote a field of this view; a field that is not there is quoted as None."""
        return Evidence(self.ref, join(self.path, path), walk(self.raw, path), self.time)

    def value(self, path: str) -> Any:
        """Return the raw value at a path, or None."""
        return walk(self.raw, path)

    def text(self, path: str) -> str:
        """Return a string at a path, or ''."""
        found = walk(self.raw, path)
        return found if isinstance(found, str) else ""

    def number(self, path: str, default: int = 0) -> int:
        """Return an integer at a path, or the default."""
        found = walk(self.raw, path)
        return found if isinstance(found, int) and not isinstance(found, bool) else default

    def flag(self, path: str) -> bool | None:
        """Return a boolean at a path, or None where it is not set."""
        found = walk(self.raw, path)
        return found if isinstance(found, bool) else None

    def mapping(self, path: str) -> Raw:
        """Return an object at a path, or an empty one."""
        found = walk(self.raw, path)
        return found if isinstance(found, Mapping) else _NOTHING

    def strings(self, path: str) -> dict[str, str]:
        """Return a map of strings at a path (labels, annotations), leaving out what is not a string."""
        return {k: v for k, v in self.mapping(path).items() if isinstance(v, str)}

    def items(self, path: str) -> list[Any]:
        """Return a list at a path, or an empty one."""
        found = walk(self.raw, path)
        return found if isinstance(found, list) else []

    def part(self, path: str, kind: type[V]) -> V:
        """Return a part of this view as another view; its raw is empty where there is no such part."""
        return kind(self.ref, join(self.path, path), walk(self.raw, path))

    def parts(self, path: str, kind: type[V]) -> Iterator[V]:
        """Yield a view for each item of a list, its path ending in the item's key."""
        name = steps(path)[-1][0]
        for item in self.items(path):
            if isinstance(item, Mapping):
                key = next((item[f] for f in _ITEM_KEYS.get(name, _DEFAULT_KEYS) if f in item), "")
                yield kind(self.ref, f"{join(self.path, path)}[{key}]", item)

    def time_at(self, path: str) -> datetime | None:
        """Return an RFC 3339 time at a path, or None."""
        return parse_time(walk(self.raw, path))

    def __bool__(self) -> bool:
        return bool(self.raw)


class Resource(View):
    """A whole object of the API."""

    group: ClassVar[str] = ""
    kind: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    namespaced: ClassVar[bool] = True

    def __init__(self, raw: Raw) -> None:
        super().__init__(ref_of(raw), "", raw)

    @classmethod
    def named(cls, namespace: str, name: str) -> Ref:
        """Return the Ref of an object of this kind."""
        return Ref(cls.group, cls.kind, namespace if cls.namespaced else "", name)


def ref_of(raw: Any) -> Ref:
    """Return the Ref of a raw object; empty strings stand for what it does not say."""
    version = walk(raw, "apiVersion")
    group, _, rest = version.partition("/") if isinstance(version, str) else ("", "", "")

    def text(path: str) -> str:
        found = walk(raw, path)
        return found if isinstance(found, str) else ""

    return Ref(group if rest else "", text("kind"), text("metadata.namespace"), text("metadata.name"))


def parse_time(value: Any) -> datetime | None:
    """Parse an RFC 3339 time as the API writes it; None for anything else, and for the zero time of 1970."""
    return _parse_time(value) if isinstance(value, str) else None


@lru_cache(maxsize=8192)
def _parse_time(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo and found.year > 1970 else None
