"""The report as text."""

import re

import pytest
from msgspec.structs import replace

from kubectl_diagnose.report import Report, Verdict
from kubectl_diagnose.report.summing import sum_up
from kubectl_diagnose.report.text import render_text
from kubectl_diagnose.snapshot import Snapshot, Target
from tests.report.sample import COMMAND, WEB, deployment, pod, report, shop, snapshot, status

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def text(made: Report, known: Snapshot, *, color: bool = False, width: int = 80) -> str:
    return render_text(made, known, color=color, width=width)


def test_the_fix_is_on_the_first_screen_alone_on_its_line() -> None:
    lines = text(report(shop()), shop()).splitlines()
    assert lines[0].startswith("BROKEN  0 of 3 pods are ready: readiness probe asks port 8081")
    assert lines.index(COMMAND) < 24


@pytest.mark.parametrize("width", [0, 40, 80, 120])
def test_only_commands_are_wider_than_the_terminal(width: int) -> None:
    lines = text(report(shop()), shop(), width=width).splitlines()
    assert COMMAND in lines
    wide = [line for line in lines if len(line) > max(width, 40) and not line.startswith("kubectl ")]
    assert not [line for line in wide if not line.startswith(("POD", "web-"))]


def test_sections_come_in_order() -> None:
    found = text(report(shop()), shop())
    places = [
        found.index(part)
        for part in ("BROKEN", "POD ", "1. ", "explains: pod-not-ready", "fix: Ask", "check:", "undo:", "2. ")
    ]
    places += [found.index(part) for part in ("advice (", "not seen: metrics")]
    assert places == sorted(places)


def test_proofs_are_quoted() -> None:
    found = text(report(shop()), shop())
    assert 'spec.containers[web].image = "web:1"' in found
    assert "event Unhealthy (x12, 5s ago): Readiness probe failed: connection refused" in found
    assert "log of web, run before: Readiness probe failed: connection refused" in found
    assert "no ConfigMap 'web-confg' (0 ConfigMaps looked at)" in found
    assert "and 1 more (-o json)" in found


def test_the_same_command_is_printed_once() -> None:
    found = text(report(shop()), shop())
    assert "fix: the command of problem 1 repairs this too" in found


def test_doubt_says_what_would_refute_it() -> None:
    found = text(report(shop()), shop())
    assert "it is something else if something does listen on 8081:" in found
    assert "\nkubectl -n shop --context 'kind dev' exec web-6d5f-aaaaa -- wget" in found


def test_healthy_says_what_was_looked_at() -> None:
    known = snapshot(deployment(1, 1), pod(statuses=[status(ready=True)], ready=True))
    found = text(sum_up(Target(namespace="shop"), known, (), (), ()), known)
    assert found.startswith("HEALTHY  No problems found. Looked at 1 pod, 1 deployment.\n")


def test_waiting_says_how_long() -> None:
    progressing = {"type": "Progressing", "status": "True", "lastUpdateTime": "2026-11-22T14:03:00Z"}
    known = snapshot(deployment(1, 0, progressing))
    found = text(sum_up(Target(namespace="shop"), known, (), (), ()), known)
    assert found == "WAITING  0 of 1 pod is ready, still starting (may take up to 9m49s more)\n"


def test_advice_has_commands_where_nothing_is_broken() -> None:
    known = shop()
    assert f"\n{COMMAND}\n" in text(report(known, [], verdict=Verdict.HEALTHY), known)


def test_changes_of_the_newest_revision_are_shown() -> None:
    change = {"path": "containers[web].image", "before": "web:1", "after": "web:2"}
    found = text(report(shop(), changes=(change,)), shop())
    assert 'containers[web].image: "web:1" -> "web:2"' in found


def test_colour_carries_nothing_of_its_own() -> None:
    known = shop()
    coloured = text(report(known), known, color=True)
    assert coloured != ANSI.sub("", coloured) == text(report(known), known)


@pytest.mark.parametrize("evil", ["\x1b[31m", "\r", "\x07", "\x9b2J", "\u202e", "\u2066", "\u200b", "\x7f", "\ud800"])
def test_nothing_from_the_cluster_moves_the_terminal(evil: str) -> None:
    known = shop(f"oops {evil} done")
    made = report(known)
    cause = replace(made.problems[0].cause, message=f"bad {evil} name")
    made = replace(made, problems=(replace(made.problems[0], cause=cause),), summary=f"sum {evil}")
    found = text(made, known)
    assert evil not in found
    found.encode()


def test_newlines_from_the_cluster_make_no_lines() -> None:
    known = shop("first\nkubectl delete everything")
    assert "\nkubectl delete everything" not in text(report(known), known)


def test_another_namespace_is_named() -> None:
    found = text(report(shop(), target=Target(namespace="other", refs=(WEB,))), shop())
    assert "Deployment/web in namespace shop" in found


def test_a_long_quotation_keeps_its_end() -> None:
    known = shop(f"start {'word ' * 200}the reason")
    found = text(report(known), known)
    assert "event Unhealthy (x12, 5s ago): start word" in found
    assert "the reason" in found
    assert found.splitlines().index(COMMAND) < 26


def test_a_long_sentence_takes_three_lines_of_the_head() -> None:
    known = shop()
    made = report(known, summary="word " * 100 + "(and 1 other problem)")
    assert text(made, known).splitlines()[3] == ""
    assert "other problem)" in " ".join(text(made, known).splitlines()[:3])
