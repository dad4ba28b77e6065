"""
An image may not be pulled, and the node does not have it.

## What you see
The pod waits with `ErrImageNeverPull`.

## Why it happens
`imagePullPolicy` is `Never`, which only works where the image was loaded onto every node by hand
(`kind load docker-image`, `minikube image load`). Since Kubernetes 1.35 an image that another pod pulled with a login
counts as absent for pods without that login.

## How to fix it
Set `imagePullPolicy` to `IfNotPresent`, or load the image onto the node.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.history import earlier_image, edit
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Image is not on the node and may not be pulled", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for containers that wait with ErrImageNeverPull."""
    pull = pull_of_kind(container, snapshot, "never")
    if pull is not None:
        change = edit(container, imagePullPolicy="IfNotPresent")
        said = "the usual policy for an image with a tag"
        allow = Fix("Pull the image where a node does not have it", change, basis=Basis.DEFAULT, value_from=said)
        yield rule.finding(
            container,
            f"image {pull.image!r} is not on the node, and the pull policy forbids to pull it",
            *pull.evidence,
            container.at("imagePullPolicy"),
            since=pull.since,
            fixes=(allow, *earlier_image(container, snapshot)),
        )
