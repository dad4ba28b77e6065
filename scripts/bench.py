"""Time `kubectl diagnose` against the four kubectl commands that it replaces, in turn, on the current cluster."""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAST_STATE = "{.items[*].status.containerStatuses[*].lastState}"


def timed(commands: list[str], environment: dict[str, str]) -> float:
    """Run commands one after the other and return how many milliseconds that took."""
    started = time.perf_counter()
    for command in commands:
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            raise SystemExit(f"bench: {command}: {done.stderr.strip()}")
    return (time.perf_counter() - started) * 1000


def install(folder: Path) -> dict[str, str]:
    """Install the package as users do, modules compiled; return the environment that finds it."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--compile", ROOT], check=True)
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def main() -> int:
    """Print both medians and their ratio."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("selector", help="as in app=hello-server")
    parser.add_argument("namespace", nargs="?", default="default")
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    where, which = f"-n {given.namespace}", f"-l {given.selector}"
    hand = [
        f"kubectl describe pod {which} {where}",
        f"kubectl get events {where}",
        f"kubectl get pod {which} {where} -o jsonpath={LAST_STATE}",
        f"kubectl top pod {which} {where}",
    ]
    with tempfile.TemporaryDirectory() as folder:
        environment = install(Path(folder))
        ways = {"four kubectl commands": hand, "kubectl diagnose": [f"kubectl diagnose pod {which} {where}"]}
        ways["kubectl diagnose -o json"] = [f"kubectl diagnose pod {which} {where} -o json"]
        took: dict[str, list[float]] = {name: [] for name in ways}
        for turn in range(given.rounds + 1):
            for name, commands in ways.items():
                milliseconds = timed(commands, environment)
                if turn:  # the first round warms the caches
                    took[name].append(milliseconds)
    base = statistics.median(took["four kubectl commands"])
    for name, times in took.items():
        print(f"{name:26} median {statistics.median(times):6.0f} ms   ratio {statistics.median(times) / base:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
