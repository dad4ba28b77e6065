"""The namespace and the name of the context in use, read from kubectl while other things go on."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kubectl_diagnose.collect.kubectl import child_environment, kubectl_path

_IN_CLUSTER = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
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
