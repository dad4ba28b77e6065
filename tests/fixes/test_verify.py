"""Simulation: only what the facts support counts as verified."""

from typing import Any

import pytest

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.findings import Basis, Fix, Repair
from kubectl_diagnose.fixes import propose
from kubectl_diagnose.model import Probe
from kubectl_diagnose.snapshot import Target
from tests.fixes.building import Raw, edit, pod, probe_edit, problem, rule, snapshot, workload

OWNER = workload("Deployment")
KNOWN = snapshot(OWNER, pod(owned_by=OWNER))


def listens_on_8080(probe: Probe, facts: Any) -> bool:
    return probe.port == 8080


RULE = rule(proves=listens_on_8080)


def proposed(*problems: Problem) -> list[tuple[Repair, ...]]:
    return [p.repairs for p in propose(problems, Target(), KNOWN)]


def first(fix: Fix, **more: Any) -> Repair:
    return proposed(problem(KNOWN, pod(owned_by=OWNER), fix, **{"by": RULE, **more}))[0][0]


def test_a_proven_value_is_simulated() -> None:
    assert first(probe_edit("readiness", 8080)).verified == "simulated"


@pytest.mark.parametrize("port", [8081, 9999])
def test_a_wrong_value_fails(port: int) -> None:
    assert first(probe_edit("readiness", port)).verified == "no"


@pytest.mark.parametrize("basis", [Basis.BOUNDED, Basis.DEFAULT])
def test_what_is_not_proven_stays_unverified(basis: Basis) -> None:
    assert first(probe_edit("readiness", 8080, basis)).verified == "no"


def test_a_probe_that_vanished_proves_nothing() -> None:
    gone = edit({"containers": [{"name": "api", "readinessProbe": None}]})
    assert first(gone).verified == "no"


def test_a_rule_that_cannot_prove_verifies_nothing() -> None:
    assert first(probe_edit("readiness", 8080), by=rule()).verified == "no"


def both(*edits: Fix, **more: Any) -> list[tuple[Repair, ...]]:
    one = pod(owned_by=OWNER)
    return proposed(
        *(problem(KNOWN, one, fix, by=RULE, key=key) for fix, key in zip(edits, ("readiness", "liveness"), strict=False))
    )


def test_both_probes_are_repaired_by_one_patch_that_stands_first() -> None:
    readiness, liveness = both(probe_edit("readiness", 8080), probe_edit("liveness", 8080))
    assert readiness[0].title == "Repair both probes"
    assert readiness[0] is liveness[0]
    assert readiness[0].verified == "simulated"
    containers = readiness[0].patch["spec"]["template"]["spec"]["containers"]
    ask = {"httpGet": {"port": 8080}}
    assert containers == [{"name": "api", "readinessProbe": ask, "livenessProbe": ask}]
    assert [len(r) for r in (readiness, liveness)] == [2, 2]


def test_one_wrong_part_spoils_the_whole() -> None:
    readiness, _ = both(probe_edit("readiness", 8080), probe_edit("liveness", 9999))
    assert readiness[0].title == "Repair both probes"
    assert readiness[0].verified == "no"


def test_the_weakest_basis_counts() -> None:
    readiness, _ = both(probe_edit("readiness", 8080), probe_edit("liveness", 8080, Basis.DEFAULT))
    assert (readiness[0].basis, readiness[0].verified) == (Basis.DEFAULT, "no")


def test_the_next_fix_is_taken_where_the_first_does_not_hold() -> None:
    one = pod(owned_by=OWNER)
    wrong = problem(KNOWN, one, probe_edit("readiness", 9999), probe_edit("readiness", 8080), by=RULE)
    other = problem(KNOWN, one, probe_edit("liveness", 8080), by=RULE, key="liveness")
    repaired = proposed(wrong, other)[0][0]
    assert repaired.verified == "simulated"
    assert '"readinessProbe":{"httpGet":{"port":8080}}' in (repaired.command or "")


def test_contradicting_fixes_are_not_combined() -> None:
    readiness, again = both(probe_edit("readiness", 8080), probe_edit("readiness", 9999))
    assert [len(r) for r in (readiness, again)] == [1, 1]


def test_tolerations_of_all_parts_are_kept() -> None:
    edits = [edit({"tolerations": [{"key": key, "operator": "Exists"}]}) for key in ("a", "b")]
    repaired = both(*edits)[0][0]
    keys = [t["key"] for t in repaired.patch["spec"]["template"]["spec"]["tolerations"]]
    assert keys == ["a", "b"]


def test_unsafe_fixes_and_advice_stay_out() -> None:
    one = pod(owned_by=OWNER)
    advice = problem(KNOWN, one, probe_edit("liveness", 8080), by=rule("hygiene", "resources_missing"))
    broken = problem(KNOWN, one, probe_edit("readiness", 8080), by=RULE)
    assert [len(r) for r in proposed(broken, advice)] == [1, 1]


def test_problems_of_different_owners_are_not_combined() -> None:
    other: Raw = workload("Deployment", metadata={"name": "web"})
    known = snapshot(OWNER, other)
    found = propose([problem(known, o, probe_edit("readiness", 8080), by=RULE) for o in (OWNER, other)], Target(), known)
    assert [len(p.repairs) for p in found] == [1, 1]


def test_a_combined_title_counts_the_problems() -> None:
    one = pod(owned_by=OWNER)
    image = edit({"containers": [{"name": "api", "image": "example/api:2"}]})
    found = proposed(
        problem(KNOWN, one, probe_edit("readiness", 8080), by=RULE), problem(KNOWN, one, image, by=rule("image", "not_found"))
    )
    assert found[0][0].title == "Repair 2 problems of deployment/api at once"
