"""
The program listens on the loopback address alone.

## What you see
`connection refused` from probes and from other pods, while a request from inside the container (or by
`kubectl port-forward`) is answered.

## Why it happens
It was told to listen on `127.0.0.1` or `localhost`, a usual default of development servers. The kubelet and other pods
connect to the pod's own address.

## How to fix it
Let it listen on all addresses (`0.0.0.0`), by its own option or environment variable.
"""

import re
from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Probe
from kubectl_diagnose.readings.probe import Fault, read_probe
from kubectl_diagnose.readings.probe_edits import container_edit
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import PROBE_FAILS
from kubectl_diagnose.rules.probe import narrowed
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Program listens on the loopback address alone", severity=Severity.HIGH, explains=PROBE_FAILS)
_TITLE = "Let the program listen on 0.0.0.0"


@rule.check
def check(probe: Probe, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the address in the log line about the port that refuses."""
    reading = read_probe(snapshot, probe)
    if reading is None or reading.fault is not Fault.LOOPBACK:
        return
    container = probe.container
    yield rule.finding(
        probe,
        f"container {container.name!r} listens on the loopback address alone, the {probe.kind} probe asks the pod's address",
        *reading.evidence,
        confidence=reading.confidence,
        fix=_everywhere(probe),
        since=reading.since,
        explains=narrowed(probe),
    )


def _everywhere(probe: Probe) -> Fix:
    """Change the variable or option that holds the loopback address, where there is one."""
    for name, entry in probe.container.env.items():
        host, colon, port = entry.text("value").partition(":")
        if host in ("127.0.0.1", "localhost"):
            edit = container_edit(probe.container, {"env": [{"name": name, "value": f"0.0.0.0{colon}{port}"}]})
            return Fix(f"Set {name} to 0.0.0.0", edit, basis=Basis.BOUNDED, value_from=f"{name} holds the loopback address")
    return _by_option(probe) or Fix(
        _TITLE, safety=Safety.MANUAL, value_from="its option or variable for the address is not known from here"
    )


def _by_option(probe: Probe) -> Fix | None:
    """Change the address in the command line, where it names the loopback with the probe's port exactly once."""
    loopback = re.compile(rf"(?<![\w.])(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):{probe.port}(?!\d)")
    for field in ("args", "command"):
        words = [str(word) for word in probe.container.items(field)]
        if sum(len(loopback.findall(word)) for word in words) == 1:
            edit = container_edit(probe.container, {field: [loopback.sub(f"0.0.0.0:{probe.port}", word) for word in words]})
            said = f"the loopback address with port {probe.port} stands in its {field}"
            return Fix(_TITLE, edit, basis=Basis.BOUNDED, value_from=said)
    return None
