"""
The namespace enforces a Pod Security Standard that the pods do not meet.

## What you see
No pods at all; the ReplicaSet says `violates PodSecurity "restricted:latest"`. Applying the Deployment only warned.

## Why it happens
The namespace is labelled `pod-security.kubernetes.io/enforce`, and the template lacks (or has) some settings that each
pod of the namespace must (or must not) have.

## How to fix it
Set all of them in one go, for every container. If the image runs as root, `runAsNonRoot` also needs a `runAsUser`.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Basis, Finding, Fix, Safety, Severity, TemplateEdit
from kubectl_diagnose.model import Namespace
from kubectl_diagnose.readings.admission import Refusal, refusals
from kubectl_diagnose.readings.pod_security import clauses, conforming, with_user
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.rules.explaining import NOT_MADE
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(__name__, title="Pod Security Standard is not met", severity=Severity.HIGH, explains=NOT_MADE)

_USER = 1000


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """List each demand of the standard that the template does not meet."""
    for refusal in refusals(snapshot, "pod-security"):
        named = clauses(refusal.details["text"])
        level = refusal.details["level"]
        namespace = snapshot.find(Namespace, "", refusal.workload.namespace)
        quotes = [refusal.evidence]
        quotes += [namespace.at("metadata.labels[pod-security.kubernetes.io/enforce]")] if namespace else []
        yield rule.finding(
            refusal.workload,
            f"pods do not meet the Pod Security Standard {level!r}: {', '.join(name for name, _ in named)}",
            *quotes,
            fixes=_fixes(refusal, named, level),
            details=tuple(f"{name}: {said}" for name, said in named),
        )


def _fixes(refusal: Refusal, named: list[tuple[str, str]], level: str) -> Iterator[Fix]:
    edit = conforming(refusal.spec, named)
    if edit is None:
        yield Fix(f"Change the template so that it meets {level!r}, or run it in another namespace", safety=Safety.MANUAL)
        return
    origin = "what the refusal demands"
    user = any(name in ("runAsNonRoot != true", "runAsUser=0") for name, _ in named)
    warned: tuple[str, ...] = (
        ("if the image runs as root the next failure is `runAsNonRoot`: use the fix with a user then",) if user else ()
    )
    takes = tuple(
        name for name, _ in named if name in ("privileged", "host namespaces", "hostPort", "non-default capabilities")
    )
    warned += (f"a program that needs it ({', '.join(takes)}) stops working",) if takes else ()
    safety = Safety.UNSAFE if takes else Safety.SAFE
    yield Fix(f"Meet {level!r}", TemplateEdit(edit), safety, value_from=origin, warnings=warned)
    if user:
        also = ("files that belong to root may become unreadable, and ports below 1024 unusable",)
        body = TemplateEdit(with_user(edit, _USER))
        yield Fix(f"Meet {level!r}, as user {_USER}", body, safety, Basis.DEFAULT, "a usual user id", also)
