"""The layers of docs/architecture.md hold, and what stands in the way of finding things is not there."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "kubectl_diagnose"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "examples" not in p.parts)
MOST_LINES = 300
MEANINGLESS = {"utils", "util", "helpers", "common", "misc", "manager", "handler", "process", "processor"}


def test_layers() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists() and not shutil.which("lint-imports"):
        pytest.skip("import-linter is not installed")
    done = subprocess.run(
        [linter if linter.exists() else "lint-imports", "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_module(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert module.stem not in MEANINGLESS
    assert len(text.splitlines()) <= MOST_LINES
    assert ast.get_docstring(ast.parse(text)), "it does not say what it is for"


def test_start_is_light() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, kubectl_diagnose.__main__; print(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert not loaded & {"kubernetes", "tabulate", "yaml", "kubectl_diagnose.rules"}, "loaded before it is needed"
