"""
What pods read from config maps and secrets and cannot, because it is not there.

An environment is read at each start of a container, volumes before the first: what runs already misses nothing, so only
what waits is looked at. The spec and the snapshot decide; where the snapshot does not tell, the kubelet's message does.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from kubectl_diagnose.findings import Proof
from kubectl_diagnose.model import ConfigMap, Container, Pod, Ref, Secret, View
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.history import waits_since
from kubectl_diagnose.snapshot import Snapshot

_KINDS: dict[str, type[ConfigMap] | type[Secret]] = {"ConfigMap": ConfigMap, "Secret": Secret}
_NO_KEY = regex(r"couldn't find key (?P<key>\S+) in (?P<kind>ConfigMap|Secret) \S+?/(?P<name>\S+)")
_NO_FILE = regex(r"references non-existent (?:config|secret) key: (?P<key>\S+)")


class Use(Struct, frozen=True):
    """One place of a pod that names an object, and a key of it ('' where all of it is read)."""

    kind: str
    name: str
    key: str
    path: str
    holder: View
    """The container whose environment it is, or the spec whose volume it is."""

    @property
    def in_volume(self) -> bool:
        return not isinstance(self.holder, Container)


class Missing(Struct, frozen=True, eq=False):
    """An object, or a key of one, that is not there; ``subject`` is the container whose environment, or pod whose volume."""

    subject: Pod | Container
    ref: Ref
    key: str
    uses: tuple[Use, ...]
    evidence: tuple[Proof, ...]
    since: datetime | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are read of it."""
        return tuple(dict.fromkeys(use.key for use in self.uses if use.key))


def missing_objects(pod: Pod, snapshot: Snapshot, kind: str) -> Iterator[Missing]:
    """Yield the objects of a kind that a pod waits for and that do not exist, once for each that waits."""
    for subject, name, uses in _wanted(pod, snapshot, kind):
        ref = _KINDS[kind].named(pod.namespace, name)
        told = _told(subject, snapshot, f'{kind.lower()} "{name}" not found')
        if snapshot.get(ref) is None and (snapshot.lacks(ref) or told):
            absent: tuple[Proof, ...] = (snapshot.absence(ref),) if snapshot.lacks(ref) else ()
            evidence = (*_quotes(uses), *(t.at("message") for t in told[-1:]), *absent)
            yield Missing(subject, ref, "", uses, evidence, _since(subject, told, snapshot))


def missing_keys(pod: Pod, snapshot: Snapshot, kind: str) -> Iterator[Missing]:
    """Yield the keys that a pod waits for and that an object which does exist (or may) does not have."""
    for subject, name, uses in _wanted(pod, snapshot, kind):
        ref = _KINDS[kind].named(pod.namespace, name)
        known = snapshot.get(ref)
        for key in dict.fromkeys(use.key for use in uses if use.key):
            told = [t for t in _told(subject, snapshot, key) if _says_no_key(t.text("message"), name, key)]
            if key not in known.keys if isinstance(known, ConfigMap | Secret) and known.keys else bool(told):
                chosen = tuple(use for use in uses if use.key == key)
                shown = (known.at(f"data[{key}]"),) if known is not None else ()
                evidence = (*_quotes(chosen), *(t.at("message") for t in told[-1:]), *shown)
                yield Missing(subject, ref, key, chosen, evidence, _since(subject, told, snapshot))


def _says_no_key(message: str, name: str, key: str) -> bool:
    found = _NO_KEY.search(message)
    if found:
        return (found["name"], found["key"]) == (name, key)
    in_volume = _NO_FILE.search(message)
    return in_volume is not None and in_volume["key"] == key


def _wanted(pod: Pod, snapshot: Snapshot, kind: str) -> Iterator[tuple[Pod | Container, str, tuple[Use, ...]]]:
    """Yield what waits, the name of an object of a kind that it must have, and where it names it."""
    if not pod.node_name or pod.finished:
        return
    for container in pod.all_containers:
        if container.waiting_reason == "CreateContainerConfigError":
            yield from ((container, name, uses) for name, uses in _by_name(_in_environment(container), kind))
    if all(c.waiting_reason in ("ContainerCreating", "PodInitializing", "") and not _ran(c) for c in pod.all_containers):
        yield from ((pod, name, uses) for name, uses in _by_name(_in_volumes(pod), kind))


def _ran(container: Container) -> bool:
    return container.running is not None or container.last_exit is not None


def _by_name(uses: Iterator[Use], kind: str) -> Iterator[tuple[str, tuple[Use, ...]]]:
    found: dict[str, list[Use]] = {}
    for use in uses:
        if use.kind == kind:
            found.setdefault(use.name, []).append(use)
    yield from ((name, tuple(same)) for name, same in found.items())


def _in_environment(container: Container) -> Iterator[Use]:
    for kind, name, key, optional, path in container.references():
        if not optional:
            yield Use(kind, name, key or "", path, container)


def _in_volumes(pod: Pod) -> Iterator[Use]:
    for kind, name, _, optional, path in pod.spec.references():
        if not optional:
            yield Use(kind, name, "", path, pod.spec)
            source = pod.spec.mapping(path) if not path.endswith("sources") else {}
            items = source.get("items")
            for item in items if isinstance(items, list) else []:
                if isinstance(item, dict) and isinstance(item.get("key"), str):
                    yield Use(kind, name, item["key"], path, pod.spec)


def _told(subject: Pod | Container, snapshot: Snapshot, words: str) -> list[View]:
    """The status and the events that say some words of a container, or of the volumes of a pod."""
    if isinstance(subject, Container):
        waiting = subject.waiting
        return [waiting] if waiting is not None and words in waiting.message else []
    return [e for e in snapshot.events(subject, "FailedMount") if words in e.message]


def _quotes(uses: tuple[Use, ...]) -> Iterator[Proof]:
    yield from (use.holder.at(use.path) for use in uses)


def _since(subject: Pod | Container, told: list[View], snapshot: Snapshot) -> datetime | None:
    if isinstance(subject, Container):
        return waits_since(subject, snapshot)
    return min((when for t in told if (when := t.time_at("firstTimestamp"))), default=subject.created)
