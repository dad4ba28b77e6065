"""The report as text, for someone tired in front of a terminal of 80 columns."""

from collections.abc import Iterator

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.report import Report, Verdict
from kubectl_diagnose.report.layout import Line, cut, measure, printed, prose
from kubectl_diagnose.report.proofs import shown
from kubectl_diagnose.report.text_problem import problem_lines
from kubectl_diagnose.report.text_table import table
from kubectl_diagnose.report.wording import named
from kubectl_diagnose.snapshot import Snapshot

_STYLES = {"broken": "red", "degraded": "yellow", "waiting": "cyan", "unknown": "yellow", "healthy": "green"}
_MOST_CHANGES = 3
_MOST_ADVICE = 6
_LONGEST_VALUE = 60


def prepare() -> None:
    """Import tabulate ahead of time: it takes as long as the rest of the printing."""
    import tabulate  # noqa: F401 - for text_table


def render_text(report: Report, snapshot: Snapshot, *, color: bool, width: int) -> str:
    """Return the report as text: verdict, facts, problems with their fixes, advice, gaps."""
    columns = measure(width)
    sections = [
        list(_headline(report, columns)),
        list(table(report.rows, width)) if width else [],
        list(_changes(report, columns)),
        *(list(problem_lines(number, report, snapshot, columns)) for number in range(len(report.problems))),
        list(_advice(report, columns)),
        list(_gaps(report, columns)),
    ]
    lines: list[Line] = []
    for section in filter(None, sections):
        lines += [Line(""), *section] if lines else section
    return printed(lines, color)


def _headline(report: Report, width: int) -> Iterator[Line]:
    verdict = report.verdict.value
    lead = f"{verdict.upper()}  "
    yield from prose(_sentence(report), width, " " * len(lead), lead, style=_STYLES[verdict], upto=len(verdict), most=3)


def _sentence(report: Report) -> str:
    if report.verdict is not Verdict.HEALTHY or report.problems:
        return report.summary
    seen = f" Looked at {', '.join(report.looked_at)}." if report.looked_at else ""
    return f"No problems found.{seen}"


def _changes(report: Report, width: int) -> Iterator[Line]:
    """What the newest revision changed: the first thing to suspect."""
    if not report.changes:
        return
    yield Line("changed by the newest revision:", "dim")
    for change in report.changes[:_MOST_CHANGES]:
        before, after = (_value(change.get(side)) for side in ("before", "after"))
        yield from prose(f"{change.get('path')}: {before} -> {after}", width, "    ", "  ")
    if len(report.changes) > _MOST_CHANGES:
        yield Line(f"  and {len(report.changes) - _MOST_CHANGES} more (-o json)")


def _value(value: object) -> str:
    return "not set" if value is None else cut(shown(value), _LONGEST_VALUE)


def _advice(report: Report, width: int) -> Iterator[Line]:
    """One line for each kind of advice; what it is about where that is several containers is counted."""
    groups: dict[str, list[Problem]] = {}
    for problem in report.advice:
        groups.setdefault(problem.cause.rule.id, []).append(problem)
    if groups:
        yield Line("advice (commands: -o json):" if _has_commands(report) else "advice:", "dim")
    for rule_id, problems in list(groups.items())[:_MOST_ADVICE]:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        place = named(problems[0].owner, report.target.namespace)
        yield from prose(f"{rule_id}: {place}: {problems[0].cause.message}{more}", width, "    ", "  ")
        if not report.problems:
            yield from _command(problems[0])
    if len(groups) > _MOST_ADVICE:
        yield Line(f"  and {len(groups) - _MOST_ADVICE} more kinds (-o json)")


def _has_commands(report: Report) -> bool:
    return bool(report.problems) and any(r.command for problem in report.advice for r in problem.repairs)


def _command(problem: Problem) -> Iterator[Line]:
    command = next((repair.command for repair in problem.repairs if repair.command), None)
    if command:
        yield Line(command)


def _gaps(report: Report, width: int) -> Iterator[Line]:
    """What was not seen, in one paragraph; what the same user may not read is named once."""
    groups: dict[str, list[str]] = {}
    for gap in report.gaps:
        who, refused, _ = gap.why.partition(" may not ")
        why = f"{who} may not read {'it' if len(report.gaps) == 1 else 'them'}" if refused else gap.why
        groups.setdefault(why, []).append(gap.what.removesuffix(f" in namespace {report.target.namespace}"))
    if groups:
        words = "; ".join(f"{', '.join(dict.fromkeys(names))} ({why})" for why, names in groups.items())
        yield from prose(f"not seen: {words}", width, "  ", "", style="dim", upto=9)
