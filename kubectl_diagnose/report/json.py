"""The report as JSON, under ``schemaVersion`` 1 (docs/report-format.md)."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from kubectl_diagnose import __version__
from kubectl_diagnose.causes import Problem
from kubectl_diagnose.findings import Finding, Proof, Repair
from kubectl_diagnose.model import Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.relations import owner
from kubectl_diagnose.report import Report, WorkloadState
from kubectl_diagnose.report.instances import Instances, of_problem, symptoms_of
from kubectl_diagnose.report.quoting import command_for, kubectl
from kubectl_diagnose.report.summing import api_version
from kubectl_diagnose.report.wording import why_first
from kubectl_diagnose.snapshot import Absence, Snapshot

SCHEMA_VERSION = "1"
_LONGEST = 2000
# Legal in JSON, but a terminal would obey them.
_OBEYED = regex("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def render_json(report: Report, snapshot: Snapshot) -> str:
    """Return the report as JSON text, ending in a newline."""
    text = json.dumps(document(report, snapshot), indent=2, ensure_ascii=False, default=str)
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def document(report: Report, snapshot: Snapshot) -> dict[str, Any]:
    """Return the report as plain data, its keys in the order of the format's description."""
    target = report.target
    return {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "kubectl-diagnose", "version": __version__},
        "target": {
            "kinds": list(target.kinds) or sorted({ref.kind for ref in target.refs}),
            "names": list(target.names),
            "namespace": target.namespace or None,
            "selector": target.selector or None,
            "context": target.context or None,
            "fieldSelector": target.field_selector or None,
            "allNamespaces": target.all_namespaces,
        },
        "takenAt": _time(report.taken_at),
        "verdict": report.verdict.value,
        "summary": report.summary,
        "workloads": [_workload(state) for state in report.workloads],
        "changes": [_capped(change) for change in report.changes],
        "problems": [_problem(problem, report, snapshot) for problem in report.problems],
        "advice": [_advice(problem, report, snapshot) for problem in report.advice],
        "gaps": [{"what": gap.what, "why": gap.why} for gap in report.gaps],
        "lookedAt": list(report.looked_at),
    }


def _problem(problem: Problem, report: Report, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "cause": _cause(problem, report, snapshot),
        "symptoms": [
            _finding(symptom, owner(snapshot, symptom.subject), instances, report, snapshot)
            for symptom, instances in symptoms_of(problem, snapshot)
        ],
        "fixes": [_fix(repair) for repair in problem.repairs],
    }


def _advice(problem: Problem, report: Report, snapshot: Snapshot) -> dict[str, Any]:
    return {**_cause(problem, report, snapshot), "fixes": [_fix(repair) for repair in problem.repairs]}


def _cause(problem: Problem, report: Report, snapshot: Snapshot) -> dict[str, Any]:
    written = _finding(problem.cause, problem.owner, of_problem(problem), report, snapshot)
    return {**written, "whyFirst": why_first(problem), "refutedBy": _refutation(problem.cause, report)}


def _finding(finding: Finding, subject: Ref, instances: Instances, report: Report, snapshot: Snapshot) -> dict[str, Any]:
    versions = dict(report.api_versions)
    return {
        "rule": finding.rule.id,
        "title": finding.rule.title,
        "message": finding.message,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "subject": {"apiVersion": versions.get(subject) or api_version(snapshot, subject), **_ref(subject)},
        "container": finding.container,
        "instances": {
            "affected": instances.affected,
            "total": instances.total,
            "examples": [{"kind": ref.kind, "name": ref.name} for ref in instances.examples],
        },
        "since": _time(instances.since),
        "current": finding.current,
        "evidence": [_proof(proof, report, snapshot) for proof in finding.evidence],
    }


def _proof(proof: Proof, report: Report, snapshot: Snapshot) -> dict[str, Any]:
    command = command_for(proof, snapshot, report.target)
    if isinstance(proof, Absence):
        nearest = list(proof.nearest)
        return {"absent": _ref(proof.ref), "lookedAt": proof.looked_at, "nearest": nearest, "command": command}
    return {
        "source": _ref(proof.source),
        "path": proof.path,
        "value": _capped(proof.value),
        "at": _time(proof.at),
        "command": command,
    }


def _refutation(finding: Finding, report: Report) -> dict[str, Any] | None:
    refutation = finding.refuted_by
    if refutation is None:
        return None
    command = kubectl(report.target, finding.subject.namespace, refutation.words)
    return {"means": refutation.means, "command": command}


def _fix(repair: Repair) -> dict[str, Any]:
    return {
        "title": repair.title,
        "safety": repair.safety.value,
        "target": _ref(repair.target) if repair.target else None,
        "basis": repair.basis.value,
        "valueFrom": repair.value_from or None,
        "type": repair.type,
        "patch": repair.patch,
        "command": repair.command,
        "undo": repair.undo,
        "check": repair.check,
        "verified": repair.verified,
        "warnings": list(repair.warnings),
    }


def _workload(state: WorkloadState) -> dict[str, Any]:
    return {
        **_ref(state.ref),
        "verdict": state.verdict.value,
        "since": _time(state.since),
        "ready": state.ready,
        "desired": state.desired,
    }


def _ref(ref: Ref) -> dict[str, Any]:
    return {"kind": ref.kind, "namespace": ref.namespace or None, "name": ref.name}


def _time(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _capped(value: Any) -> Any:
    """A value with its strings cut where they are very long."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    if isinstance(value, dict):
        return {key: _capped(item) for key, item in value.items()}
    return [_capped(item) for item in value] if isinstance(value, Iterable) else value
