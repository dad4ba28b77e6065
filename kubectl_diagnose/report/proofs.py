"""A proof in words, for people."""

import json
from datetime import datetime
from typing import Any

from kubectl_diagnose.findings import Proof
from kubectl_diagnose.model import Event, Evidence, Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.report.wording import ago, counted
from kubectl_diagnose.snapshot import Absence, Snapshot

_LOG = regex(r"^log\[(?P<container>[^\]]+)\](?P<previous>\.previous)?\[\d+\]$")
_AGED = ("lastState", "state.terminated")


def proof_words(proof: Proof, snapshot: Snapshot, subject: Ref) -> str:
    """Return what a proof shows: ``path = value``, the text of an event, a line of a log, or what is not there."""
    if isinstance(proof, Absence):
        return _absence(proof)
    if match := _LOG.match(proof.path):
        run = ", run before" if match["previous"] else ""
        return f"log of {match['container']}{run}: {proof.value}"
    if proof.source.kind == "Event" and isinstance(proof.value, str) and proof.path in ("message", "note"):
        return _event(proof, snapshot)
    when = ago(proof.at, snapshot.taken_at) if any(part in proof.path for part in _AGED) else ""
    value = "not set" if proof.value is None else shown(proof.value)
    return f"{_source(proof.source, subject)}{proof.path or 'object'} = {value}{f' ({when} ago)' if when else ''}"


def _absence(absence: Absence) -> str:
    kind = absence.ref.kind
    name = f" {absence.ref.name!r}" if absence.ref.name else ""
    near = f"; like it: {', '.join(absence.nearest)}" if absence.nearest else ""
    return f"no {kind}{name} ({counted(absence.looked_at, kind)} looked at{near})"


def _event(evidence: Evidence, snapshot: Snapshot) -> str:
    event = snapshot.get(evidence.source)
    if not isinstance(event, Event):
        return f"event{_when(1, evidence.at, snapshot)}: {evidence.value}"
    return f"event {event.reason}{_when(event.count, event.last_seen, snapshot)}: {evidence.value}"


def _when(count: int, last: datetime | None, snapshot: Snapshot) -> str:
    age = ago(last, snapshot.taken_at)
    parts = [f"x{count}" if count > 1 else "", f"{age} ago" if age else ""]
    found = ", ".join(part for part in parts if part)
    return f" ({found})" if found else ""


def _source(source: Ref, subject: Ref) -> str:
    """Name the object only where it is neither the subject nor one of its pods."""
    return "" if source.kind == "Pod" or source == subject else f"{source.kind}/{source.name} "


def shown(value: Any) -> str:
    """Return a value as JSON on one line; a text with quotes in it as it is."""
    if isinstance(value, str) and '"' in value:
        return value
    try:
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    except (TypeError, ValueError):
        return str(value)
