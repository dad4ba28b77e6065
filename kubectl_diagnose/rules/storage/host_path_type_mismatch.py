"""
A `hostPath` volume names something that is not there on the node, or is of another type.

## What you see
The pod stays `ContainerCreating`; the event says `hostPath type check failed`.

## Why it happens
The path is misspelt or another one on this node (`docker.sock` where containerd runs), or the directory was never made.

## How to fix it
Correct the path, or let the kubelet make it (`DirectoryOrCreate`, `FileOrCreate`).
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Pod
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Host path is not what the volume says", severity=Severity.HIGH, explains=NOT_STARTED)

_FAILED = regex(r'for volume "(?P<volume>[^"]+)" : hostPath type check failed: (?P<path>\S+) is not a (?P<type>.+)$')
_CREATING = {"Directory": "DirectoryOrCreate", "File": "FileOrCreate"}


@rule.check
def check(pod: Pod, snapshot: Snapshot) -> Iterator[Finding]:
    """Read the mount errors of a pod that has not started."""
    if pod.phase != "Pending":
        return
    seen = set()
    for event in snapshot.events(pod, "FailedMount"):
        match = _FAILED.search(event.message)
        if match is None or match["volume"] in seen:
            continue
        seen.add(match["volume"])
        where = f"spec.volumes[{match['volume']}].hostPath"
        message = f"{match['path']!r} is not a {match['type']} on node {pod.node_name!r}"
        quotes = (event.at("message"), pod.at(f"{where}.path"), pod.at(f"{where}.type"))
        fix = _fix(match["volume"], match["path"], pod.text(f"{where}.type"))
        yield rule.finding(pod, message, *quotes, key=match["volume"], fix=fix)


def _fix(volume: str, path: str, kind: str) -> Fix:
    creating = _CREATING.get(kind)
    if creating is None:
        return Fix(f"Name a path that exists on the node in place of {path!r}", safety=Safety.MANUAL)
    edit = TemplateEdit({"volumes": [{"name": volume, "hostPath": {"path": path, "type": creating}}]})
    warning = ("this does not help where something of another type is at that path",)
    return Fix(f"Let the kubelet make {path!r}", edit, basis=Basis.DEFAULT, warnings=warning)
