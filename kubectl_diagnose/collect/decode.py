"""From the bytes of an answer to raw objects that may be kept: complete, small, and without credentials."""

from collections.abc import Iterator
from typing import Any

import msgspec

from kubectl_diagnose.collect.redact_objects import redact_object

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_KINDS_OF_METRICS = {"PodMetricsList": "PodMetrics", "NodeMetricsList": "NodeMetrics"}


def decode(body: bytes) -> dict[str, Any]:
    """Return the JSON object in a body, an empty one where there is none."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def clean(raw: dict[str, Any]) -> dict[str, Any]:
    """Return an object without managed fields, without the values of a Secret, and without credentials."""
    metadata = raw.get("metadata")
    if isinstance(metadata, dict):
        metadata.pop("managedFields", None)
    return redact_object(raw)


def items_of(answer: dict[str, Any], kind: str, api_version: str) -> Iterator[dict[str, Any]]:
    """Yield the cleaned items of a list; they get kind and apiVersion, which lists leave out."""
    for item in answer.get("items") or []:
        if isinstance(item, dict):
            item["kind"] = kind
            item["apiVersion"] = _version(answer, api_version)
            yield clean(item)


def _version(answer: dict[str, Any], api_version: str) -> str:
    """Return the version that a list was answered in; lists of names are of another API than their items."""
    said = answer.get("apiVersion")
    group = api_version.rpartition("/")[0]
    return said if isinstance(said, str) and said.rpartition("/")[0] == group and said else api_version


def message_of(body: bytes) -> str:
    """Return what an error says: the message of a Status, else the text."""
    said = decode(body).get("message")
    return said if isinstance(said, str) else body.decode(errors="replace").strip()
