"""One patch for all problems of one owner that a safe edit of its template repairs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.findings import Basis, Confidence, Fix, Repair, Safety, TemplateEdit
from kubectl_diagnose.fixes import strategic
from kubectl_diagnose.fixes.making import Maker
from kubectl_diagnose.fixes.refused import RefusedError
from kubectl_diagnose.fixes.retarget import place_of, plan
from kubectl_diagnose.fixes.verify import holds
from kubectl_diagnose.model import Ref

_ROUNDS = 3
_WEAKEST = (Basis.DEFAULT, Basis.BOUNDED, Basis.PROVEN)
_AT = ("spec",)


class Part(Struct, frozen=True, eq=False):
    """A problem with the fix that a combined patch takes for it."""

    problem: Problem
    fix: Fix

    @property
    def edit(self) -> Mapping[str, Any]:
        """What the fix does to the pod spec."""
        assert isinstance(self.fix.change, TemplateEdit)
        return self.fix.change.pod_spec


def combined(problems: Sequence[Problem], maker: Maker) -> dict[Problem, Repair]:
    """Return the repair that stands first on each problem that it repairs together with others."""
    found: dict[Problem, Repair] = {}
    for group in _groups(problems, maker):
        parts = _parts(group, maker)
        if len({id(part.problem) for part in parts}) > 1:
            repair = _repair(parts, maker)
            if repair.command:
                found.update((part.problem, repair) for part in parts)
    return found


def _groups(problems: Iterable[Problem], maker: Maker) -> Iterable[list[Problem]]:
    groups: dict[Ref, list[Problem]] = {}
    for problem in problems:
        place = place_of(problem, maker.snapshot) if _choices(problem) else None
        if place is not None:
            groups.setdefault(place.ref, []).append(problem)
    return [group for group in groups.values() if len(group) > 1]


def _choices(problem: Problem) -> list[Fix]:
    """The fixes that may go into a combined patch: none where the best safe fix is of another sort, or it is a guess."""
    cause = problem.cause
    if cause.rule.hygiene or cause.confidence is Confidence.POSSIBLE or not cause.current:
        return []
    safe = [fix for fix in cause.fixes if fix.safety is Safety.SAFE and fix.change is not None]
    return [f for f in safe if isinstance(f.change, TemplateEdit)] if safe and isinstance(safe[0].change, TemplateEdit) else []


def _parts(group: list[Problem], maker: Maker) -> list[Part]:
    """Take the first fix of each problem, and where that is not proven to hold beside the others the next, three times."""
    turn = dict.fromkeys(group, 0)
    best: list[Part] = []
    for _ in range(_ROUNDS):
        parts = _compatible([Part(p, _choices(p)[turn[p]]) for p in group], maker)
        best = best or parts
        failing = _failing(parts, maker)
        if not failing:
            return parts
        again = [p for p in failing if turn[p] + 1 < len(_choices(p))]
        if not again:
            break
        turn.update((p, turn[p] + 1) for p in again)
    return best


def _compatible(parts: list[Part], maker: Maker) -> list[Part]:
    """Leave out what contradicts a part before it, or cannot be made."""
    kept: list[Part] = []
    for part in parts:
        fits = not any(contradict(other.edit, part.edit, _AT) for other in kept)
        if fits and maker.make(part.fix, part.problem, ()).command:
            kept.append(part)
    return kept


def contradict(first: Any, second: Any, path: strategic.Path) -> bool:
    """Whether two patches set one field to different values."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return any(contradict(first[key], second[key], (*path, key)) for key in first.keys() & second.keys())
    key = strategic.merge_key(path)
    if not (key and isinstance(first, list) and isinstance(second, list)):
        return bool(first != second) and path[-1] != "tolerations"
    other = {item.get(key): item for item in second}
    return any(contradict(item, other[item.get(key)], path) for item in first if item.get(key) in other)


def merged(parts: Iterable[Part]) -> dict[str, Any]:
    """Return one edit of the pod spec for all parts; tolerations of all of them are kept."""
    edit: dict[str, Any] = {}
    for part in parts:
        both = [*edit.get("tolerations", []), *part.edit.get("tolerations", [])]
        edit = strategic.merge_patches(edit, dict(part.edit), _AT)
        if both:
            edit["tolerations"] = [t for n, t in enumerate(both) if t not in both[:n]]
    return edit


def _failing(parts: list[Part], maker: Maker) -> list[Problem]:
    """The problems that the facts do not prove to be repaired by all parts together, of those that can be proven."""
    if not parts:
        return []
    place = place_of(parts[0].problem, maker.snapshot)
    assert place is not None
    try:
        result = plan(place, merged(parts), maker.snapshot).result
    except RefusedError:
        return []
    provable = [p for p in parts if p.problem.cause.rule.can_prove and p.fix.basis is Basis.PROVEN]
    return [p.problem for p in provable if not holds(p.problem.cause, place, result, maker.snapshot)]


def _repair(parts: list[Part], maker: Maker) -> Repair:
    basis = min((part.fix.basis for part in parts), key=_WEAKEST.index)
    sources = dict.fromkeys(part.fix.value_from for part in parts if part.fix.value_from)
    warnings = tuple(dict.fromkeys(w for part in parts for w in part.fix.warnings))
    fix = Fix(_title(parts, maker), TemplateEdit(merged(parts)), Safety.SAFE, basis, "; ".join(sources), warnings)
    return maker.make(fix, parts[0].problem, tuple(part.problem.cause for part in parts))


def _title(parts: list[Part], maker: Maker) -> str:
    causes = [part.problem.cause for part in parts]
    if len(causes) == 2 and all(c.rule.area == "probe" for c in causes) and len({(c.container, c.key) for c in causes}) == 2:
        return "Repair both probes"
    place = place_of(parts[0].problem, maker.snapshot)
    return f"Repair {len(parts)} problems of {place.ref if place else parts[0].problem.owner} at once"
