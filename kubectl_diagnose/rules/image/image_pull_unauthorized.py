"""
The registry does not let the node pull an image.

## What you see
The pod waits with `ErrImagePull` or `ImagePullBackOff`, and the message says `pull access denied`,
`401 Unauthorized`, `403 Forbidden` or `authentication required`.

## Why it happens
The repository is private and the pod has no pull secret, names one that is not in its namespace, or has one whose
login is wrong, has expired or is for another registry. Docker Hub gives the same answer for a repository that does not
exist, so the name may be misspelt as well.

## How to fix it
Check the name of the repository. If it is right, create a secret of type `kubernetes.io/dockerconfigjson` in the pod's
namespace (`kubectl create secret docker-registry`) and name it in `imagePullSecrets`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Finding, Severity
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.pull import pull_of_kind
from kubectl_diagnose.readings.pull_secret import login_of
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_STARTED
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Image pull is not authorized", severity=Severity.HIGH, explains=NOT_STARTED)


@rule.check
def check(container: Container, snapshot: Snapshot) -> Iterator[Finding]:
    """Look for pulls that the registry refused, and at the pull secrets that the pod names."""
    pull = pull_of_kind(container, snapshot, "unauthorized")
    if pull is not None:
        login = login_of(container, pull, snapshot)
        message = f"the registry refuses to hand out image {pull.image!r}: {login.what}"
        evidence = (*pull.evidence, container.at("image"), *login.evidence)
        yield rule.finding(container, message, *evidence, since=pull.since, fixes=login.fixes)
