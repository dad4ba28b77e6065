"""From what a rule wants to a command that applies: retarget to the owner, warn, verify."""

from collections.abc import Iterable

from msgspec.structs import replace

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.findings import Repair
from kubectl_diagnose.fixes.combine import combined
from kubectl_diagnose.fixes.commands import Commands
from kubectl_diagnose.fixes.making import Maker
from kubectl_diagnose.snapshot import Snapshot, Target


def propose(problems: Iterable[Problem], target: Target, snapshot: Snapshot) -> tuple[Problem, ...]:
    """Return the problems with their repairs: first the one that repairs several at once, then each fix in its order."""
    maker = Maker(snapshot, Commands(target.flags))
    problems = tuple(problems)
    together = combined(problems, maker)
    return tuple(_with_repairs(problem, together.get(problem), maker) for problem in problems)


def _with_repairs(problem: Problem, together: Repair | None, maker: Maker) -> Problem:
    repairs = [together] if together else []
    for finding in dict.fromkeys((problem.cause, *problem.findings)):
        for fix in finding.fixes:
            repairs.append(maker.make(fix, problem, (finding,)))
    return replace(problem, repairs=tuple(_distinct(repairs)))


def _distinct(repairs: Iterable[Repair]) -> Iterable[Repair]:
    """One repair of each command, and one manual repair of each title."""
    seen: set[tuple[str, str]] = set()
    for repair in repairs:
        mark = ("command", repair.command) if repair.command else ("title", repair.title)
        if mark not in seen:
            seen.add(mark)
            yield repair
