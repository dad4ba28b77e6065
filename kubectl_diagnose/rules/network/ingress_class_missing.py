"""
An Ingress names a class that does not exist.

## What you see
`ADDRESS` of the Ingress stays empty, no event says why, and the host answers 404 or not at all.

## Why it happens
The class is misspelt, or the controller that brings it is not installed in this cluster: each controller serves the
Ingresses of its own classes alone.

## How to fix it
Name a class that exists (`kubectl get ingressclass`), or install the controller.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Ingress, IngressClass
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, nearest

rule = Rule(__name__, title="Ingress class does not exist", severity=Severity.HIGH, needs=(IngressClass,))


@rule.check
def check(ingress: Ingress, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up the class that an Ingress names, unless a controller has given it an address."""
    name = ingress.text("spec.ingressClassName")
    named = IngressClass.named("", name)
    if not name or ingress.items("status.loadBalancer.ingress") or not snapshot.lacks(named):
        return
    yield rule.finding(
        ingress,
        f"ingress {ingress.name!r} names class {name!r}, which does not exist",
        ingress.at("spec.ingressClassName"),
        snapshot.absence(named),
        fix=_fix(ingress, name, [c.name for c in snapshot.all(IngressClass)]),
    )


def _fix(ingress: Ingress, name: str, there: list[str]) -> Fix:
    near = there if len(there) == 1 else list(nearest(name, there))
    if len(near) != 1:
        what = f"Install the controller of class {name!r}" if not there else "Name a class that exists"
        return Fix(what, safety=Safety.MANUAL)
    body, undo = ({"spec": {"ingressClassName": n}} for n in (near[0], name))
    why = f"{near[0]!r} is the only class {'that there is' if there == near else 'of nearly that name'}"
    return Fix(f"Use class {near[0]!r}", ObjectEdit(ingress.ref, "merge", body, undo), basis=Basis.BOUNDED, value_from=why)
