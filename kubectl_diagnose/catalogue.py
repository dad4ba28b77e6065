"""What can be asked about the program itself: its rules, the schema of its report, its version. No cluster is needed."""

import json
from typing import TYPE_CHECKING, Any

from kubectl_diagnose import __version__
from kubectl_diagnose.collect.errors import UserError

if TYPE_CHECKING:
    from kubectl_diagnose.rules import Rule


def explain(rule: str) -> str:
    """Return the page of a rule. Raises UserError with the nearest id where there is none."""
    from kubectl_diagnose.rules import all_rules, rule_named
    from kubectl_diagnose.snapshot import nearest

    listed = "see 'kubectl diagnose rules'"
    if not rule:
        raise UserError(f"it takes the id of a rule to explain: {listed}")
    found = rule_named(rule)
    if found is None:
        near = nearest(rule, (r.id for r in all_rules()), most=1)
        meant = f'did you mean "{near[0]}"?' if near else listed
        raise UserError(f'there is no rule "{rule}": {meant}')
    return f"{found.id}: {found.title} ({found.severity.name.lower()})\n\n{found.page}"


def rules(output: str) -> str:
    """Return the list of rules, as text or JSON."""
    from kubectl_diagnose.rules import all_rules

    if output == "json":
        return json.dumps([_about(rule) for rule in all_rules()], indent=2)
    _only_text(output)
    rows = [("RULE", "SEVERITY", "TITLE"), *((r.id, r.severity.name.lower(), r.title) for r in all_rules())]
    widest = max(len(name) for name, *_ in rows)
    return "\n".join(f"{name:{widest}}  {severity:8}  {title}" for name, severity, title in rows)


def _about(rule: "Rule") -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "area": rule.area,
        "severity": rule.severity.name.lower(),
        "explains": sorted(rule.explains),
    }


def schema() -> str:
    """Return the JSON Schema of ``-o json``."""
    from kubectl_diagnose.report.schema import schema_text

    return schema_text()


def version(output: str) -> str:
    """Return the name and version, as text or JSON."""
    if output == "json":
        return json.dumps({"name": "kubectl-diagnose", "version": __version__})
    _only_text(output)
    return f"kubectl-diagnose {__version__}"


def _only_text(output: str) -> None:
    if output not in ("text", "wide"):
        raise UserError(f'invalid value "{output}" of --output: use text, json')
