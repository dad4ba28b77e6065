"""
The program ends because an environment variable that it needs is not set.

## What you see
The log names the variable (`KeyError: 'DATABASE_URL'`, `environment variable X is not set`), and the container restarts.

## Why it happens
The template does not set it, or a ConfigMap or Secret that was to bring it has another key.

## How to fix it
Set it: `kubectl set env`, or `valueFrom` where a ConfigMap or Secret has it.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import ConfigMap, Container, Secret
from kubectl_diagnose.readings.history import edit
from kubectl_diagnose.readings.log import CrashKind, crash_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import CRASHING
from kubectl_diagnose.snapshot import Snapshot, nearest

rule = Rule(__name__, title="Environment variable is missing", severity=Severity.HIGH, explains=CRASHING)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the end of the log."""
    crash = crash_of(container, snapshot, CrashKind.ENV_MISSING)
    name = crash.groups.get("name", "") if crash else ""
    if crash is None or (name in container.env and container.env[name].value("value") != ""):
        return
    shown = f"environment variable {name!r}" if name else "an environment variable"
    message = f"container {container.name!r} needs {shown}, which is not set"
    quoted = (*crash.evidence, container.at(f"env[{name}]"))
    fixes = (*_sources(container, name, snapshot), Fix(f"Set {shown} to the value it should have", safety=Safety.MANUAL))
    near = nearest(name, container.env)
    details = (f"set are names like it: {', '.join(near)}",) if near else ()
    yield rule.finding(container, message, *quoted, fixes=fixes, details=details, since=crash.exit.run.finished_at)


def _sources(container: Container, name: str, snapshot: Snapshot) -> Iterator[Fix]:
    """Fixes that take the value from where it is: one ConfigMap or Secret with that key, another container."""
    here = [o for kind in (ConfigMap, Secret) for o in snapshot.all(kind) if o.namespace == container.ref.namespace]
    having = [o for o in here if isinstance(o, ConfigMap | Secret) and name in o.keys]
    if len(having) == 1:
        field = "configMapKeyRef" if having[0].kind == "ConfigMap" else "secretKeyRef"
        env = [{"name": name, "valueFrom": {field: {"name": having[0].name, "key": name}}}]
        said = f"{having[0].ref} has a key {name!r}"
        yield Fix(f"Take {name!r} from {having[0].ref}", edit(container, env=env), basis=Basis.BOUNDED, value_from=said)
    other = next((c for c in container.spec.all_containers if name in c.env and c.name != container.name), None)
    if other is not None and name:
        env = [dict(other.env[name].raw)]
        said = f"container {other.name!r} has it"
        yield Fix(
            f"Set {name!r} as in container {other.name!r}", edit(container, env=env), basis=Basis.BOUNDED, value_from=said
        )
