"""The report as JSON."""

import json
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from kubectl_diagnose.report import Report
from kubectl_diagnose.report.json import render_json
from kubectl_diagnose.report.schema import schema
from kubectl_diagnose.snapshot import Snapshot
from tests.report.sample import COMMAND, TARGET, problem, repair, report, shop, snapshot

VALIDATOR = jsonschema.Draft202012Validator(schema())


def document(made: Report, known: Snapshot) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_json(made, known))
    VALIDATOR.validate(found)
    return found


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_a_whole_report() -> None:
    found = document(report(shop()), shop())
    order = "schemaVersion tool target takenAt verdict summary workloads changes problems advice gaps"
    assert " ".join(list(found)[:11]) == order
    assert found["target"]["context"] == "kind dev"
    assert found["workloads"][0] | {"since": None} == {
        "kind": "Deployment", "namespace": "shop", "name": "web", "verdict": "broken", "since": None, "ready": 0, "desired": 3
    }  # fmt: skip


def test_a_cause() -> None:
    cause = document(report(shop()), shop())["problems"][0]["cause"]
    assert cause["subject"] == {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web"}
    assert (cause["severity"], cause["confidence"], cause["container"], cause["current"]) == ("high", "likely", "web", True)
    assert cause["instances"] == {"affected": 1, "total": 3, "examples": [{"kind": "Pod", "name": "web-6d5f-aaaaa"}]}
    assert cause["whyFirst"] == "current; nothing serves; certain; in the newest change; probe"
    assert cause["refutedBy"]["command"].startswith("kubectl -n shop --context 'kind dev' exec web-6d5f-aaaaa --")
    assert cause["evidence"][3]["absent"] == {"kind": "ConfigMap", "namespace": "shop", "name": "web-confg"}
    assert cause["evidence"][4]["value"] is None


def test_symptoms_of_replicas_are_folded() -> None:
    (symptom,) = document(report(shop()), shop())["problems"][0]["symptoms"]
    assert symptom["rule"] == "pod-not-ready"
    assert symptom["subject"]["kind"] == "Deployment"
    assert symptom["instances"]["affected"] == symptom["instances"]["total"] == 3


def test_a_fix() -> None:
    (fix,) = document(report(shop()), shop())["problems"][0]["fixes"]
    assert (fix["safety"], fix["basis"], fix["type"], fix["verified"]) == ("safe", "proven", "strategic", "simulated")
    assert fix["command"] == fix["undo"] == COMMAND
    assert fix["warnings"] == ["Helm will revert this"]


def test_a_fix_by_hand_has_no_command() -> None:
    known = shop()
    manual = repair(command=None, type=None, patch=None, target=None)
    first = problem(report(known).problems[0].cause, manual)
    (fix,) = document(report(known, [first]), known)["problems"][0]["fixes"]
    assert fix["command"] is None
    assert fix["target"] is None


def test_advice_carries_fixes() -> None:
    (advice,) = document(report(shop()), shop())["advice"]
    assert advice["rule"] == "security-context-missing"
    assert advice["fixes"][0]["title"] == "Ask port 8080"


def test_nothing_known_is_valid_too() -> None:
    known = snapshot()
    found = document(report(known, [], gaps=(), advice=()), known)
    assert (found["verdict"], found["problems"]) == ("unknown", [])


def test_a_cluster_wide_target_has_no_namespace() -> None:
    made = report(shop(), target=replace(TARGET, namespace="", context="", all_namespaces=True))
    assert document(made, shop())["target"]["namespace"] is None


@pytest.mark.parametrize("evil", ["\x1b[31m", "\r", "\x9b2J", "\u202e", "\ud800"])
def test_nothing_that_a_terminal_obeys(evil: str) -> None:
    known = shop(f"oops {evil} done")
    text = render_json(report(known), known)
    assert evil not in text
    text.encode()
    assert json.loads(text)["problems"][0]["cause"]["evidence"][1]["value"] == f"oops {evil} done"


def test_very_long_values_are_cut() -> None:
    known = shop("x" * 5000)
    assert len(document(report(known), known)["problems"][0]["cause"]["evidence"][1]["value"]) == 2000
