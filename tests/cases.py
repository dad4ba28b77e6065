"""
Cases: a small snapshot in one YAML file and what one rule says about it.

The first line says where the objects come from: ``# origin: recorded on Kubernetes v…, scenario …`` or
``# origin: composed from …`` with the source that shows such objects.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from kubectl_diagnose.findings import Finding
from kubectl_diagnose.model import KINDS, Ref, ref_of
from kubectl_diagnose.model.view import parse_time
from kubectl_diagnose.rules import Rule, views
from kubectl_diagnose.snapshot import Snapshot, Target

FOLDER = Path(__file__).parent / "rules"
SHORT = {"po": "Pod", "deploy": "Deployment", "sts": "StatefulSet", "ds": "DaemonSet", "svc": "Service", "ing": "Ingress"}
SHORT |= {"pvc": "PersistentVolumeClaim", "no": "Node", "hpa": "HorizontalPodAutoscaler"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Case:
    """One case of one rule."""

    path: Path

    @property
    def rule_id(self) -> str:
        return self.path.parent.name

    @property
    def fires(self) -> bool:
        """Whether the rule has to find something in it."""
        return self.path.name.startswith("fires")

    @property
    def origin(self) -> str:
        """What its first line says about where it comes from, '' where it says nothing."""
        first = self.path.read_text(encoding="utf-8").partition("\n")[0]
        return first.removeprefix("# origin: ") if first.startswith("# origin: ") else ""

    @cached_property
    def data(self) -> dict[str, Any]:
        loaded = yaml.load(self.path.read_text(encoding="utf-8"), LOADER)
        assert isinstance(loaded, dict), f"{self.path} is not a mapping"
        return loaded

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.path.stem}"


def all_cases() -> list[Case]:
    """Return every case, ordered by rule and name."""
    return [Case(path) for path in sorted(FOLDER.glob("*/*.yaml"))]


def kind_named(word: str) -> str:
    """Return the kind as the API spells it, for what people type."""
    lower = word.lower()
    return SHORT.get(lower) or next((k.kind for k in KINDS if lower in (k.kind.lower(), k.plural)), word)


def target_of(text: str, namespace: str) -> Target:
    """Read ``pod -l app=x``, ``deploy/x`` or ``deploy x y``; '' is the whole namespace."""
    words = text.split()
    selector = words.pop(words.index("-l") + 1) if "-l" in words else ""
    words = [w for w in words if w != "-l"]
    if not words:
        return Target(namespace=namespace, selector=selector)
    pairs = [w.split("/", 1) for w in words if "/" in w] or [[words[0], name] for name in words[1:]]
    refs = tuple(_ref(kind_named(kind), namespace, name) for kind, name in pairs)
    kinds = tuple(dict.fromkeys(r.kind for r in refs)) or tuple(kind_named(w) for w in words[0].split(","))
    return Target(kinds=kinds, refs=refs, namespace=namespace, selector=selector)


def _ref(kind: str, namespace: str, name: str) -> Ref:
    known = next((k for k in KINDS if k.kind == kind), None)
    return known.named(namespace, name) if known else Ref("", kind, namespace, name)


def namespace_of(data: dict[str, Any]) -> str:
    """Return the namespace that most objects of a case are in."""
    names = [str(ref_of(o).namespace) for o in data.get("objects") or ()]
    names = [n for n in names if n]
    return max(names, key=names.count) if names else "default"


def snapshot_of(data: dict[str, Any]) -> Snapshot:
    """Build the snapshot that a case describes."""
    objects = data.get("objects") or []
    spaces = {ref.name: ref.namespace for ref in map(ref_of, objects) if ref.kind == "Pod"}
    logs = {
        (Ref("", "Pod", spaces.get(pod, namespace_of(data)), pod), container, which == "previous"): tuple(lines)
        for pod, containers in (data.get("logs") or {}).items()
        for container, runs in containers.items()
        for which, lines in runs.items()
    }
    taken_at = parse_time(data["takenAt"])
    assert taken_at is not None, "takenAt is not a time with a zone, in quotes"
    listed = frozenset((str(kind), str(namespace or "")) for kind, namespace in data.get("listed") or ())
    missing = frozenset(Ref(*map(str, item)) for item in data.get("missing") or ())
    return Snapshot.of(objects, taken_at, listed=listed, missing=missing, logs=logs)


def run_rule(rule: Rule, snapshot: Snapshot, target: Target) -> Iterator[Finding]:
    """Yield what one rule finds in a snapshot."""
    for view in views(snapshot, target)(rule.looks_at):
        yield from rule.run(view, snapshot, target)


def findings_of(rule: Rule, data: dict[str, Any]) -> tuple[Snapshot, list[Finding]]:
    """Run a rule over a copy of what a case describes; return the snapshot with the findings."""
    snapshot = snapshot_of(copy.deepcopy(data))
    target = target_of(data.get("target") or "", namespace_of(data))
    return snapshot, list(run_rule(rule, snapshot, target))


def expectation(finding: Finding) -> dict[str, Any]:
    """Return a finding as cases write it."""
    said = {
        "subject": f"{finding.subject.kind}/{finding.subject.name}",
        "container": finding.container,
        "key": finding.key,
        "message": finding.message,
        "confidence": finding.confidence.name.lower(),
    }
    return {name: value for name, value in said.items() if value is not None}
