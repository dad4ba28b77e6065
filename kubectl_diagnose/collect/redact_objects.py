"""Take credentials out of raw objects, in the places where people put them."""

import json
from collections.abc import Iterator
from typing import Any

from kubectl_diagnose.collect.credential_names import credential_in_text, credential_name
from kubectl_diagnose.collect.redact import REDACTED, redact, redact_named, redact_words

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_PLAIN_KINDS = frozenset(("Node", "PodMetrics", "NodeMetrics", "EndpointSlice", "Namespace"))
_TEMPLATES = (
    ("spec",),
    ("spec", "template", "spec"),
    ("spec", "jobTemplate", "spec", "template", "spec"),
    ("template", "spec"),
    ("data", "spec", "template", "spec"),
)
_NAMES_OF_THINGS = frozenset(("secretName", "secretRef", "secretKeyRef", "imagePullSecrets", "serviceAccountToken"))


def redact_object(raw: dict[str, Any]) -> dict[str, Any]:
    """Redact an object in place and return it; of a Secret the names of its keys are kept, with empty values."""
    kind = raw.get("kind")
    _annotations(raw, secret=kind == "Secret")
    if kind == "Secret":
        _empty(raw)
    elif kind == "Event":
        _messages(raw)
    elif kind == "ConfigMap":
        _config(raw)
    elif kind not in _PLAIN_KINDS:
        _specification(raw)
        _messages(raw.get("status"))
    return raw


def _empty(secret: dict[str, Any]) -> None:
    for field in ("data", "stringData"):
        if isinstance(secret.get(field), dict):
            secret[field] = dict.fromkeys(secret[field], "")


def _config(config: dict[str, Any]) -> None:
    data = config.get("data")
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str):
                data[key] = redact_named(key, value, "\n" not in value and credential_name(key))
    if isinstance(config.get("binaryData"), dict):
        config["binaryData"] = dict.fromkeys(config["binaryData"], "")


def _annotations(raw: dict[str, Any], secret: bool) -> None:
    metadata = raw.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict):
        return
    for name, value in annotations.items():
        if not isinstance(value, str):
            continue
        if name == _APPLIED:
            annotations[name] = REDACTED if secret else _applied(value)
        else:
            named = credential_in_text(name.rpartition("/")[2])
            annotations[name] = REDACTED if secret and value[:1] == "{" else redact_named(name, value, named)


def _applied(text: str) -> str:
    """Redact the object that an annotation holds as JSON; where it cannot be read nothing of it is kept."""
    try:
        applied = json.loads(text)
    except ValueError:
        return REDACTED
    return json.dumps(redact_object(applied), separators=(",", ":")) if isinstance(applied, dict) else REDACTED


def _specification(raw: dict[str, Any]) -> None:
    specs = [found for path in _TEMPLATES for found in _spec_at(raw, path)]
    for spec in specs:
        _pod_spec(spec)
    if not specs:
        for field in ("spec", "data", "parameters"):
            if field in raw:
                raw[field] = _anything(raw[field])


def _spec_at(raw: dict[str, Any], path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the pod spec at a path, where there is one; the annotations of its template are redacted on the way."""
    part: Any = raw
    for step in path[:-1]:
        part = part.get(step) if isinstance(part, dict) else None
    spec = part.get("spec") if isinstance(part, dict) else None
    if isinstance(spec, dict) and isinstance(spec.get("containers"), list):
        if part is not raw:
            _annotations(part, secret=False)
        yield spec


def _pod_spec(spec: dict[str, Any]) -> None:
    for field in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(field) or []:
            if isinstance(container, dict):
                _container(container)
    for volume in spec.get("volumes") or []:
        if isinstance(volume, dict) and not volume.keys() & {"projected", "configMap", "secret", "emptyDir"}:
            volume.update(_anything(volume))


def _container(container: dict[str, Any]) -> None:
    for entry in container.get("env") or []:
        if isinstance(entry, dict) and isinstance(entry.get("value"), str):
            name = str(entry.get("name", ""))
            entry["value"] = redact_named(name, entry["value"], credential_name(name))
    for field in ("command", "args"):
        _words(container, field)
    for field in ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle"):
        if isinstance(container.get(field), dict):
            container[field] = _anything(container[field])


def _words(part: dict[str, Any], field: str) -> None:
    words = part.get(field)
    if isinstance(words, list) and all(isinstance(w, str) for w in words):
        part[field] = redact_words(words)


def _anything(part: Any, name: str = "") -> Any:
    """Redact whatever a part holds; a string by the name of its field, a header by its own name."""
    if isinstance(part, dict):
        if isinstance(part.get("name"), str) and isinstance(part.get("value"), str):
            part["value"] = _header(part["name"], part["value"])
        for key, value in part.items():
            if key == "command" and isinstance(value, list):
                _words(part, key)
            elif key not in _NAMES_OF_THINGS:
                part[key] = _anything(value, key)
        return part
    if isinstance(part, list):
        return [_anything(item, name) for item in part]
    return redact_named(name, part, credential_in_text(name)) if isinstance(part, str) else part


def _header(name: str, value: str) -> str:
    held = name.lower() in ("authorization", "proxy-authorization", "cookie") or credential_name(name)
    return redact_named(name, value, held)


def _messages(part: Any) -> None:
    """Redact the messages of a status or an event, in place."""
    if isinstance(part, list):
        for item in part:
            _messages(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, dict | list):
                _messages(value)
            elif key in ("message", "note") and isinstance(value, str):
                part[key] = redact(value)
