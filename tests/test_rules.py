"""
Every case of every rule: it finds what the case expects, quotes truly, and changes nothing.

``UPDATE=1 pytest tests/test_rules.py`` writes the expectations anew: read the difference before committing it.
"""

import copy
import os
from typing import Any

import pytest
import yaml

from kubectl_diagnose.model import Evidence
from kubectl_diagnose.rules import rule_named
from tests.cases import Case, all_cases, expectation, findings_of, namespace_of, run_rule, snapshot_of, target_of


def rewrite(case: Case, found: list[dict[str, Any]]) -> None:
    """Write what was found in place of what was expected; the test fails once more."""
    before, _, _ = case.path.read_text(encoding="utf-8").rpartition("\nexpect:")
    dumped = yaml.safe_dump({"expect": found}, sort_keys=False, width=120, allow_unicode=True)
    case.path.write_text(f"{before}\n{dumped}", encoding="utf-8")


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_case(case: Case) -> None:
    rule = rule_named(case.rule_id)
    assert rule is not None, f"there is no rule {case.rule_id}"
    snapshot, findings = findings_of(rule, case.data)
    found = [expectation(f) for f in findings]
    if os.environ.get("UPDATE") and found != case.data["expect"]:
        rewrite(case, found)
    assert found == case.data["expect"]
    for finding in findings:
        for proof in finding.evidence:
            if isinstance(proof, Evidence):
                assert snapshot.read(proof) == proof.value, f"{proof.path} of {proof.source} is misquoted"


@pytest.mark.parametrize("case", [c for c in all_cases() if c.fires], ids=str)
def test_input_is_left_alone(case: Case) -> None:
    rule = rule_named(case.rule_id)
    assert rule is not None
    data = copy.deepcopy(case.data)
    snapshot, target = snapshot_of(data), target_of(data.get("target") or "", namespace_of(data))
    first = [expectation(f) for f in run_rule(rule, snapshot, target)]
    assert data == case.data, "the rule changed an object that others will read"
    assert [expectation(f) for f in run_rule(rule, snapshot, target)] == first
