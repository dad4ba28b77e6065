"""
The selector of a Service matches no pod.

## What you see
The Service has no endpoints although the pods run; nothing says so in any event.

## Why it happens
A label in the selector is misspelt, or the labels of the pods were changed.

## How to fix it
Set the selector to the labels of the pods. A key that is too many must be set to null in a patch.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, ObjectEdit, Proof, Safety, Severity
from kubectl_diagnose.model import Pod, PodTemplate, Service
from kubectl_diagnose.relations import templates
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, nearest

rule = Rule(__name__, title="Service selects no pod", severity=Severity.HIGH, needs=(Pod,))


@rule.check
def check(service: Service, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the selector with the labels of all pods and templates of the namespace."""
    if not service.selector or snapshot.selected(Pod, service.namespace, service.selector) != []:
        return
    here = [t for t in templates(snapshot) if t.ref.namespace == service.namespace and t.labels]
    if any(service.selector.items() <= t.labels.items() for t in here):
        return
    near = _nearest(service, here)
    shown: tuple[Proof, ...] = (near.at("metadata.labels"),) if near else ()
    has = f"; the pods of {near.ref} are labelled {_written(near.labels)}" if near else ""
    yield rule.finding(
        service,
        f"service {service.name!r} selects {_written(service.selector)}, which no pod carries{has}",
        service.at("spec.selector"),
        snapshot.absence(Pod.named(service.namespace, _written(service.selector))),
        *shown,
        confidence=Confidence.CERTAIN,
        fix=_follow(service, near),
    )


def _written(labels: dict[str, str]) -> str:
    return ",".join(f"{k}={v}" for k, v in sorted(labels.items()) if k != "pod-template-hash")


def _nearest(service: Service, templates: list[PodTemplate]) -> PodTemplate | None:
    """Return the template whose labels are most like the selector, in a key or a value; else the one of its own name."""

    def likeness(template: PodTemplate) -> tuple[int, ...]:
        same = sum(template.labels.get(k) == v for k, v in service.selector.items())
        nearly = sum(bool(nearest(v, [template.labels.get(k, "")], 1)) for k, v in service.selector.items())
        named = template.ref.name == service.name
        return same + nearly, same + (v_found(template) if not same + nearly else 0), named

    def v_found(template: PodTemplate) -> int:
        return sum(v in template.labels.values() for v in service.selector.values())

    ranked = sorted(((likeness(t), t.ref, t) for t in templates), key=lambda x: (x[0], x[1]), reverse=True)
    clear = ranked and sum(ranked[0][0]) > 0 and (len(ranked) == 1 or ranked[0][0] > ranked[1][0])
    return ranked[0][2] if clear else None


def _follow(service: Service, near: PodTemplate | None) -> Fix:
    if near is None:
        title = "Set the selector to the labels of the pods"
        return Fix(title, safety=Safety.MANUAL, value_from="no workload's labels are near")
    wanted = {k: v for k, v in near.labels.items() if k in service.selector or not set(service.selector) & set(near.labels)}
    patch = {"spec": {"selector": {**{k: None for k in service.selector if k not in wanted}, **wanted}}}
    undo = {"spec": {"selector": {**{k: None for k in wanted if k not in service.selector}, **service.selector}}}
    edit = ObjectEdit(service.ref, "strategic", patch, undo)
    return Fix(f"Select {_written(wanted)}", edit, basis=Basis.BOUNDED, value_from=f"the labels of the pods of {near.ref}")
