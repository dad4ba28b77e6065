"""Start a rule: its module with what is left to write marked, and a folder for its cases."""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AREAS = sorted(p.parent.name for p in (ROOT / "kubectl_diagnose" / "rules").glob("*/__init__.py"))
SKELETON = '''"""
TODO: say in one sentence what is wrong.

## What you see
TODO: what `kubectl get` and `kubectl describe` show.

## Why it happens
TODO: how people come to it.

## How to fix it
TODO: what to change, where, and what it costs.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.relations import itself
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="TODO: what is wrong", severity=Severity.HIGH, explains={{"pod-not-ready": itself}})


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """TODO: say what is looked for; the annotation of the first parameter says what the check is shown."""
    if container.waiting_reason == "TODO":
        yield rule.finding(
            container,
            f"container {{container.name!r}} TODO",
            container.status.at("state.waiting.reason"),
            fix=Fix("TODO: what to do"),
        )
'''


def main() -> int:
    """Write the files and say what comes next."""
    parser = argparse.ArgumentParser(prog="scripts/new_rule", description=__doc__)
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("id", help="says what is wrong, as in probe-port-wrong")
    given = parser.parse_args()
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", given.id):
        print(f"new_rule: {given.id!r} is not words joined by hyphens", file=sys.stderr)
        return 1
    module = ROOT / "kubectl_diagnose" / "rules" / given.area / f"{given.id.replace('-', '_')}.py"
    if module.exists():
        print(f"new_rule: {module.relative_to(ROOT)} is there already", file=sys.stderr)
        return 1
    module.write_text(SKELETON.format(), encoding="utf-8")
    (ROOT / "tests" / "rules" / given.id).mkdir(parents=True, exist_ok=True)
    print(f"1. write   {module.relative_to(ROOT)}")
    print(f"2. record  scripts/new_case {given.id} RECORDING   and again with --quiet")
    print("3. finish  scripts/docs, a line in CHANGELOG.md, scripts/check")
    return 0


if __name__ == "__main__":
    sys.exit(main())
