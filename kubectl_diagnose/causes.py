"""Link findings to the cause that explains them, and rank what remains."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from kubectl_diagnose.findings import Finding, Repair, Severity
from kubectl_diagnose.model import Evidence, Ingress, Pod, Ref, Service, Workload
from kubectl_diagnose.relations import itself, outdated, owner, pods_of, replica_sets
from kubectl_diagnose.relations.scope import scope
from kubectl_diagnose.rules import STAGES
from kubectl_diagnose.snapshot import Snapshot, Target


class Rank(NamedTuple):
    """Where a problem stands; compared field by field, smallest first."""

    past: bool
    """Whether it is over."""
    impact: int
    """0 nothing serves, 1 fewer serve than asked for, 2 nothing is lost yet."""
    consequence: bool
    """Whether it is a symptom that nothing explains."""
    doubt: int
    """0 certain, 1 likely, 2 possible."""
    stage: int
    """How far the pod came to life before it, an index into ``rules.STAGES``."""
    unchanged: bool
    """Whether the newest revision left alone what it is about."""
    spread: int
    """The number of instances affected, negative."""
    rule: str
    subject: Ref


class Problem(Struct, frozen=True, eq=False):
    """
    A root cause with what it explains.

    ``owner`` is the object to change (the owner that keeps the template); ``findings`` are those of the replicas that
    were folded into one, the cause first; ``instances`` the objects that show it, of ``total``.
    """

    cause: Finding
    owner: Ref
    findings: tuple[Finding, ...]
    symptoms: tuple[Finding, ...]
    instances: tuple[Ref, ...]
    total: int
    rank: Rank
    repairs: tuple[Repair, ...] = ()


def link(findings: list[Finding], snapshot: Snapshot) -> list[Problem]:
    """
    Fold replicas, and put every symptom under the best-ranked problem that explains it.

    A symptom that no cause explains may be explained by another symptom; one that nothing explains is a problem itself.
    """
    explained_by = _explanations(findings, snapshot)
    roots = [f for f in findings if not explained_by.get(f)]
    problems = sorted(_fold(roots, snapshot), key=lambda p: p.rank)
    place = {f: number for number, problem in enumerate(problems) for f in problem.findings}
    symptoms: dict[int, list[Finding]] = {}
    for finding in findings:
        if explained_by.get(finding):
            best = min(place[root] for root in _roots(finding, explained_by))
            symptoms.setdefault(best, []).append(finding)
    return [replace(p, symptoms=tuple(symptoms.get(number, ()))) for number, p in enumerate(problems)]


def _explanations(findings: list[Finding], snapshot: Snapshot) -> dict[Finding, list[Finding]]:
    """Map each symptom to the causes that explain it, to other symptoms where no cause does."""
    by_cause: dict[Finding, list[Finding]] = {}
    by_symptom: dict[Finding, list[Finding]] = {}
    symptoms: dict[tuple[str, Ref], list[Finding]] = {}
    for finding in findings:
        if finding.rule.symptom:
            symptoms.setdefault((finding.rule.id, finding.subject), []).append(finding)
    for cause in findings:
        found = by_symptom if cause.rule.symptom else by_cause
        for symptom in _explained(cause, symptoms, snapshot):
            found.setdefault(symptom, []).append(cause)
    return {**by_symptom, **by_cause}


def _explained(cause: Finding, symptoms: dict[tuple[str, Ref], list[Finding]], snapshot: Snapshot) -> Iterator[Finding]:
    if cause.rule.hygiene or cause.severity is Severity.LOW:
        return
    for symptom_id, relation in cause.rule.explains.items():
        if cause.explains is not None and symptom_id not in cause.explains:
            continue
        for ref in dict.fromkeys(relation(snapshot, cause.subject)):
            for symptom in symptoms.get((symptom_id, ref), ()):
                if cause.container is None or symptom.container in (None, cause.container):
                    yield symptom


def _roots(finding: Finding, explained_by: dict[Finding, list[Finding]]) -> Iterator[Finding]:
    causes = explained_by.get(finding)
    if not causes:
        yield finding
    for cause in causes or ():
        yield from _roots(cause, explained_by)


def _fold(roots: Iterable[Finding], snapshot: Snapshot) -> Iterator[Problem]:
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in roots:
        top = owner(snapshot, finding.subject)
        groups.setdefault((finding.rule.id, top, finding.container, finding.key), []).append(finding)
    for findings in groups.values():
        findings.sort(key=lambda f: (not f.current, -f.confidence, f.subject))
        yield _problem(tuple(findings), snapshot)


def _problem(findings: tuple[Finding, ...], snapshot: Snapshot) -> Problem:
    cause = findings[0]
    top = owner(snapshot, cause.subject)
    instances = tuple(dict.fromkeys(ref for f in findings for ref in itself(snapshot, f.subject)))
    peers = [p for p in (snapshot.get(ref) for ref in pods_of(snapshot, top)) if isinstance(p, Pod)]
    total = sum(not outdated(snapshot, p) and p.deleted is None for p in peers) if cause.subject.kind == "Pod" else 1
    rank = Rank(
        past=not cause.current,
        impact=_impact(snapshot, top, peers),
        consequence=cause.rule.symptom,
        doubt=3 - cause.confidence,
        stage=STAGES.index(cause.rule.stage),
        unchanged=not _changed(cause, top, snapshot),
        spread=-len(instances),
        rule=cause.rule.id,
        subject=top,
    )
    return Problem(cause, top, findings, (), instances, max(total, len(instances)), rank)


def _impact(snapshot: Snapshot, top: Ref, pods: list[Pod]) -> int:
    """How much is lost of the workload, or of what a Service sends to."""
    resource = snapshot.get(top)
    if isinstance(resource, Service | Ingress):
        return 0
    ready = sum(p.ready for p in pods)
    wanted = resource.replicas if isinstance(resource, Workload) else len(pods)
    if not pods and not isinstance(resource, Workload):
        return 1
    return 0 if ready == 0 else 1 if ready < wanted else 2


def _changed(finding: Finding, top: Ref, snapshot: Snapshot) -> bool:
    """Whether a field that the finding quotes differs between the newest revision and the one before."""
    sets = replica_sets(snapshot, top)
    if len(sets) < 2:
        return False
    newest, before = sets[0], sets[1]
    quoted = [e.path for e in finding.evidence if isinstance(e, Evidence) and e.path.startswith("spec.")]
    paths = [path if path.startswith("spec.template.") else f"spec.template.{path}" for path in quoted]
    return any(newest.value(path) != before.value(path) for path in paths)


def rank(problems: list[Problem], target: Target, snapshot: Snapshot) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the problems of a target, worst first, and the advice about it: what broke nothing."""
    reach = scope(target, snapshot)
    mine = sorted((p for p in problems if _concerns(p, target, reach)), key=lambda p: p.rank)
    broke = tuple(p for p in mine if not _advice(p))
    return broke, tuple(p for p in mine if _advice(p))


def _advice(problem: Problem) -> bool:
    return problem.cause.rule.hygiene or problem.cause.severity is Severity.LOW


def _concerns(problem: Problem, target: Target, reach: frozenset[Ref] | None) -> bool:
    """Whether a problem is about the target; about all of a namespace where no single object was asked for."""
    refs = {problem.owner, *(f.subject for f in (*problem.findings, *problem.symptoms))}
    if problem.cause.rule.id == "selector-matches-nothing":
        return True
    if reach is None:
        return target.all_namespaces or any(r.namespace in ("", target.namespace) for r in refs)
    return not reach.isdisjoint(refs)
