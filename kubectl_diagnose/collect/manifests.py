"""The objects that manifests name (``-f``, ``-k``)."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kubectl_diagnose.collect.documents import SUFFIXES, objects_in, read_objects, text_of
from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.collect.kubectl import child_environment, kubectl_path
from kubectl_diagnose.model import Ref, ref_of


def refs_in_files(paths: Iterable[str], recursive: bool, namespace: str) -> tuple[Ref, ...]:
    """
    Return the objects in manifests, in the order written; those that say no namespace are in the one given.

    ``-`` stands for standard input. Raises UserError, naming the file.
    """
    return _refs((raw for path in paths for raw in _objects(path, recursive)), namespace)


def refs_in_kustomization(folder: str, namespace: str) -> tuple[Ref, ...]:
    """Return the objects that ``kubectl kustomize`` makes of a folder. Raises UserError with what kubectl says."""
    kubectl = kubectl_path()
    if kubectl is None:
        raise UserError("kubectl is not on PATH: install it, or set KUBECTL_PATH to it")
    done = subprocess.run([kubectl, "kustomize", folder], capture_output=True, check=False, env=child_environment())
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit status {done.returncode}"]
        raise UserError(f"{folder!r} is no kustomization: {said[-1].removeprefix('error: ')}")
    return _refs(objects_in(text_of(done.stdout, folder), folder), namespace)


def _objects(path: str, recursive: bool) -> Iterator[dict[str, Any]]:
    if path == "-":
        yield from objects_in(text_of(sys.stdin.buffer.read(), "standard input"), "standard input")
    elif path.startswith(("http://", "https://")):
        raise UserError(f"{path!r} is not a file: download it and give the file, or '-' and the text on standard input")
    elif not Path(path).exists():
        raise UserError(f"the path {path!r} does not exist")
    else:
        for file in _files(Path(path), recursive):
            yield from read_objects(file)


def _files(path: Path, recursive: bool) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = path.rglob("*") if recursive else path.iterdir()
    found = sorted(f for f in inside if f.suffix.lower() in SUFFIXES and f.is_file())
    if not found:
        more = "" if recursive else "; use -R to look in its folders too"
        raise UserError(f"{str(path)!r} holds no .json, .yaml or .yml files{more}")
    return found


def _refs(objects: Iterable[dict[str, Any]], namespace: str) -> tuple[Ref, ...]:
    from kubectl_diagnose.collect.kinds import kind_named

    found: dict[Ref, None] = {}
    for raw in objects:
        ref = ref_of(raw)
        known = kind_named(ref.kind)
        scope = "" if known and not known.namespaced else ref.namespace or namespace
        if ref.name:
            found[ref._replace(namespace=scope)] = None
    return tuple(found)
