"""
The node does not trust the registry of an image.

## What you see
The pod waits with `ErrImagePull` or `ImagePullBackOff`, and the message has `x509:` in it, or
`server gave HTTP response to HTTPS client`.

## Why it happens
The registry's certificate is self-signed, has expired or is for another name, the node's clock is wrong, or the registry
speaks plain HTTP while the container runtime insists on HTTPS.

## How to fix it
This is set on the nodes: add the certificate authority, or the plain HTTP host, to the container runtime's configuration
(containerd: `/etc/containerd/certs.d/HOST/hosts.toml`). Renew a certificate that has expired.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier_image
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Registry is not trusted by the node", severity=Severity.HIGH, explains=NOT_STARTED)

_REPAIR = {
    "certificate": "Let the container runtime of the nodes trust the certificate of {host}, or renew it",
    "plain-http": "Allow plain HTTP for {host} in the container runtime of the nodes, or serve it over HTTPS",
}


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pulls that failed over the registry's certificate."""
    pull = pull_of_kind(container, snapshot, "certificate", "plain-http")
    if pull is not None:
        wrong = pull.error if pull.kind == "certificate" else "it speaks plain HTTP where HTTPS is expected"
        message = f"image {pull.image!r} cannot be pulled: the node does not trust registry {pull.host!r} ({wrong})"
        fix = Fix(_REPAIR[pull.kind].format(host=pull.host), safety=Safety.MANUAL)
        fixes = (*earlier_image(container, snapshot), fix)
        yield rule.finding(container, message, *pull.evidence, container.at("image"), since=pull.since, fixes=fixes)
