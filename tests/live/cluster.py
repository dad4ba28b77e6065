"""The cluster that KUBECONFIG names, and the tool run against it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

MANIFESTS = Path(__file__).parent / "manifests"
ROOT = Path(__file__).parent.parent.parent
T = TypeVar("T")
Done = subprocess.CompletedProcess[str]


def run(*words: str, stdin: str = "", env: dict[str, str] | None = None) -> Done:
    """Run a command to its end."""
    return subprocess.run(words, input=stdin, capture_output=True, text=True, check=False, timeout=180, env=env, cwd=ROOT)


def kubectl(*words: str, stdin: str = "") -> str:
    """Return what kubectl prints; raises where it fails."""
    done = run("kubectl", *words, stdin=stdin)
    assert done.returncode == 0, f"kubectl {' '.join(words)}: {done.stderr}"
    return done.stdout


def diagnose(*words: str, **variables: str) -> Done:
    """Run the tool with some environment variables changed."""
    return run(sys.executable, "-m", "kubectl_diagnose", *words, env={**os.environ, **variables})


def until(look: Callable[[], T], seconds: float = 120) -> T:
    """Look every other second until there is something to see; return the last look."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(2)
    return found


@dataclass
class Space:
    """A namespace of its own."""

    name: str
    flags: list[str] = field(default_factory=list)

    def apply(self, story: str) -> None:
        """Apply a manifest of the project."""
        kubectl("-n", self.name, "apply", "-f", str(MANIFESTS / f"{story}.yaml"))

    def report(self, *target: str, **variables: str) -> dict[str, Any]:
        """Return the report on a target."""
        done = diagnose(*target, "-n", self.name, "-o", "json", **variables)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert isinstance(found, dict)
        return found

    def causes(self, *target: str) -> list[str]:
        """Return the rules of the problems, the first one first."""
        return [problem["cause"]["rule"] for problem in self.report(*target)["problems"]]
