"""The catalogue is whole: every rule is documented, tested both ways and placed; nothing leads nowhere."""

import graphlib
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_diagnose.rules import Rule, all_rules
from tests.cases import FOLDER, Case, all_cases

ROOT = Path(__file__).parent.parent
RULES = ROOT / "kubectl_diagnose" / "rules"
HEADINGS = ["## What you see", "## Why it happens", "## How to fix it"]
MOST_LINES = 120
MEDIAN_LINES = 60


def cases_of(rule: Rule, kind: str) -> list[Case]:
    return [Case(p) for p in sorted((FOLDER / rule.id).glob(f"{kind}*.yaml"))]


def source_of(rule: Rule) -> Path:
    return RULES / rule.area / f"{rule.id.replace('-', '_')}.py"


every_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda r: r.id)


def test_there_are_rules() -> None:
    assert len(all_rules()) > 60
    modules = {p for p in RULES.glob("*/*.py") if "rule = Rule(" in p.read_text(encoding="utf-8")}
    assert {source_of(rule) for rule in all_rules()} == modules


@every_rule
def test_module(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)
    text = source_of(rule).read_text(encoding="utf-8")
    assert "TODO" not in text
    assert len(text.splitlines()) <= MOST_LINES
    assert callable(rule.looks_at)


@every_rule
def test_page(rule: Rule) -> None:
    found = [line for line in rule.page.splitlines() if line.startswith("#")]
    assert found == HEADINGS
    assert not rule.page.startswith("#"), "the first line says what is wrong, in one sentence"
    assert rule.title
    assert not rule.title.endswith(".")


@every_rule
def test_has_a_case_that_fires_and_one_that_is_quiet(rule: Rule) -> None:
    for kind in ("fires", "quiet"):
        assert cases_of(rule, kind), f"tests/rules/{rule.id}/ has no {kind} case: scripts/new_case makes one"


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_case_is_well_formed(case: Case) -> None:
    assert case.rule_id in {r.id for r in all_rules()}
    assert case.origin.startswith(("recorded on Kubernetes ", "composed from ")), "its first line names its origin"
    assert case.path.name.startswith(("fires", "quiet"))
    assert bool(case.data["expect"]) == case.fires
    assert "TODO" not in case.path.read_text(encoding="utf-8")


def test_origins(capsys: pytest.CaptureFixture[str]) -> None:
    cases = all_cases()
    recorded = [c for c in cases if c.origin.startswith("recorded")]
    with capsys.disabled():
        print(f"\ncases: {len(recorded)} recorded on a cluster, {len(cases) - len(recorded)} composed")
    assert len(recorded) > len(cases) - len(recorded)


def test_explains_leads_to_symptoms_and_never_in_a_circle() -> None:
    symptoms = {r.id for r in all_rules() if r.symptom}
    graph = {r.id: set(r.explains) for r in all_rules()}
    for rule, explained in graph.items():
        assert explained <= symptoms, f"{rule} explains what is no symptom: {explained - symptoms}"
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_rules_are_small() -> None:
    assert statistics.median(len(source_of(r).read_text(encoding="utf-8").splitlines()) for r in all_rules()) <= MEDIAN_LINES


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr
