"""
A snapshot out of files: a recorded folder, or what ``kubectl get … -o json|yaml`` printed.

A recorded folder has ``objects.json``, ``logs/POD/CONTAINER.log`` (``.previous.log`` for the run before) and
``recorded.json``, which says when it was taken and which kinds were listed to their end. Of plain output nothing is
known to be complete, and its time is the newest that its objects mention; ``kubectl cluster-info dump`` makes a folder
of it, with logs.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kubectl_diagnose.collect.decode import clean
from kubectl_diagnose.collect.documents import SUFFIXES, read_objects, read_text
from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.collect.saved_logs import dumped_logs, recorded_logs
from kubectl_diagnose.model import KINDS, Event, Raw
from kubectl_diagnose.model.view import parse_time
from kubectl_diagnose.snapshot import Gap, Snapshot

_TIMES = frozenset({
    *("creationTimestamp", "lastTransitionTime", "lastUpdateTime", "lastProbeTime", "lastHeartbeatTime", "renewTime"),
    *("firstTimestamp", "lastTimestamp", "eventTime", "lastObservedTime", "timestamp"),
    *("startTime", "startedAt", "finishedAt", "completionTime", "lastScheduleTime", "lastSuccessfulTime"),
})  # fmt: skip


def read_path(path: Path | str) -> Snapshot:
    """
    Read a file or folder into a snapshot.

    Raises UserError, naming the file, where nothing can be read; where other files are fine a bad one becomes a gap.
    """
    path = Path(path)
    if not path.exists():
        raise UserError(f"{str(path)!r} does not exist")
    if (path / "objects.json").is_file():
        return _recorded(path)
    objects, gaps = _plain(path)
    logs, unread = dumped_logs(path)
    return Snapshot.of(map(clean, objects), _newest(objects) or _modified(path), logs=logs, gaps=(*gaps, *unread))


def namespaces_in(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the namespaces that a snapshot has objects in; events count only where there is nothing else."""
    objects = {ref.namespace for ref in snapshot.resources if ref.namespace and ref.kind != Event.kind}
    events = {ref.namespace for ref in snapshot.resources if ref.namespace}
    return tuple(sorted(objects or events))


def recorded_namespace(path: Path | str) -> str:
    """Return the namespace that a recorded folder says it was taken of, '' where it says none."""
    about, _ = _about(Path(path))
    found = about.get("namespace")
    return found if isinstance(found, str) else ""


def _plain(path: Path) -> tuple[list[dict[str, Any]], tuple[Gap, ...]]:
    """Read every file of kubectl's output; bad ones are gaps as long as one is good."""
    files = _files(path)
    objects: list[dict[str, Any]] = []
    wrong: list[tuple[Path, str]] = []
    for file in files:
        try:
            objects += read_objects(file)
        except UserError as error:
            wrong.append((file, str(error)))
    if wrong and len(wrong) == len(files):
        raise UserError(wrong[0][1])
    return objects, tuple(Gap(file.name, why) for file, why in wrong)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    try:
        found = sorted(f for f in path.rglob("*") if f.suffix.lower() in SUFFIXES and f.is_file())
    except OSError as error:
        raise UserError(f"{str(path)!r} cannot be read: {(error.strerror or str(error)).lower()}") from None
    if not found:
        raise UserError(f"{str(path)!r} holds no .json or .yaml files")
    return found


def _recorded(path: Path) -> Snapshot:
    objects = read_objects(path / "objects.json")
    about, gaps = _about(path)
    failed = about.get("failed")
    gaps += [Gap(str(kind), str(why)) for kind, why in failed.items()] if isinstance(failed, dict) else []
    logs, unread = recorded_logs(path / "logs", objects)
    taken_at = parse_time(about.get("takenAt")) or _newest(objects) or _modified(path / "objects.json")
    return Snapshot.of(
        map(clean, objects),
        taken_at,
        listed=frozenset(_listed(about)),
        logs=logs,
        gaps=(*gaps, *unread),
        server=str(about.get("server") or ""),
    )


def _about(path: Path) -> tuple[dict[str, Any], list[Gap]]:
    """Return what ``recorded.json`` says; it is a gap where it cannot be read, and says nothing where it is not there."""
    file = path / "recorded.json"
    if not file.is_file():
        return {}, []
    try:
        found = json.loads(read_text(file))
    except UserError as error:
        return {}, [Gap(file.name, str(error))]
    except (ValueError, RecursionError):
        return {}, [Gap(file.name, f"{str(file)!r} is not valid JSON")]
    return (found, []) if isinstance(found, dict) else ({}, [Gap(file.name, f"{str(file)!r} is not an object")])


def _listed(about: Raw) -> Iterator[tuple[str, str]]:
    listed = about.get("listed")
    namespace = about.get("namespace")
    scopes = {"namespace": namespace if isinstance(namespace, str) else None, "cluster": ""}
    for scope, plurals in listed.items() if isinstance(listed, dict) else ():
        where = scopes.get(scope)
        if where is not None and isinstance(plurals, list):
            yield from ((kind, where) for kind in map(_kind_of_plural, plurals) if kind)


def _kind_of_plural(plural: str) -> str:
    known = next((k.kind for k in KINDS if k.plural == plural and k.group != "metrics.k8s.io"), "")
    if known:
        return known
    from kubectl_diagnose.collect.kinds import kind_named

    found = kind_named(str(plural))
    return found.kind if found else ""


def _newest(raw: Any) -> datetime | None:
    """Return the newest time that objects mention of what has happened (a deletion's time may lie ahead)."""
    found = [moment for text in _times(raw) if (moment := parse_time(text)) is not None]
    return max(found, default=None)


def _times(raw: Any) -> Iterator[Any]:
    if isinstance(raw, dict):
        for key, value in raw.items():
            if key in _TIMES:
                yield value if isinstance(value, str) else None
            elif isinstance(value, dict | list):
                yield from _times(value)
    elif isinstance(raw, list):
        for item in raw:
            yield from _times(item)


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
