"""Snapshots, findings and problems for the tests of fixes, built in a line each."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from kubectl_diagnose.causes import Problem, Rank
from kubectl_diagnose.findings import Basis, Confidence, Finding, Fix, Repair, Safety, Severity, TemplateEdit
from kubectl_diagnose.fixes import propose
from kubectl_diagnose.model import Probe, Ref, ref_of
from kubectl_diagnose.relations import owner
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot, Target

Raw = dict[str, Any]
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def container(name: str = "api", **more: Any) -> Raw:
    """A container with a readiness and a liveness probe on port 8081."""
    probe = {"httpGet": {"path": "/health", "port": 8081}}
    return {"name": name, "image": "example/api:1", "readinessProbe": probe, "livenessProbe": probe, **more}


def pod_spec(*containers: Raw, **more: Any) -> Raw:
    """The spec of a pod, of one container unless others are given."""
    return {"containers": list(containers or (container(),)), **more}


def workload(kind: str, version: str = "apps/v1", spec: Raw | None = None, **more: Any) -> Raw:
    """A controller named ``api`` in namespace ``shop`` that keeps a template."""
    template = {"metadata": {"labels": {"app": "api"}}, "spec": spec or pod_spec()}
    body: Raw = {"template": template}
    if kind == "CronJob":
        body = {"schedule": "@daily", "jobTemplate": {"spec": {"template": template}}}
    metadata = {"name": "api", "namespace": "shop", **more.pop("metadata", {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": {**body, **more}}


def pod(name: str = "api-0", owned_by: Raw | None = None, spec: Raw | None = None, **more: Any) -> Raw:
    """A pod in namespace ``shop``, controlled by an object where one is given."""
    metadata: Raw = {"name": name, "namespace": "shop", "labels": {"app": "api"}, **more.pop("metadata", {})}
    if owned_by:
        metadata["ownerReferences"] = [owned(owned_by)]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec or pod_spec(), **more}


def owned(by: Raw) -> Raw:
    """The reference to the controller of an object."""
    return {"apiVersion": by["apiVersion"], "kind": by["kind"], "name": by["metadata"]["name"], "controller": True}


def snapshot(*objects: Raw) -> Snapshot:
    """A snapshot of some objects."""
    return Snapshot.of(objects, NOW)


def rule(area: str = "probe", name: str = "port_wrong", proves: Callable[..., bool] | None = None) -> Rule:
    """A rule that looks at probes, and can prove where a function is given."""
    made = Rule(f"kubectl_diagnose.rules.{area}.{name}", title="Something is wrong", severity=Severity.HIGH)

    @made.check
    def check(probe: Probe, known: Snapshot) -> Iterable[Finding]:
        return ()

    if proves:
        made.proves(proves)
    return made


def edit(pod_spec: Mapping[str, Any], title: str = "Change it", basis: Basis = Basis.PROVEN, **more: Any) -> Fix:
    """A fix that edits the pod template."""
    return Fix(title, TemplateEdit(dict(pod_spec)), basis=basis, **more)


def probe_edit(kind: str, port: int, basis: Basis = Basis.PROVEN) -> Fix:
    """A fix that has a probe of container ``api`` ask another port."""
    changed = {"name": "api", f"{kind}Probe": {"httpGet": {"port": port}}}
    return edit({"containers": [changed]}, f"Ask port {port}", basis)


def problem(known: Snapshot, subject: Raw | Ref, *fixes: Fix, by: Rule | None = None, **more: Any) -> Problem:
    """A problem of one finding about an object, with fixes."""
    ref = subject if isinstance(subject, Ref) else ref_of(subject)
    more = {"container": "api", "key": "readiness", "confidence": Confidence.CERTAIN, **more}
    finding = Finding(by or rule(), ref, "it is wrong", Severity.HIGH, evidence=(), fixes=fixes, **more)
    rank = Rank(False, 0, False, 0, 8, False, -1, finding.rule.id, ref)
    return Problem(finding, owner(known, ref), (finding,), (), (ref,), 1, rank)


def repairs(known: Snapshot, subject: Raw | Ref, *fixes: Fix, target: Target | None = None, **more: Any) -> tuple[Repair, ...]:
    """The repairs of one problem with some fixes."""
    return propose([problem(known, subject, *fixes, **more)], target or Target(), known)[0].repairs


def manual(repair: Repair) -> bool:
    """Whether a repair is left to people."""
    return repair.safety is Safety.MANUAL and repair.command is None and repair.patch is None
