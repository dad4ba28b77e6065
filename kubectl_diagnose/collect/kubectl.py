"""The kubectl that is used, and the environment that it is started in. Imports are kept few: this runs first."""

import os
import shutil
import sys


def kubectl_path() -> str | None:
    """Return ``$KUBECTL_PATH`` (set by kubectl for its plugins since 1.37), else kubectl on PATH, else None."""
    return os.environ.get("KUBECTL_PATH") or shutil.which("kubectl")


def child_environment() -> dict[str, str]:
    """
    Return the environment for a child.

    A frozen build leads the loader to its own libraries; kubectl's credential plugins must not get those.
    """
    env = dict(os.environ)
    if not getattr(sys, "frozen", False):
        return env
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        original = env.pop(f"{name}_ORIG", None)
        env.pop(name, None)
        if original is not None:
            env[name] = original
    return {name: value for name, value in env.items() if not name.startswith("_PYI_")}
