"""One problem as text: the sentence, how sure, where, the proof, what it explains, and the fix."""

from collections.abc import Iterator

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.findings import Confidence, Repair
from kubectl_diagnose.report import Report
from kubectl_diagnose.report.instances import of_problem
from kubectl_diagnose.report.layout import Line, prose, quoted
from kubectl_diagnose.report.proofs import proof_words
from kubectl_diagnose.report.quoting import kubectl
from kubectl_diagnose.report.wording import ago, counted, named
from kubectl_diagnose.snapshot import Snapshot

_MOST_PROOFS = 4
_MOST_LINES = 8
_INDENT = "   "
_STYLES = {"critical": "red", "high": "red", "medium": "yellow"}
_BASIS = {"proven": "proven", "bounded": "estimated", "default": "a usual value, not proven"}
_SAFETY = {"safe": "safe", "unsafe": "UNSAFE", "manual": "by hand"}
_VERIFIED = {"simulated": "checked by simulation", "server-dry-run": "checked by the server"}


def problem_lines(number: int, report: Report, snapshot: Snapshot, width: int) -> Iterator[Line]:
    """Yield the lines about one problem of a report, counted from 0."""
    problem = report.problems[number]
    lead = f"{number + 1}. "
    style = _STYLES.get(problem.cause.severity.name.lower(), "bold")
    yield from prose(problem.cause.message, width, " " * len(lead), lead, style=style)
    yield from prose(f"{_sure(problem)}. {where(problem, report)}", width, _INDENT, _INDENT)
    yield from _proofs(problem, snapshot, width)
    if problem.symptoms:
        ids = list(dict.fromkeys(symptom.rule.id for symptom in problem.symptoms))
        yield from prose(f"explains: {', '.join(ids)}", width, _INDENT, _INDENT)
    yield from _fixes(number, report, width)
    yield from _doubt(problem, report, width)


def _doubt(problem: Problem, report: Report, width: int) -> Iterator[Line]:
    """What would show that it is something else, where it is not certain."""
    cause = problem.cause
    if cause.refuted_by is None or cause.confidence is Confidence.CERTAIN:
        return
    yield from prose(f"it is something else if {cause.refuted_by.means}:", width, _INDENT, _INDENT)
    yield Line(kubectl(report.target, cause.subject.namespace, cause.refuted_by.words))


def _sure(problem: Problem) -> str:
    cause = problem.cause
    past = "" if cause.current else ", over now"
    return f"{cause.confidence.name.capitalize()}, severity {cause.severity.name.lower()}{past} ({cause.rule.id})"


def where(problem: Problem, report: Report) -> str:
    """Return ``Deployment/hello-server, container hello-server, 3 of 3 pods, since 4m``."""
    instances = of_problem(problem)
    parts = [named(problem.owner, report.target.namespace)]
    if problem.cause.container:
        parts.append(f"container {problem.cause.container}")
    if instances.examples and instances.examples[0].kind == "Pod" != problem.owner.kind:
        parts.append(f"{instances.affected} of {counted(instances.total, 'pod')}")
    if since := ago(instances.since, report.taken_at):
        parts.append(f"since {since}")
    return ", ".join(parts)


def _proofs(problem: Problem, snapshot: Snapshot, width: int) -> Iterator[Line]:
    proofs, indent, left = problem.cause.evidence, f"{_INDENT}  ", _MOST_LINES
    for number, proof in enumerate(proofs):
        lines = list(quoted(proof_words(proof, snapshot, problem.owner), width, indent))
        if number and (number >= _MOST_PROOFS or len(lines) > left):
            yield Line(f"{indent}and {len(proofs) - number} more (-o json)")
            return
        left -= len(lines)
        yield from lines


def _fixes(number: int, report: Report, width: int) -> Iterator[Line]:
    repairs = report.problems[number].repairs
    if not repairs:
        return
    first = repairs[0]
    same = _shown_before(first, report, number)
    if same is not None:
        yield from prose(
            f"fix: the command of problem {same + 1} repairs this too", width, _INDENT, _INDENT, style="green", upto=7
        )
        return
    yield from fix_lines(first, width)
    yield from _others(repairs[1:], width, show=number == 0)


def _shown_before(repair: Repair, report: Report, number: int) -> int | None:
    """The problem whose first fix is the same command, None where there is none."""
    if repair.command is None:
        return None
    for before, problem in enumerate(report.problems[:number]):
        if problem.repairs and problem.repairs[0].command == repair.command:
            return before
    return None


def fix_lines(repair: Repair, width: int, word: str = "fix") -> Iterator[Line]:
    """Yield a fix: title, where its value comes from, how safe; each command alone on an unwrapped line."""
    yield from prose(
        f"{word}: {repair.title} [{_terms(repair)}]", width, _INDENT, _INDENT, style="green", upto=3 + len(word) + 1
    )
    for warning in repair.warnings:
        yield from prose(f"warning: {warning}", width, _INDENT, _INDENT, style="yellow", upto=11)
    if repair.command:
        yield Line(repair.command, "bold")
    for label, command in (("check", repair.check), ("undo", repair.undo)):
        if command and repair.command:
            yield Line(f"{_INDENT}{label}:")
            yield Line(command)


def _terms(repair: Repair) -> str:
    terms = [_SAFETY[repair.safety.value]]
    if repair.command:
        source = f": {repair.value_from}" if repair.value_from else ""
        terms.append(f"{_BASIS[repair.basis.value]}{source}")
    if repair.verified in _VERIFIED:
        terms.append(_VERIFIED[repair.verified])
    return "; ".join(terms)


def _others(repairs: tuple[Repair, ...], width: int, show: bool) -> Iterator[Line]:
    """The second fix in short for the first problem; the rest counted."""
    if show and repairs:
        other = repairs[0]
        yield from prose(f"or: {other.title} [{_terms(other)}]", width, _INDENT, _INDENT)
        if other.command:
            yield Line(other.command)
        repairs = repairs[1:]
    if repairs:
        yield Line(f"{_INDENT}{len(repairs)} more {'way' if len(repairs) == 1 else 'ways'} to repair it (-o json)")
