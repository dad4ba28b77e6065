"""Every rule that can verify a patch refuses one with a wrong value; silence of a rule proves nothing."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_diagnose.causes import Problem, Rank
from kubectl_diagnose.findings import Basis, Finding, Fix, Repair, TemplateEdit
from kubectl_diagnose.fixes import propose
from kubectl_diagnose.relations import owner
from kubectl_diagnose.rules import Rule, all_rules
from kubectl_diagnose.snapshot import Snapshot, Target
from tests.cases import FOLDER, Case, findings_of, run_rule
from tests.readings.pods import failed, get, pod
from tests.readings.pods import snapshot as snapshot_with

PROVING = [rule for rule in all_rules() if rule.can_prove]
WRONG: dict[str, Any] = {"port": 9999, "path": "/no-such-path"}
OTHER_SCHEME = {"HTTP": "HTTPS", "HTTPS": "HTTP"}
SHARED_KEYS = {"name"}
COMPOSED = {  # what the recorded cases do not show: a value that a passing liveness probe proves
    "probe-named-port-missing": snapshot_with(
        pod({"readinessProbe": get("http"), "livenessProbe": get(8080)}), failed("readiness", "port http not found")
    ),
    "probe-command-missing": snapshot_with(
        pod(
            {"readinessProbe": {"exec": {"command": ["curl", "http://localhost:8080/ok"]}}, "livenessProbe": get(8080, "/ok")}
        ),
        failed("readiness", 'exec: "curl": executable file not found in $PATH: unknown'),
    ),
}
every_proving_rule = pytest.mark.parametrize("rule", PROVING, ids=lambda r: r.id)

Found = tuple[Snapshot, Finding, Fix]


def fixes_of(rule: Rule) -> list[Found]:
    """The fixes of its cases that edit the pod template with a value said to be proven."""
    cases = [Case(path) for path in sorted((FOLDER / rule.id).glob("fires*.yaml"))]
    known = [findings_of(rule, case.data) for case in cases]
    if rule.id in COMPOSED:
        known.append((COMPOSED[rule.id], list(run_rule(rule, COMPOSED[rule.id], Target()))))
    found = [(snapshot, f) for snapshot, findings in known for f in findings]
    edits = [(snapshot, f, fix) for snapshot, f in found for fix in f.fixes if isinstance(fix.change, TemplateEdit)]
    return [e for e in edits if e[2].basis is Basis.PROVEN]


def repaired(snapshot: Snapshot, finding: Finding, fix: Fix, edit: Any) -> Repair:
    """Propose a fix with another edit."""
    changed = Fix(fix.title, TemplateEdit(edit), fix.safety, Basis.PROVEN, fix.value_from)
    ref = finding.subject
    rank = Rank(False, 0, False, 0, 8, False, -1, finding.rule.id, ref)
    single = Finding(
        finding.rule,
        ref,
        finding.message,
        finding.severity,
        finding.confidence,
        finding.evidence,
        container=finding.container,
        key=finding.key,
        fixes=(changed,),
    )
    problem = Problem(single, owner(snapshot, ref), (single,), (), (ref,), 1, rank)
    return propose([problem], Target(), snapshot)[0].repairs[0]


def spoilt(edit: Any) -> Iterator[tuple[str, Any]]:
    """Yield copies of an edit with one value that is wrong, and which one."""
    for path in leaves(edit):
        changed = copy.deepcopy(edit)
        at = changed
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = wrong(path[-1], at[path[-1]])
        yield ".".join(map(str, path)), changed


def leaves(raw: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where the values are that a patch sets; names that lists are merged by and deletions are none."""
    entries = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else None
    if entries is None:
        if raw is not None and above[-1] not in SHARED_KEYS:
            yield above
        return
    for key, value in entries:
        yield from leaves(value, (*above, key))


def wrong(key: str, value: Any) -> Any:
    assert key in WRONG or key == "scheme", f"say here what a wrong {key!r} is"
    return OTHER_SCHEME[value] if key == "scheme" else WRONG[key]


def test_some_rules_can_prove() -> None:
    assert {"probe-port-wrong", "probe-path-not-found", "probe-scheme-wrong"} <= {rule.id for rule in PROVING}


@every_proving_rule
def test_its_own_fix_is_verified(rule: Rule) -> None:
    found = fixes_of(rule)
    assert found, "no case of it has a fix with a proven value"
    verified = [
        repaired(*each, each[2].change.pod_spec).verified for each in found if isinstance(each[2].change, TemplateEdit)
    ]
    assert "simulated" in verified


@every_proving_rule
def test_a_wrong_value_is_not(rule: Rule) -> None:
    for snapshot, finding, fix in fixes_of(rule):
        assert isinstance(fix.change, TemplateEdit)
        changes = list(spoilt(fix.change.pod_spec))
        assert changes
        for what, edit in changes:
            assert repaired(snapshot, finding, fix, edit).verified == "no", f"a wrong {what} counts as verified"


@every_proving_rule
def test_taking_the_probe_away_is_not(rule: Rule) -> None:
    for snapshot, finding, fix in fixes_of(rule):
        gone = {"containers": [{"name": finding.container, f"{finding.key}Probe": None}]}
        assert repaired(snapshot, finding, fix, gone).verified == "no"
