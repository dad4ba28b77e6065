"""What a rule is, how rules are found, and how they are run over a snapshot."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any

from msgspec.structs import replace

from kubectl_diagnose.findings import Confidence, Finding, Fix, Proof, Severity
from kubectl_diagnose.model import Container, Evidence, Object, Pod, PodTemplate, Probe, Ref, View
from kubectl_diagnose.relations import Relation, outdated, representatives, templates
from kubectl_diagnose.snapshot import Gap, Snapshot, Target

Check = Callable[..., Iterable[Finding]]
Proves = Callable[..., bool]

STAGES = (
    "admission",
    "scheduling",
    "volume",
    "sandbox",
    "image",
    "create",
    "init",
    "run",
    "probe",
    "service",
    "rollout",
    "hygiene",
)
"""The order in which a pod comes to life; where nothing links two findings of a container the earlier is first."""

_STAGE_OF_AREA = {
    "admission": "admission",
    "quota": "admission",
    "scheduling": "scheduling",
    "storage": "volume",
    "node": "sandbox",
    "image": "image",
    "config": "create",
    "container": "run",
    "access": "run",
    "probe": "probe",
    "network": "service",
    "rollout": "rollout",
    "autoscaling": "rollout",
    "job": "rollout",
    "symptom": "rollout",
    "hygiene": "hygiene",
}


class Rule:
    """
    One diagnosis.

    ``explains`` maps a symptom's id to the relation from this rule's subject to the objects that show it.
    ``needs`` are the kinds without which it stays silent. ``stage`` overrides the area's.
    """

    def __init__(
        self,
        module: str,
        *,
        title: str,
        severity: Severity,
        needs: tuple[type[Object], ...] = (),
        explains: Mapping[str, Relation] | None = None,
        stage: str = "",
    ) -> None:
        *_, self.area, name = module.split(".")
        self.module = module
        self.id = name.replace("_", "-")
        self.title = title
        self.severity = severity
        self.needs = needs
        self.explains: Mapping[str, Relation] = explains or {}
        self.stage = stage or _STAGE_OF_AREA.get(self.area, "run")
        self._check: Check | None = None
        self._proves: Proves | None = None

    def __repr__(self) -> str:
        return f"<Rule {self.id}>"

    @property
    def symptom(self) -> bool:
        """Whether it names a consequence, which causes explain."""
        return self.area == "symptom"

    @property
    def hygiene(self) -> bool:
        """Whether it is advice about something that broke nothing."""
        return self.area == "hygiene"

    @cached_property
    def page(self) -> str:
        """Its documentation: the docstring of its module."""
        return (importlib.import_module(self.module).__doc__ or "").strip()

    def check(self, function: Check) -> Check:
        """Register the function that looks; the annotation of its first parameter says what it is shown."""
        self._check = function
        return function

    def proves(self, function: Proves) -> Proves:
        """Register the function that says whether the facts support a patched view: ``(view, facts) -> bool``."""
        self._proves = function
        return function

    @property
    def can_prove(self) -> bool:
        """Whether a fix of it can be verified by simulation."""
        return self._proves is not None

    def proven(self, view: View, facts: Any) -> bool:
        """Whether the facts support what a (patched) view says."""
        return self._proves is not None and self._proves(view, facts)

    @cached_property
    def looks_at(self) -> type:
        """What its check is shown: a resource, Pod, Container, Probe, PodTemplate, Target or Snapshot."""
        if self._check is None:
            raise TypeError(f"rule {self.id} has no check")
        return next(iter(self._check.__annotations__.values()))  # type: ignore[no-any-return]

    @cached_property
    def wants_target(self) -> bool:
        """Whether its check also takes the target."""
        return self._check is not None and "target" in self._check.__annotations__

    def run(self, view: Any, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
        """Yield what its check finds on one view."""
        assert self._check is not None
        extra = {"target": target} if self.wants_target and view is not target else {}
        yield from self._check(view, **extra) if view is snapshot else self._check(view, snapshot, **extra)

    def finding(
        self,
        subject: Ref | View,
        message: str,
        *evidence: Proof,
        confidence: Confidence = Confidence.CERTAIN,
        severity: Severity | None = None,
        fix: Fix | None = None,
        fixes: Iterable[Fix] = (),
        **more: Any,
    ) -> Finding:
        """Make a finding of this rule; a container or probe as subject also names the container."""
        if isinstance(subject, Probe):
            more.setdefault("key", subject.kind)
            subject = subject.container
        if isinstance(subject, Container):
            more.setdefault("container", subject.name)
        ref = subject if isinstance(subject, Ref) else subject.ref
        offered = ((fix,) if fix else ()) + tuple(fixes)
        return Finding(self, ref, message, severity or self.severity, confidence, evidence, fixes=offered, **more)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Import every rule module and return the rules, ordered by id."""
    found: list[Rule] = []
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        rule = getattr(importlib.import_module(module.name), "rule", None)
        if isinstance(rule, Rule) and rule.module == module.name:
            found.append(rule)
    return tuple(sorted(found, key=lambda r: r.id))


def rule_named(rule_id: str) -> Rule | None:
    """Return the rule of an id, or None."""
    return next((r for r in all_rules() if r.id == rule_id), None)


def accusable(snapshot: Snapshot) -> list[Pod]:
    """The pods that rules are shown: one of each group alike, without those that go and those of older revisions."""
    return [p for p in representatives(snapshot) if p.deleted is None and not outdated(snapshot, p)]


def views(snapshot: Snapshot, target: Target) -> Callable[[type], Iterable[Any]]:
    """Return a function from what a check looks at to the views to show it."""
    pods = accusable(snapshot)
    containers = [c for p in pods for c in p.all_containers]
    folded: dict[type, Iterable[Any]] = {
        Pod: pods,
        Container: containers,
        Probe: [probe for c in containers for probe in c.probes],
        PodTemplate: templates(snapshot),
        Snapshot: [snapshot],
        Target: [target],
    }

    def of(kind: type) -> Iterable[Any]:
        if kind in folded:
            return folded[kind]
        kinds: list[type[Object]] = [kind, *kind.__subclasses__()]
        return [resource for each in kinds for resource in snapshot.all(each)]

    return of


def run_rules(snapshot: Snapshot, target: Target, gaps: list[Gap] | None = None) -> Iterator[Finding]:
    """
    Yield the findings of every rule.

    A rule that raises becomes a gap where a list for gaps is given; otherwise the error is raised.
    """
    of = views(snapshot, target)
    for rule in all_rules():
        for view in of(rule.looks_at):
            try:
                yield from (_canonical(f) for f in rule.run(view, snapshot, target))
            except Exception as error:
                if gaps is None:
                    raise
                on = getattr(view, "ref", None) or f"the {type(view).__name__.lower()}"
                gaps.append(Gap(f"rule {rule.id}", f"it failed on {on}: {type(error).__name__}: {error}"))


def _canonical(finding: Finding) -> Finding:
    """Keep evidence in the order given, without repeats."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for proof in finding.evidence:
        mark = (proof.source, proof.path) if isinstance(proof, Evidence) else (proof.ref,)
        if mark not in seen:
            seen.add(mark)
            kept.append(proof)
    return finding if len(kept) == len(finding.evidence) else replace(finding, evidence=tuple(kept))


__all__ = ["STAGES", "Rule", "accusable", "all_rules", "rule_named", "run_rules", "views"]
