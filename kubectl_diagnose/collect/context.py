"""The namespace and the name of the context in use, read from kubectl while other things go on."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kubectl_diagnose.collect.kubectl import child_environment, kubectl_path

_IN_CLUSTER = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
_DEFAULT = "~/.kube/config"
_FIELDS = '{.current-context}{"\\n"}{.contexts[0].context.namespace}'


class Context(NamedTuple):
    """What the kubeconfig says: the context's name ('' where there is none) and its namespace."""

    name: str = ""
    namespace: str = "default"


class PendingContext:
    """A context that is being read; ``result()`` waits for it."""

    def __init__(self, process: "subprocess.Popen[bytes] | None") -> None:
        self._process = process
        self._known: Context | None = None

    def result(self, timeout: float = 10.0) -> Context:
        """Return the context; the service account's namespace, or 'default', where the kubeconfig names none."""
        if self._known is None:
            name, namespace = self._read(timeout)
            self._known = Context(name, namespace or _namespace_in_cluster() or "default")
        return self._known

    def _read(self, timeout: float) -> tuple[str, str]:
        if self._process is None:
            return "", ""
        try:
            output, _ = self._process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return "", ""
        if self._process.returncode != 0:
            return "", ""
        name, _, namespace = output.decode(errors="replace").partition("\n")
        return name.strip(), namespace.strip()


def named_context(flags: Sequence[str] = ()) -> str:
    """
    Return the name of the context in use, '' where none is set: for the report, where the namespace is known already.

    The first file that sets ``current-context`` wins (client-go, tools/clientcmd/loader.go). One line is looked for, in
    YAML or JSON: to start kubectl for it would take a fifth of the whole run.
    """
    given = [value for flag, value in _pairs(flags) if flag == "context"]
    files = [value for flag, value in _pairs(flags) if flag == "kubeconfig"]
    paths = files[-1:] or os.environ.get("KUBECONFIG", "").split(os.pathsep)
    found = (_current_context(Path(path)) for path in filter(None, [*paths] if any(paths) else [_DEFAULT]))
    return given[-1] if given else next(filter(None, found), "")


def _pairs(flags: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and value of flags written as ``--name=value``."""
    for flag in flags:
        name, _, value = flag.removeprefix("--").partition("=")
        yield name, value


def _current_context(path: Path) -> str:
    try:
        lines = path.expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    values = (line.partition(":")[2] for line in lines if line.strip(' "').startswith("current-context"))
    return next(values, "").strip(" \t\"',")


def start_reading_context(flags: Sequence[str] = ()) -> PendingContext:
    """Start to read the context that the connection flags lead to, without waiting."""
    kubectl = kubectl_path()
    if kubectl is None:
        return PendingContext(None)
    command = [kubectl, "config", "view", *flags, "--minify", "-o", f"jsonpath={_FIELDS}"]
    try:
        return PendingContext(
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
            )
        )
    except OSError:
        return PendingContext(None)


def _namespace_in_cluster() -> str:
    try:
        return Path(_IN_CLUSTER).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
