"""
Whether a fix would repair what it is for, by simulation.

A patched template still has yesterday's status, so that a rule that is run again and stays silent proves nothing. What
proves is that the facts support what the patched template says.
"""

from collections.abc import Iterable

from kubectl_diagnose.findings import Basis, Finding
from kubectl_diagnose.fixes.retarget import Place
from kubectl_diagnose.model import Container, Pod, PodTemplate, Probe, Raw, View, Workload, view
from kubectl_diagnose.readings.facts import facts_of
from kubectl_diagnose.readings.probe_edits import path_supported
from kubectl_diagnose.snapshot import Snapshot


def verified(claims: Iterable[Finding], basis: Basis, place: Place, result: Raw, snapshot: Snapshot) -> str:
    """Return ``simulated`` where the patched object is proven to be free of every finding claimed, else ``no``."""
    claims = tuple(claims)
    if basis is not Basis.PROVEN or not claims:
        return "no"
    return "simulated" if all(holds(claim, place, result, snapshot) for claim in claims) else "no"


def holds(finding: Finding, place: Place, result: Raw, snapshot: Snapshot) -> bool:
    """Whether the facts support what the patched object says where a finding was."""
    if not finding.rule.can_prove:
        return False
    patched = _patched_view(finding, place, result)
    facts = facts_of(snapshot, place.ref, finding.container)
    if isinstance(patched, Probe) and _new_path(patched, _patched_view(finding, place, place.base)):
        return path_supported(patched, facts) and finding.rule.proven(patched, facts)
    return patched is not None and finding.rule.proven(patched, facts)


def _new_path(patched: Probe, before: View | None) -> bool:
    """Whether a patch has a probe ask a path that it did not ask before: a value of its own, which a fact must support."""
    if patched.handler != "httpGet":
        return False
    return not isinstance(before, Probe) or before.handler != "httpGet" or before.http_path != patched.http_path


def _patched_view(finding: Finding, place: Place, result: Raw) -> View | None:
    """What the rule looks at, on the patched object; None where the patch took it away."""
    looks_at = finding.rule.looks_at
    template = place.template(result)
    container = template.spec.container(finding.container or "")
    if looks_at is Probe:
        return container.probe(finding.key or "") if container else None
    if looks_at is Container:
        return container
    if looks_at is PodTemplate:
        return template
    if looks_at is Pod:
        names = {"name": finding.subject.name, "namespace": finding.subject.namespace}
        metadata = {**template.mapping("metadata"), **names}
        return Pod({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template.spec.raw})
    return view(result) if issubclass(looks_at, Workload) else None
