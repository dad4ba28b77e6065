"""From a proof to the kubectl command that checks it by hand."""

import re
from collections.abc import Iterable
from typing import Any

from kubectl_diagnose.findings import Proof
from kubectl_diagnose.fixes.commands import Commands, type_word
from kubectl_diagnose.model import Evidence, Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.model.view import item_key, steps
from kubectl_diagnose.snapshot import Absence, Snapshot, Target

_LOG = regex(r"^log\[(?P<container>[^\]]+)\](?P<previous>\.previous)?\[(?P<line>\d+)\]$")
_PLAIN = regex(r"([^\w/-])")
_NUMERIC_LISTS = {"ports": "containerPort"}
_MAPS = frozenset(
    {
        *("annotations", "labels", "matchLabels", "selector", "nodeSelector", "data", "binaryData"),
        *("limits", "requests", "allocatable", "capacity", "hard", "used"),
    }
)


def kubectl(target: Target, namespace: str, words: Iterable[str]) -> str:
    """Return a command that runs as it is: with the namespace, and every connection flag that was given."""
    return Commands(target.flags).kubectl(namespace, *words)


def command_for(proof: Proof, snapshot: Snapshot, target: Target) -> str:
    """Return the command that shows what a proof says."""
    if isinstance(proof, Absence):
        return kubectl(target, proof.ref.namespace, ("get", type_word(proof.ref)))
    return kubectl(target, proof.source.namespace, tuple(_words(proof, snapshot)))


def _words(evidence: Evidence, snapshot: Snapshot) -> Iterable[str]:
    source = evidence.source
    if match := _LOG.match(evidence.path):
        return _log_words(evidence, match, snapshot)
    if source.group == "metrics.k8s.io":
        return ("top", "node", source.name) if source.kind == "NodeMetrics" else ("top", "pod", source.name, "--containers")
    if source.kind == "Secret" and evidence.path.startswith("data"):
        return "describe", "secret", source.name
    path = "message" if source.kind == "Event" and evidence.path == "note" else evidence.path
    word = "event" if source.kind == "Event" else type_word(source)
    return "get", word, source.name, "-o", _output(path, source, snapshot)


def _log_words(evidence: Evidence, match: re.Match[str], snapshot: Snapshot) -> Iterable[str]:
    previous = bool(match["previous"])
    read = snapshot.logs.get((evidence.source, match["container"], previous), ())
    tail = max(20, len(read) - int(match["line"]))
    yield from ("logs", evidence.source.name, "-c", match["container"])
    if previous:
        yield "--previous"
    yield f"--tail={tail}"


def _output(path: str, source: Ref, snapshot: Snapshot) -> str:
    resource = snapshot.get(source)
    found = jsonpath(path, resource.raw if resource else None)
    return f"jsonpath={found}" if found else "yaml"


def jsonpath(path: str, raw: Any) -> str | None:
    """
    Return a path as kubectl's jsonpath, read against the object that it is of (None where that is not known).

    None where jsonpath cannot say it: the whole object, or a key with a quote in it.
    """
    written, parent = "", ""
    for name, keyed in steps(path):
        listed = isinstance(raw, list) or (raw is None and keyed and parent not in _MAPS)
        step, raw = _item(parent, raw, name) if keyed and listed else (_field(name), _below(raw, name))
        if step is None:
            return None
        written += step
        parent = name
    return f"{{{written}}}" if written else None


def _field(name: str) -> str:
    return "." + _PLAIN.sub(r"\\\1", name)


def _below(raw: Any, name: str) -> Any:
    return raw.get(name) if hasattr(raw, "get") else None


def _item(parent: str, raw: Any, wanted: str) -> tuple[str | None, Any]:
    """Return the filter that picks a list's item by its key, and the item."""
    if '"' in wanted or "\\" in wanted:
        return None, None
    found = item_key(parent, raw, wanted) if isinstance(raw, list) else None
    if found is None:
        field = _key_field(parent, wanted)
        number = wanted.isdigit() and parent in _NUMERIC_LISTS
        return f"[?(@.{field}=={wanted if number else _quoted(wanted)})]", None
    field, item = found
    value = item[field]
    return f"[?(@.{field}=={value if type(value) in (int, float) else _quoted(wanted)})]", item


def _quoted(text: str) -> str:
    return f'"{text}"'


def _key_field(parent: str, wanted: str) -> str:
    if parent in _NUMERIC_LISTS and wanted.isdigit():
        return _NUMERIC_LISTS[parent]
    named = {"conditions": "type", "addresses": "type", "taints": "key", "tolerations": "key", "volumeMounts": "mountPath"}
    return named.get(parent, "name")
