"""Sum a diagnosis up: verdicts, one sentence, what was looked at."""

from collections.abc import Iterable
from typing import Any

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.model import Ref
from kubectl_diagnose.relations import owner
from kubectl_diagnose.report import Report, Verdict, WorkloadState
from kubectl_diagnose.report.changes import changes
from kubectl_diagnose.report.facts_table import rows
from kubectl_diagnose.report.scope import looked_at, pods_in, workloads
from kubectl_diagnose.report.verdict import concerns, state_of, time_left, worst
from kubectl_diagnose.report.wording import counted, duration
from kubectl_diagnose.snapshot import Gap, Snapshot, Target

_AILING = (Verdict.BROKEN, Verdict.DEGRADED)
_VERSIONS = {"autoscaling": "v2"}
_IN_JOBS = ("Job", "CronJob")


def sum_up(
    target: Target,
    snapshot: Snapshot,
    problems: Iterable[Problem],
    advice: Iterable[Problem],
    gaps: tuple[Gap, ...],
) -> Report:
    """Return the report of a diagnosis, its problems in the order given."""
    problems, advice = tuple(problems), tuple(advice)
    refs = workloads(target, snapshot, problems)
    states = tuple(state_of(snapshot, ref, problems) for ref in refs)
    verdict = _overall(states, problems, snapshot, gaps)
    ailing = [state.ref for state in states if state.verdict in _AILING]
    return Report(
        target=target,
        taken_at=snapshot.taken_at,
        verdict=verdict,
        summary=_summary(verdict, states, problems, snapshot),
        workloads=states,
        problems=problems,
        advice=advice,
        gaps=gaps,
        rows=rows(snapshot, pods_in(snapshot, refs)),
        changes=tuple(_changes(snapshot, ailing)),
        looked_at=looked_at(target, snapshot, refs),
        api_versions=_api_versions(snapshot, (*problems, *advice)),
    )


def _changes(snapshot: Snapshot, ailing: list[Ref]) -> Iterable[dict[str, Any]]:
    for ref in ailing:
        workload = {"kind": ref.kind, "namespace": ref.namespace, "name": ref.name}
        yield from ({**change, "workload": workload} for change in changes(snapshot, ref))


def _overall(
    states: tuple[WorkloadState, ...], problems: tuple[Problem, ...], snapshot: Snapshot, gaps: tuple[Gap, ...]
) -> Verdict:
    verdicts = [state.verdict for state in states]
    for problem in problems:
        stops = problem.rank.impact == 0 and not problem.rank.past
        verdicts.append(Verdict.BROKEN if stops else Verdict.DEGRADED)
    nothing_there = bool(problems) and all(p.cause.subject not in snapshot.resources for p in problems)
    if not states and (nothing_there or (gaps and not snapshot.resources)):
        return Verdict.UNKNOWN
    found = worst(verdicts)
    # A rule that failed might have said something: nothing can be called healthy then.
    return Verdict.UNKNOWN if found is Verdict.HEALTHY and any(g.what.startswith("rule ") for g in gaps) else found


def _summary(verdict: Verdict, states: tuple[WorkloadState, ...], problems: tuple[Problem, ...], snapshot: Snapshot) -> str:
    if problems:
        return _of_problems(states, problems, snapshot)
    short = [state for state in states if state.ready < state.desired]
    if verdict is Verdict.WAITING:
        left = max((time_left(snapshot, state.ref) or 0 for state in short), default=0)
        return f"{_ready(short)}, still starting (may take up to {duration(left)} more)"
    if verdict in _AILING:
        return f"{_ready(short or list(states))}; why not all are well was not found"
    return "no problems found" if verdict is Verdict.HEALTHY else "too little could be seen to tell"


def _where(ref: Ref, states: tuple[WorkloadState, ...]) -> str:
    """A workload's name, with its namespace where those of others were looked at too."""
    return str(ref) if len({state.ref.namespace for state in states}) < 2 else f"{ref} in namespace {ref.namespace}"


def _of_problems(states: tuple[WorkloadState, ...], problems: tuple[Problem, ...], snapshot: Snapshot) -> str:
    first = problems[0]
    own = [state for state in states if concerns(snapshot, first, state.ref)]
    short = [state for state in own if state.ready < state.desired]
    lead = f"{_ready(short)}: " if short else ""
    if len(states) > 1 and own:
        ailing = sum(state.verdict in _AILING for state in states)
        count = f"{ailing} of {len(states)} workloads {'is' if ailing == 1 else 'are'} not well"
        lead = f"{count}; {_where(own[0].ref, states)}: {lead}"
    more = len(problems) - 1
    others = f" (and {counted(more, 'other problem')})" if more else ""
    return f"{lead}{first.cause.message}{others}"


def _ready(states: list[WorkloadState]) -> str:
    ready, desired = sum(s.ready for s in states), sum(s.desired for s in states)
    if states and all(state.ref.kind in _IN_JOBS for state in states):
        return f"{ready} of {counted(desired, 'run')} {'has' if desired == 1 else 'have'} succeeded"
    return f"{ready} of {counted(desired, 'pod')} {'is' if desired == 1 else 'are'} ready"


def _api_versions(snapshot: Snapshot, problems: tuple[Problem, ...]) -> tuple[tuple[Ref, str], ...]:
    refs = {problem.owner for problem in problems}
    refs |= {owner(snapshot, symptom.subject) for problem in problems for symptom in problem.symptoms}
    return tuple((ref, api_version(snapshot, ref)) for ref in sorted(refs))


def api_version(snapshot: Snapshot, ref: Ref) -> str:
    """Return the API version of an object; of one that was not read, the usual one of its group."""
    resource = snapshot.get(ref)
    if resource is not None and resource.api_version:
        return resource.api_version
    for other in snapshot.resources.values():
        if other.controller is not None and other.controller.owner == ref:
            return other.controller.text("apiVersion")
    return f"{ref.group}/{_VERSIONS.get(ref.group, 'v1')}" if ref.group else "v1"


__all__ = ["api_version", "sum_up"]
