"""The objects in a text: what ``kubectl get -o json`` or ``-o yaml`` prints, a manifest, or several of them in a row."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.model.patterns import regex

SUFFIXES = (".json", ".yaml", ".yml")
_OTHERWISE = "neither output of 'kubectl get … -o json' or '-o yaml' nor a manifest"
_LIKE_YAML = regex(r"^(?:- )?(?:kind|apiVersion|items):", re.MULTILINE)
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(path: Path) -> str:
    """Return the text of a file, whatever byte order mark or line ends it has. Raises UserError, naming the file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{str(path)!r} cannot be read: {(error.strerror or str(error)).lower()}") from None
    return text_of(data, str(path))


def text_of(data: bytes, name: str) -> str:
    """Decode what a file holds. Raises UserError, naming the file."""
    encoding = next((e for mark, e in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UserError(f"{name!r} is {_OTHERWISE}") from None


def read_objects(path: Path) -> list[dict[str, Any]]:
    """Return the objects in a file, lists taken apart. Raises UserError, naming the file and what is wrong with it."""
    return objects_in(read_text(path), str(path))


def objects_in(text: str, name: str) -> list[dict[str, Any]]:
    """Return the objects in a text, lists taken apart. Raises UserError, naming the file and what is wrong with it."""
    if not text.strip():
        raise UserError(f"{name!r} is empty")
    try:
        found = [raw for document in _documents(text) for raw in _items(document)]
    except json.JSONDecodeError as error:
        raise UserError(_wrong_json(name, text, error)) from None
    except RecursionError:
        raise UserError(f"{name!r} is nested too deeply to be output of kubectl") from None
    except ValueError as error:
        wrong = f"{name!r} is not valid YAML: {error}" if _LIKE_YAML.search(text) else f"{name!r} is {_OTHERWISE}"
        raise UserError(wrong) from None
    if not found and not _empty_list(text):
        raise UserError(f"{name!r} holds no Kubernetes objects: it is {_OTHERWISE}")
    return found


def _documents(text: str) -> Iterator[Any]:
    start = text.lstrip()
    if start.startswith(("{", "[")):
        yield from _json_documents(start)
    else:
        yield from _yaml_documents(text)


def _json_documents(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        yield document
        at = len(text) - len(text[at:].lstrip(" \t\n\r,"))


def _yaml_documents(text: str) -> list[Any]:
    import yaml

    try:
        return list(yaml.load_all(text, Loader=_yaml_loader()))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise ValueError(f"{getattr(error, 'problem', None) or 'it cannot be parsed'}{line}") from None


def _yaml_loader() -> Any:
    """Return PyYAML's safe loader, the compiled one where there is one, that leaves times as the text they are."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader


def _items(document: Any) -> Iterator[dict[str, Any]]:
    """Yield a document's objects; those of a typed list (``PodList``) are told their kind, which they leave out."""
    if isinstance(document, list):
        for item in document:
            yield from _items(item)
    elif isinstance(document, dict) and isinstance(document.get("items"), list):
        kind = str(document.get("kind", "")).removesuffix("List")
        said = {"apiVersion": document.get("apiVersion"), "kind": kind} if kind else {}
        for item in document["items"]:
            yield from _items({**said, **item}) if isinstance(item, dict) else ()
    elif isinstance(document, dict) and isinstance(document.get("kind"), str) and "apiVersion" in document:
        yield document


def _empty_list(text: str) -> bool:
    return any(isinstance(d, dict) and d.get("items") == [] for d in _documents(text))


def _wrong_json(name: str, text: str, error: json.JSONDecodeError) -> str:
    at_end = not text.lstrip()[error.pos :].strip() or error.msg.startswith("Unterminated string")
    if at_end:
        return f"{name!r} is cut short: its JSON ends in the middle, in line {error.lineno}"
    return f"{name!r} is not valid JSON: {error.msg[0].lower()}{error.msg[1:]} in line {error.lineno}"
