"""
Whole reports of recorded failures, in text and in JSON, as goldens.

``UPDATE=1 pytest tests/test_scenarios.py`` writes them anew: read the difference before committing it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kubectl_diagnose import cli
from kubectl_diagnose.findings import Severity

FOLDER = Path(__file__).parent / "scenarios"
ROOT = FOLDER.parent.parent
STORIES = sorted(p.parent for p in FOLDER.glob("*/recorded.json"))
every_story = pytest.mark.parametrize("story", STORIES, ids=lambda p: p.name)


def words_of(story: Path, form: str) -> list[str]:
    """Return the arguments that ask about a story."""
    target = json.loads((story / "recorded.json").read_text(encoding="utf-8")).get("target", "").split()
    return [*target, "-n", "shop", "--from", f"tests/scenarios/{story.name}", "-o", form]


@every_story
@pytest.mark.parametrize(("form", "name"), [("text", "report.txt"), ("json", "report.json")])
def test_report(
    story: Path, form: str, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    status = cli.run(words_of(story, form))
    found, errors = capsys.readouterr()
    assert (status, errors) == (0, "")
    golden = story / name
    if os.environ.get("UPDATE"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", ["1", "2"])
@pytest.mark.parametrize(("form", "name"), [("text", "report.txt"), ("json", "report.json")])
def test_the_same_in_every_process(form: str, name: str, seed: str) -> None:
    story = FOLDER / "exercise-destruction"
    command = [sys.executable, "-m", "kubectl_diagnose", *words_of(story, form)]
    surroundings = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=surroundings)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (story / name).read_text(encoding="utf-8")


def golden_report(story: Path) -> dict[str, Any]:
    loaded = json.loads((story / "report.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@every_story
def test_first_cause(story: Path) -> None:
    """The story's recorded.json says which causes may come first; none where nothing is wrong."""
    expected = json.loads((story / "recorded.json").read_text(encoding="utf-8"))["causes"]
    said = [problem["cause"]["rule"] for problem in golden_report(story)["problems"]]
    assert (said[0] in expected) if expected else (said == [])


@every_story
def test_every_finding_is_proven(story: Path) -> None:
    known = {s.name.lower() for s in Severity}
    for problem in golden_report(story)["problems"]:
        assert problem["cause"]["severity"] in known
        assert problem["cause"]["evidence"], problem["cause"]["rule"]
