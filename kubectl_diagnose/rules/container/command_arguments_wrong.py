"""
A program does not accept the arguments that it is started with.

## What you see
The container ends at once with exit code 1, 2 or 64, and its log has a usage text or names an unknown flag.

## Why it happens
A flag is misspelt, was removed in the version of the image, or is written as one word with its value where the program
wants two.

## How to fix it
Correct `args` (and `command`), or go back to the image that knew the flag.
"""

import re
from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.create import last_runs
from kubectl_diagnose.readings.history import earlier_command, earlier_image, waits_since
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Command arguments are wrong", severity=Severity.HIGH, explains=CRASHING)

_UNKNOWN = re.compile(
    r"flag provided but not defined: (-\S+)|unknown (?:shorthand )?flag:? (.+)|unrecognized (?:option|arguments?):? (.+)"
    r"|(?:unknown|invalid|illegal|bad) option:? (?:-- )?(\S+)|unexpected argument (\S+) found|: invalid number '?(-[^\s']+)"
)
_USAGE = re.compile(r"^\s*usage(?:: | of )", re.IGNORECASE)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for usage errors in the log of a run that ended with a usage error's exit code."""
    ended = container.last_exit
    if ended is None or ended.exit_code not in (1, 2, 64) or container.status.ready:
        return
    for log in last_runs(container, snapshot):
        for line, found in (*log.matches(_UNKNOWN), *log.matches(_USAGE)):
            named = next((group for group in found.groups() if group), "").strip("'\"‘’. ")
            sure = Confidence.CERTAIN if any(named in word for word in container.command + container.args if named) else None
            message = f"the command does not know its argument {named!r}" if named else "the command is used wrongly"
            evidence = (line.at(), ended.at("exitCode"), container.at("command"), container.at("args"))
            fixes = _fixes(container, snapshot)
            since = waits_since(container, snapshot)
            yield rule.finding(
                container,
                message,
                *evidence,
                since=since,
                confidence=sure or Confidence.LIKELY,
                fixes=fixes,
            )
            return


def _fixes(container: Container, snapshot: Snapshot) -> tuple[Fix, ...]:
    before = (*earlier_command(container, snapshot), *earlier_image(container, snapshot))
    return before or (Fix(f"Correct the arguments of container {container.name!r}", safety=Safety.MANUAL),)
