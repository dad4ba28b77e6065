"""
The registry of an image cannot be reached from the node.

## What you see
The pod waits with `ErrImagePull` or `ImagePullBackOff`, and the message says `no such host`, `i/o timeout`,
`connection refused`, `TLS handshake timeout` or `500 Internal Server Error`.

## Why it happens
The host name of the registry is misspelt, the node cannot resolve names, a firewall or a proxy is in the way, or the
registry itself is down. Where images of other registries are pulled, the registry or its name is at fault.

## How to fix it
Correct the registry in the image name, or open the way from the nodes to it. The pull is tried again by itself.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier_image
from kubectl_diagnose.readings.pull import Pull, pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Registry cannot be reached", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pulls that did not get an answer from the registry."""
    pull = pull_of_kind(container, snapshot, "dns", "unreachable")
    if pull is not None:
        repair = f"Correct the registry in the image name, or let the nodes reach {pull.host}"
        fixes = (*earlier_image(container, snapshot), Fix(repair, safety=Safety.MANUAL))
        yield rule.finding(container, _message(pull), *pull.evidence, container.at("image"), since=pull.since, fixes=fixes)


def _message(pull: Pull) -> str:
    if pull.kind == "dns":
        named = pull.looked_up or pull.host
        return f"image {pull.image!r} cannot be pulled: the host name {named!r} cannot be resolved on the node"
    return f"image {pull.image!r} cannot be pulled: registry {pull.host!r} does not answer ({pull.error})"
