"""The line from a snapshot to a report."""

from kubectl_diagnose.causes import link, rank
from kubectl_diagnose.fixes import propose
from kubectl_diagnose.report import Report
from kubectl_diagnose.report.summing import sum_up
from kubectl_diagnose.rules import run_rules
from kubectl_diagnose.snapshot import Gap, Snapshot, Target


def diagnose(target: Target, snapshot: Snapshot) -> Report:
    """Find what is wrong with a target, root causes first."""
    gaps: list[Gap] = list(snapshot.gaps)
    findings = list(run_rules(snapshot, target, gaps))
    problems, advice = rank(link(findings, snapshot), target, snapshot)
    problems = propose(problems, target, snapshot)
    advice = propose(advice, target, snapshot)
    return sum_up(target, snapshot, problems, advice, tuple(gaps))
