"""
The registry hands out no more images for now.

## What you see
The pod waits with `ErrImagePull` or `ImagePullBackOff`, and the message says `429 Too Many Requests` or
`toomanyrequests`.

## Why it happens
Registries count pulls per address or per account; Docker Hub allows few to clients that do not log in, and all nodes
behind one address share them.

## How to fix it
Pull with a login (`imagePullSecrets`), or through a mirror or cache. `imagePullPolicy: IfNotPresent` saves the pulls of
images that the node has. The pull is tried again by itself once the limit allows it.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Fix, Safety, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Registry limits the pulls", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pulls that the registry answered with "too many requests"."""
    pull = pull_of_kind(container, snapshot, "rate-limited")
    if pull is not None:
        yield rule.finding(
            container,
            f"image {pull.image!r} cannot be pulled: registry {pull.host!r} has had too many requests",
            *pull.evidence,
            container.spec.at("imagePullSecrets"),
            since=pull.since,
            fix=Fix(f"Pull from {pull.host} with a login, or through a mirror", safety=Safety.MANUAL),
        )
