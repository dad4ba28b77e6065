"""
Make a case of a rule from a recording, as small as it can be.

A case that fires keeps what the rule needs to find just the same; a quiet one keeps what the rule needs to take the
same way through its own code without finding anything.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kubectl_diagnose.findings import Finding  # noqa: E402 - the path comes first
from kubectl_diagnose.rules import Rule, rule_named  # noqa: E402
from kubectl_diagnose.snapshot import Absence  # noqa: E402
from tests.cases import FOLDER, expectation, findings_of  # noqa: E402
from tests.recordings import load  # noqa: E402

Data = dict[str, Any]
Mark = Callable[[Data], Any]


def said(finding: Finding) -> Any:
    """Return all that a finding says and quotes, in a form that can be compared."""
    proofs = [(p.ref, p.nearest) if isinstance(p, Absence) else (p.source, p.path, str(p.value)) for p in finding.evidence]
    return json.dumps([expectation(finding), finding.severity.name, proofs, [f.title for f in finding.fixes], finding.details])


def what_it_says(rule: Rule) -> Mark:
    """Return a function from a case to what the rule finds in it."""
    return lambda data: [said(f) for f in findings_of(rule, data)[1]]


def way_through(rule: Rule) -> Mark:
    """Return a function from a case to the lines of the rule and of the readings that ran, None where it fires."""
    own = str(sys.modules[rule.module].__file__)
    shared = (str(Path(own).with_name("__init__.py")), str(ROOT / "kubectl_diagnose" / "readings"))

    def lines_run(data: Data) -> Any:
        lines: set[tuple[str, int]] = set()

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            name = frame.f_code.co_filename
            if name != own and not name.startswith(shared):
                return None
            lines.add((name, frame.f_lineno))
            return trace

        sys.settrace(trace)
        try:
            found = findings_of(rule, data)[1]
        finally:
            sys.settrace(None)
        return None if found else lines

    return lines_run


def shrink(items: list[Any], same: Callable[[list[Any]], bool]) -> list[Any]:
    """Drop items, many at a time and then one by one, as long as what remains does the same."""
    size = max(1, len(items) // 2)
    while True:
        start = 0
        while start < len(items):
            fewer = items[:start] + items[start + size :]
            if same(fewer):
                items = fewer
            else:
                start += size
        if size == 1:
            return items
        size //= 2


def minimise(data: Data, mark: Mark) -> Data:
    """Return the smallest case that leaves the same mark: fewer objects, log lines and listed kinds."""
    wanted = mark(data)

    def same(**change: Any) -> bool:
        try:
            return bool(mark({**data, **change}) == wanted)
        except Exception:
            return False

    for _ in range(2):  # what was kept for an object that went later can go then
        data = {**data, "objects": shrink(data["objects"], lambda o: same(objects=o))}
        flat = [
            (p, c, w, line) for p, cs in data["logs"].items() for c, ws in cs.items() for w, ls in ws.items() for line in ls
        ]
        data = {**data, "logs": nest(shrink(flat, lambda f: same(logs=nest(f))))}
        data = {**data, "listed": shrink(data["listed"], lambda k: same(listed=k))}
    return data


def nest(flat: list[tuple[str, str, str, str]]) -> Data:
    """Return log lines by pod, container and run."""
    found: Data = {}
    for pod, container, which, line in flat:
        found.setdefault(pod, {}).setdefault(container, {}).setdefault(which, []).append(line)
    return found


class Dumper(yaml.SafeDumper):
    """YAML that reads as people write it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def text_of(data: Data, expect: list[Data]) -> str:
    """Return a case as its file has it."""
    known = {"takenAt": data["takenAt"], "target": data.get("target")}
    known |= {"listed": data["listed"], "objects": data["objects"], "logs": data["logs"], "expect": expect}
    parts = [{k: v} for k, v in known.items() if v or k == "expect"]
    dumped = "".join(
        yaml.dump(p, Dumper=Dumper, sort_keys=False, width=120, allow_unicode=True) for p in parts if "listed" not in p
    )
    if data["listed"]:
        dumped = dumped.replace("objects:", f"listed: {json.dumps(data['listed'])}\nobjects:", 1)
    return f"# origin: {data['origin']}\n{dumped}"


def make(rule: Rule, recording: Path, quiet: bool, name: str, target: str) -> str:
    """Write a case, return what was done or why it was not."""
    data: Data = {**load(recording), "target": target}
    findings = findings_of(rule, data)[1]
    if quiet == bool(findings):
        return f"{rule.id} finds {[f.message for f in findings] or 'nothing'} in {recording.name}: not written"
    small = minimise(data, way_through(rule) if quiet else what_it_says(rule))
    story = re.sub(r"[^a-z0-9]+", "-", name or recording.name)
    path = FOLDER / rule.id / f"{'quiet' if quiet else 'fires'}-{story}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(small, [expectation(f) for f in findings_of(rule, small)[1]]), encoding="utf-8")
    return f"wrote {path.relative_to(ROOT)}: {len(small['objects'])} of {len(data['objects'])} objects"


def main() -> int:
    """Read what was asked for and write the case."""
    parser = argparse.ArgumentParser(prog="scripts/new_case", description=__doc__)
    parser.add_argument("rule")
    parser.add_argument("recording", type=Path, help="folder with objects.json, logs/ and recorded.json")
    parser.add_argument("--quiet", action="store_true", help="the rule must find nothing in it")
    parser.add_argument("--name", default="", help="what the case is called (default: the recording's name)")
    parser.add_argument("--target", default="", help="what was asked for, as in: pod -l app=shop")
    given = parser.parse_args()
    rule = rule_named(given.rule)
    if rule is None:
        print(f"new_case: there is no rule {given.rule!r}", file=sys.stderr)
        return 1
    result = make(rule, given.recording, given.quiet, given.name, given.target)
    print(result)
    return 0 if result.startswith("wrote") else 1


if __name__ == "__main__":
    sys.exit(main())
