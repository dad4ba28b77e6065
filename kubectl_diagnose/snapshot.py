"""All that is known of a cluster at one moment, frozen; and what was asked for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct

from kubectl_diagnose.model import Container, Event, Evidence, Object, Pod, PodMetrics, Raw, Ref, View, kind_of, view
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.model.selector import matches, parse_selector
from kubectl_diagnose.model.view import walk

R = TypeVar("R", bound=Object)
_LOG_PATH = regex(r"^log\[(?P<container>[^\]]+)\](?P<previous>\.previous)?\[(?P<line>\d+)\]$")


class Gap(Struct, frozen=True):
    """Something that was not seen, and why: forbidden, not installed, truncated, timed out, expired."""

    what: str
    why: str


class Absence(Struct, frozen=True, eq=False):
    """Proof that something is not there: how many of its kind were looked at, and near misses among them."""

    ref: Ref
    looked_at: int
    nearest: tuple[str, ...] = ()


class Target(Struct, frozen=True):
    """
    What was asked for.

    ``kinds`` are kinds as the API spells them, none for everything; ``refs`` the objects that were named;
    ``flags`` every connection flag that came with it, to be repeated in each command that is printed.
    """

    kinds: tuple[str, ...] = ()
    refs: tuple[Ref, ...] = ()
    namespace: str = ""
    selector: str = ""
    field_selector: str = ""
    all_namespaces: bool = False
    flags: tuple[str, ...] = ()
    context: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that were given, in the order given."""
        return tuple(ref.name for ref in self.refs)

    @property
    def everything(self) -> bool:
        """Whether a namespace or the cluster was asked for, not single objects."""
        return not self.refs and not self.kinds and not self.selector and not self.field_selector

    def includes(self, resource: Object) -> bool:
        """Whether an object is one of those asked for."""
        ref = resource.ref
        if self.refs:
            return any((r.kind, r.name) == (ref.kind, ref.name) and r.namespace in ("", ref.namespace) for r in self.refs)
        if self.kinds and ref.kind not in self.kinds:
            return False
        if not self.all_namespaces and ref.namespace and self.namespace and ref.namespace != self.namespace:
            return False
        if self.field_selector and not _fields_match(self.field_selector, resource):
            return False
        return not self.selector or matches(parse_selector(self.selector), resource.labels)


def _fields_match(selector: str, resource: Object) -> bool:
    for part in filter(None, selector.split(",")):
        path, operator, wanted = re.split(r"(!=|==|=)", part, maxsplit=1) if "=" in part else (part, "=", "")
        found = resource.value(path)
        if (("" if found is None else str(found)) == wanted) == (operator == "!="):
            return False
    return True


class Log:
    """The tail of one container's log, of its present run or of the one before."""

    def __init__(self, pod: Ref, container: str, previous: bool, lines: tuple[str, ...]) -> None:
        self.pod = pod
        self.container = container
        self.previous = previous
        self.lines = lines

    def __bool__(self) -> bool:
        return bool(self.lines)

    def line(self, number: int) -> "LogLine":
        """Return one line, counted from 0."""
        path = f"log[{self.container}]{'.previous' if self.previous else ''}[{number}]"
        return LogLine(self.pod, path, self.lines[number])

    def matches(self, pattern: "re.Pattern[str]") -> Iterator[tuple["LogLine", "re.Match[str]"]]:
        """Yield every line that a pattern is found in, with the match, last line first."""
        for number in range(len(self.lines) - 1, -1, -1):
            if match := pattern.search(self.lines[number]):
                yield self.line(number), match

    def search(self, pattern: "re.Pattern[str]") -> "LogLine | None":
        """Return the last line that a pattern is found in, or None."""
        return next((line for line, _ in self.matches(pattern)), None)


class LogLine(View):
    """One line of a log; ``at()`` quotes it."""

    def __init__(self, ref: Ref, path: str, text: str) -> None:
        super().__init__(ref, path, {})
        self.line = text

    def at(self, path: str = "") -> Evidence:
        return Evidence(self.ref, self.path, self.line)


class Snapshot(Struct, frozen=True, eq=False, dict=True):
    """
    Objects, logs and gaps of one moment.

    ``listed`` holds ``(kind, namespace)`` of what was listed to its end; namespace '' stands for the whole cluster.
    ``missing`` holds what a GET by name answered 404 to. ``logs`` is keyed by pod, container and whether it is the
    run before. Nothing in it changes; every method is a pure function.
    """

    resources: Mapping[Ref, Object]
    taken_at: datetime
    listed: frozenset[tuple[str, str]] = frozenset()
    missing: frozenset[Ref] = frozenset()
    logs: Mapping[tuple[Ref, str, bool], tuple[str, ...]] = {}
    gaps: tuple[Gap, ...] = ()
    server: str = ""

    def __repr__(self) -> str:
        return f"<Snapshot of {len(self.resources)} objects>"

    @classmethod
    def of(cls, objects: Iterable[Raw], taken_at: datetime, **known: Any) -> "Snapshot":
        """Build a snapshot from raw objects (each with kind and apiVersion); keywords are the other fields."""
        views = (view(raw) for raw in objects)
        return cls({v.ref: v for v in views if v.ref.kind and v.ref.name}, taken_at, **known)

    @cached_property
    def _by_kind(self) -> dict[type[Object], list[Object]]:
        found: dict[type[Object], list[Object]] = {}
        for ref in sorted(self.resources):
            resource = self.resources[ref]
            found.setdefault(type(resource), []).append(resource)
        return found

    def all(self, kind: type[R]) -> list[R]:
        """Return the objects of a kind that are known, ordered by namespace and name."""
        return self._by_kind.get(kind, [])  # type: ignore[return-value]

    def get(self, ref: Ref) -> Object | None:
        """Return an object, or None where it is not known (which is not to say that it does not exist)."""
        return self.resources.get(ref)

    def find(self, kind: type[R], namespace: str, name: str) -> R | None:
        """Return an object of a kind by name, or None where it is not known."""
        found = self.resources.get(kind.named(namespace, name))
        return found if isinstance(found, kind) else None

    def complete(self, kind: str, namespace: str) -> bool:
        """Whether a kind was listed to its end in a namespace."""
        return (kind, namespace) in self.listed or (kind, "") in self.listed

    def lacks(self, ref: Ref) -> bool:
        """Whether an object is known not to exist: asked for and not found, or not among all of its kind."""
        if ref in self.resources:
            return False
        return ref in self.missing or self.complete(ref.kind, ref.namespace)

    def absence(self, ref: Ref) -> Absence:
        """Return the proof that an object is not there, with the names nearest to it."""
        names = [r.name for r in self.resources if (r.kind, r.namespace) == (ref.kind, ref.namespace)]
        return Absence(ref, len(names), nearest(ref.name, names))

    def selected(self, kind: type[R], namespace: str, labels: Mapping[str, str]) -> list[R] | None:
        """Return the objects that carry all of some labels; None where not all of that kind were listed."""
        if not self.complete(kind.kind, namespace):
            return None
        wanted = labels.items()
        return [o for o in self.all(kind) if o.namespace == namespace and wanted <= o.labels.items()]

    @cached_property
    def _events(self) -> dict[tuple[str, str, str], list[Event]]:
        found: dict[tuple[str, str, str], list[Event]] = {}
        for event in self.all(Event):
            about = event.about
            found.setdefault((about.kind, about.namespace, about.name), []).append(event)
        for events in found.values():
            events.sort(key=lambda e: (e.last_seen is not None, e.last_seen, e.name))
        return found

    def events(self, about: Object | Container, *reasons: str) -> list[Event]:
        """
        Return the events about an object or a container, oldest first, of the given reasons or of any.

        They are matched by uid, since names are used again; those of nodes by name, since their uid is not
        reliable (the kubelet has written the node's name there).
        """
        name = about.name if isinstance(about, Container) else ""
        owner = self.resources.get(about.ref)
        uid = owner.uid if owner and owner.ref.kind != "Node" else ""
        namespace = "default" if about.ref.kind == "Node" else about.ref.namespace
        found = self._events.get((about.ref.kind, about.ref.namespace, about.ref.name), [])
        if about.ref.kind == "Node" and not found:
            found = self._events.get((about.ref.kind, namespace, about.ref.name), [])
        return [
            e
            for e in found
            if (not reasons or e.reason in reasons)
            and (not name or e.container == name)
            and (not uid or e.about_uid in ("", uid))
        ]

    def log(self, container: Container, previous: bool = False) -> Log:
        """Return the log tail of a container, empty where it was not read."""
        lines = self.logs.get((container.ref, container.name, previous), ())
        return Log(container.ref, container.name, previous, lines)

    def metrics(self, pod: Pod) -> PodMetrics | None:
        """Return the usage sample of a pod, or None."""
        return self.find(PodMetrics, pod.namespace, pod.name)

    def seconds_since(self, moment: datetime | None) -> float | None:
        """Return how long ago a moment was when the snapshot was taken, or None."""
        return None if moment is None else (self.taken_at - moment).total_seconds()

    def read(self, evidence: Evidence) -> Any:
        """Return what an evidence quotes, read anew; a test compares the two."""
        if match := _LOG_PATH.match(evidence.path):
            lines = self.logs.get((evidence.source, match["container"], bool(match["previous"])), ())
            number = int(match["line"])
            return lines[number] if number < len(lines) else None
        resource = self.resources.get(evidence.source)
        return walk(resource.raw, evidence.path) if resource else None


def nearest(wanted: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return the names that are most like one that is not there, best first."""
    from difflib import SequenceMatcher

    scored = [(SequenceMatcher(None, wanted.lower(), name.lower()).ratio(), name) for name in names if name != wanted]
    good = sorted((s for s in scored if s[0] >= 0.6), key=lambda s: (-s[0], s[1]))
    return tuple(name for _, name in good[:most])


__all__ = ["Absence", "Gap", "Log", "LogLine", "Snapshot", "Target", "kind_of", "nearest"]
