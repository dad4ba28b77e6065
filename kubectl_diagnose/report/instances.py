"""How many objects show a finding, which, and since when."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.findings import Finding
from kubectl_diagnose.model import Ref
from kubectl_diagnose.relations import itself, owner, pods_of
from kubectl_diagnose.snapshot import Snapshot

_EXAMPLES = 3


class Instances(NamedTuple):
    """``affected`` of ``total`` objects, some by name, and when it began."""

    affected: int
    total: int
    examples: tuple[Ref, ...]
    since: datetime | None


def of_problem(problem: Problem) -> Instances:
    """Return how many objects show the cause of a problem."""
    affected = problem.instances
    since = _earliest((problem.cause, *problem.findings))
    return Instances(len(affected), max(problem.total, len(affected)), affected[:_EXAMPLES], since)


def symptoms_of(problem: Problem, snapshot: Snapshot) -> Iterator[tuple[Finding, Instances]]:
    """Yield the symptoms of a problem, those of replicas folded into one, with how many objects show each."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for symptom in problem.symptoms:
        top = owner(snapshot, symptom.subject)
        groups.setdefault((symptom.rule.id, top, symptom.container, symptom.key), []).append(symptom)
    for findings in groups.values():
        yield findings[0], _of_findings(findings, snapshot)


def _of_findings(findings: list[Finding], snapshot: Snapshot) -> Instances:
    affected = tuple(dict.fromkeys(ref for f in findings for ref in itself(snapshot, f.subject)))
    subject = findings[0].subject
    total = len(pods_of(snapshot, owner(snapshot, subject))) if subject.kind == "Pod" else 1
    return Instances(len(affected), max(total, len(affected)), affected[:_EXAMPLES], _earliest(findings))


def _earliest(findings: tuple[Finding, ...] | list[Finding]) -> datetime | None:
    return min((f.since for f in findings if f.since is not None), default=None)
