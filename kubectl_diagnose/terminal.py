"""Standard output and error as people have them: a terminal, a pipe, a file."""

import os
import shutil
import sys
from collections.abc import Callable


def coloured(when: str) -> bool:
    """Whether to colour: as kubectl does, only on a terminal that can, and never where NO_COLOR is set, even empty."""
    if when != "auto":
        return when == "always"
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and "NO_COLOR" not in os.environ


def width() -> int:
    """Return how wide to write: as the terminal, 120 columns where there is none."""
    return max(60, shutil.get_terminal_size((120, 24)).columns)


def write(text: str) -> None:
    """Write to standard output, with a question mark for what its encoding lacks."""
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def leave_pipe() -> None:
    """Let nothing be written at exit to a pipe that nobody reads any more."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
