"""
The label selector that was asked for matches nothing.

## What you see
`No resources found`, though the program is known to run.

## Why it happens
The selector is misspelt, the label has another value, or the objects are in another namespace.

## How to fix it
Ask with the labels that are there.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, Kubectl, Safety, Severity
from kubectl_diagnose.model import Object, Pod, Ref, Workload, kind_of
from kubectl_diagnose.model.selector import Requirement, matches, parse_selector
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Absence, Snapshot, Target, nearest

rule = Rule(__name__, title="Selector matches nothing", severity=Severity.HIGH, stage="admission")


@rule.check
def check(target: Target, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for objects that carry the labels, then for labels that are nearly those."""
    if not target.selector or any(target.includes(o) for o in snapshot.resources.values()):
        return
    wanted = parse_selector(target.selector)
    if "Pod" in target.kinds and any(matches(wanted, w.template.labels) for w in _workloads(snapshot)):
        return
    kind = target.kinds[0] if target.kinds else "Pod"
    candidates = [o for o in snapshot.resources.values() if o.ref.kind == kind]
    near = _nearest_selector(wanted, candidates or list(snapshot.all(Pod)))
    ref = Ref(kind_of(Ref("", kind, "", "")).group, kind, target.namespace, target.selector)
    looked = Absence(ref, len(candidates), (near,) if near else ())
    example = next((o for o in candidates if near and matches(parse_selector(near), o.labels)), None)
    yield rule.finding(
        ref,
        f"no {kind.lower()} carries the labels {target.selector!r}" + (f"; {near!r} is there" if near else ""),
        looked,
        *((example.at("metadata.labels"),) if example else ()),
        confidence=Confidence.CERTAIN if snapshot.complete(kind, target.namespace) else Confidence.LIKELY,
        fix=_ask_again(kind, near, ref),
    )


def _workloads(snapshot: Snapshot) -> list[Workload]:
    return [o for o in snapshot.resources.values() if isinstance(o, Workload)]


def _nearest_selector(wanted: tuple[Requirement, ...], candidates: list[Object]) -> str:
    """Write the selector anew with labels that exist: each value, else each key, replaced by the nearest; '' if none is."""
    parts: list[str] = []
    for key, operator, values in wanted:
        known = {o.labels[key] for o in candidates if key in o.labels}
        keys = {k for o in candidates for k in o.labels}
        if operator != "in":
            return ""
        near = [v if v in known else next(iter(nearest(v, known, 1)), "") for v in values]
        if all(near):
            parts.append(f"{key}={near[0]}" if len(near) == 1 else f"{key} in ({','.join(near)})")
            continue
        other = next((k for k in nearest(key, keys) if any(o.labels.get(k) in values for o in candidates)), "")
        if not other:
            return ""
        parts.append(f"{other}={values[0]}")
    return ",".join(parts)


def _ask_again(kind: str, near: str, ref: Ref) -> Fix:
    if not near:
        return Fix("Ask with a label that is there", safety=Safety.MANUAL, value_from="see `kubectl get pods --show-labels`")
    words = ("diagnose", kind.lower(), "-l", near)
    return Fix(f"Ask for {near!r}", Kubectl(words, None), basis=Basis.BOUNDED, value_from="the nearest labels that exist")
