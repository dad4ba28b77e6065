"""
An Ingress sends to a Service, or to a port of one, that does not exist.

## What you see
The ingress controller answers 503 or 404 for that path; the pods are well and see no request.

## Why it happens
The name or the port of the backend is misspelt, or the Service is in another namespace: an Ingress reaches those of its
own alone. The port is the Service's, not the container's.

## How to fix it
Name a Service and a port that exist.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from kubectl_diagnose.findings import Basis, Finding, Fix, ObjectEdit, Safety, Severity
from kubectl_diagnose.model import Ingress, Service
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, nearest

rule = Rule(__name__, title="Ingress sends to a Service that does not exist", severity=Severity.HIGH, needs=(Service,))


@rule.check
def check(ingress: Ingress, snapshot: Snapshot) -> Iterator[Finding]:
    """Look up the Service of each backend, and its port."""
    done: list[dict[str, Any]] = []
    for backend, path in ingress.backends():
        named = backend.get("service")
        if not isinstance(named, dict) or named in done:
            continue
        done.append(named)
        service = snapshot.get(Service.named(ingress.namespace, str(named.get("name", ""))))
        if isinstance(service, Service):
            yield from _port(ingress, service, named, path)
        else:
            yield from _service(ingress, named, path, snapshot)


def _service(ingress: Ingress, named: dict[str, Any], path: str, snapshot: Snapshot) -> Iterator[Finding]:
    ref = Service.named(ingress.namespace, str(named.get("name", "")))
    if not snapshot.lacks(ref):
        return
    there = [s for s in snapshot.all(Service) if s.namespace == ingress.namespace and _asked(s, named)]
    near = nearest(ref.name, [s.name for s in there])
    yield rule.finding(
        ingress,
        f"ingress {ingress.name!r} sends to service {ref.name!r}, which does not exist",
        ingress.at(path),
        snapshot.absence(ref),
        key=ref.name,
        fix=_rename(ingress, named, {**named, "name": near[0]}, f"service {near[0]!r} is the only one of nearly that name")
        if len(near) == 1
        else Fix(f"Create service {ref.name!r}, or name one that exists", safety=Safety.MANUAL),
    )


def _port(ingress: Ingress, service: Service, named: dict[str, Any], path: str) -> Iterator[Finding]:
    if not service.ports or _asked(service, named):
        return
    port = named["port"]
    wanted = port.get("name") or port.get("number")
    has = ", ".join(f"{p.text('name')} {p.port}".strip() for p in service.ports)
    right = {**named, "port": {"number": service.ports[0].port}}
    yield rule.finding(
        ingress,
        f"ingress {ingress.name!r} sends to port {wanted!r} of service {service.name!r}, which has {has}",
        ingress.at(path),
        service.at("spec.ports"),
        key=f"{service.name}:{wanted}",
        fix=_rename(ingress, named, right, f"the only port of service {service.name!r} is {service.ports[0].port}")
        if len(service.ports) == 1
        else Fix(f"Name a port that service {service.name!r} has", safety=Safety.MANUAL),
    )


def _asked(service: Service, named: dict[str, Any]) -> bool:
    """Whether a Service has the port that a backend names."""
    port = named.get("port")
    if not isinstance(port, dict):
        return True
    return any(p.port == port.get("number") or (p.text("name") or p) == port.get("name") for p in service.ports)


def _rename(ingress: Ingress, wrong: dict[str, Any], right: dict[str, Any], why: str) -> Fix:
    """The rules of an Ingress are one value to the API server: they are written as a whole."""
    before = {k: v for k, v in ingress.mapping("spec").items() if k in ("rules", "defaultBackend")}
    edit = ObjectEdit(ingress.ref, "merge", {"spec": _replaced(deepcopy(before), wrong, right)}, {"spec": before})
    port = right["port"].get("name") or right["port"].get("number") if isinstance(right.get("port"), dict) else ""
    return Fix(f"Send to port {port} of service {right['name']!r}", edit, basis=Basis.BOUNDED, value_from=why)


def _replaced(value: Any, wrong: dict[str, Any], right: dict[str, Any]) -> Any:
    if value == wrong:
        return right
    if isinstance(value, dict):
        return {k: _replaced(v, wrong, right) for k, v in value.items()}
    return [_replaced(v, wrong, right) for v in value] if isinstance(value, list) else value
