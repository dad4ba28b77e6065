"""
Start ``kubectl proxy`` on a private socket, before anything else is imported.

kubectl does all authentication, once; the proxy refuses every method but GET, so nothing can be changed through it.
"""

import atexit
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kubectl_diagnose.collect.kubectl import child_environment, kubectl_path

# Go's expressions have no negative look-ahead: this matches every word but GET.
NOT_GET = "^([^G].*|G|G[^E].*|GE|GE[^T].*|GET.+)$"
NO_PATHS = "^/api/.*/pods/[^/]+/(exec|attach|portforward|proxy),^/api/.*/(nodes|services)/[^/]+/proxy"
_LONGEST_FOLDER = 70
_PR_SET_PDEATHSIG = 1


class Proxy:
    """A running ``kubectl proxy`` and the private folder of its socket; stopped at exit at the latest."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.folder = folder
        self.socket_path = str(folder / "s")
        self._errors = (folder / "stderr").open("w+b")
        self._process = subprocess.Popen(
            [*command, f"--unix-socket={self.socket_path}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            env=child_environment(),
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        atexit.register(self.stop)

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    @property
    def error(self) -> str:
        """The last line that it wrote on stderr."""
        try:
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").strip().splitlines()
        except (OSError, ValueError):
            return ""
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """End the process and remove its folder; harmless when repeated."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_proxy(flags: Sequence[str] = ()) -> Proxy | None:
    """Start the proxy with the connection flags given; None where there is no kubectl or no Unix socket."""
    kubectl = kubectl_path()
    if kubectl is None or sys.platform == "win32":
        return None
    # A socket's path may have 104 characters at most, which macOS' own temporary folder comes near to.
    short = len(tempfile.gettempdir()) < _LONGEST_FOLDER
    folder = Path(tempfile.mkdtemp(prefix="kubectl-diagnose-", dir=None if short else "/tmp"))  # made with mode 0700
    options = ("--append-server-path=true", f"--reject-methods={NOT_GET}", f"--reject-paths={NO_PATHS}")
    _exit_on_signals()
    try:
        return Proxy((kubectl, "proxy", *flags, *options), folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        return None


def _die_with_parent() -> None:
    """Have the kernel end this process when its parent is killed (atexit does not run then)."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _exit_on_signals() -> None:
    """Turn signals that would end Python at once into an exit that cleans up."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        try:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, lambda caught, _: sys.exit(128 + caught))
        except ValueError:  # not in the main thread
            return
