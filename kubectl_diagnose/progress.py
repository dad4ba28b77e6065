"""A line on standard error that says what is going on, on a terminal, when it takes long."""

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kubectl_diagnose.collect.budget import Progress

_PATIENCE = 1.0


class ProgressLine:
    """Shows how many requests were answered, once a second has gone by; erased at the end."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._shown = False

    def __call__(self, progress: "Progress") -> None:
        """Show how far it is."""
        if sys.stderr.isatty() and time.monotonic() - self._started > _PATIENCE:
            self._shown = True
            sys.stderr.write(f"\r\033[Kreading the cluster: {progress.answered} of {progress.asked} requests answered")
            sys.stderr.flush()

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *error: object) -> None:
        """Take the line away, where there is one."""
        if self._shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self._shown = False
