"""
A pod wants a port of the node itself, and on every node the port is taken.

## What you see
Some replicas run, the others stay `Pending` with `node(s) didn't have free ports for the requested pod ports`.

## Why it happens
With `hostPort` (or `hostNetwork`) only one pod a node can have the port: more replicas than nodes, a rollout's extra
pod, or another program.

## How to fix it
Drop `hostPort` and reach the pods through a Service, or run no more replicas than there are nodes.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Container, Node, Pod
from kubectl_diagnose.readings.scheduler import unscheduled
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import UNSCHEDULED
from kubectl_diagnose.rules.scheduling.softening import without_surge
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Host port is taken", severity=Severity.HIGH, needs=(Node,), explains=UNSCHEDULED)


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Find the container that wants a port of the node, and who has it."""
    said = unscheduled(pod, snapshot)
    reason = said.reason("host-port") if said else None
    if said is None or reason is None:
        return
    for container in pod.all_containers:
        ports = _host_ports(container)
        if not ports:
            continue
        takers = [(p, c) for p in snapshot.all(Pod) if p.node_name and not p.finished for c in _holding(p, ports)]
        who = f" by pod {takers[0][0].name!r}" if takers else ""
        shown = ", ".join(map(str, ports.values()))
        quotes = [said.evidence, *(container.at(f"ports[{p}].hostPort") for p in ports)]
        quotes += [c.at(f"ports[{number}].hostPort") for _, c in takers[:1] for number in _host_ports(c)]
        message = f"{container.name!r} wants port {shown} of its node, which is taken{who}"
        fixes = [f for f in (without_surge(pod, snapshot), _fix(pod, container, ports)) if f]
        yield rule.finding(container, message, *quotes, confidence=said.confidence(reason), fixes=fixes)


def _host_ports(container: Container) -> dict[int, int]:
    found = (p for p in container.items("ports") if isinstance(p, dict) and p.get("hostPort"))
    return {p["containerPort"]: p["hostPort"] for p in found}


def _holding(pod: Pod, ports: dict[int, int]) -> list[Container]:
    return [c for c in pod.all_containers if set(_host_ports(c).values()) & set(ports.values())]


def _fix(pod: Pod, container: Container, ports: dict[int, int]) -> Fix:
    body = [{"containerPort": number, "hostPort": None} for number in ports]
    network = {"hostNetwork": None} if pod.spec.flag("hostNetwork") else {}
    edit = TemplateEdit({**network, "containers": [{"name": container.name, "ports": body}]})
    warning = ("clients that use the node's port have to go through a Service",)
    return Fix("Do not take a port of the node", edit, Safety.UNSAFE, Basis.DEFAULT, warnings=warning)
