"""Required scheduling rules made preferences, and rollouts that need no room beside the old pods."""

from typing import Any

from kubectl_diagnose.findings import Basis, Fix, ObjectEdit, Safety, TemplateEdit
from kubectl_diagnose.model import Deployment, Node, Pod
from kubectl_diagnose.readings.capacity import takes
from kubectl_diagnose.relations import owner
from kubectl_diagnose.snapshot import Snapshot

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_TERM = {"nodeAffinity": "preference", "podAffinity": "podAffinityTerm", "podAntiAffinity": "podAffinityTerm"}


def required_terms(pod: Pod, kind: str) -> list[dict[str, Any]]:
    """Return the required terms of ``nodeAffinity``, ``podAffinity`` or ``podAntiAffinity`` of a pod."""
    terms = pod.spec.value(f"affinity.{kind}.{REQUIRED}")
    found = terms.get("nodeSelectorTerms") if isinstance(terms, dict) else terms
    return [t for t in found if isinstance(t, dict)] if isinstance(found, list) else []


def preferred(pod: Pod, kind: str) -> dict[str, Any]:
    """Return the edit of a pod spec that makes the required terms of an affinity preferences."""
    present = pod.spec.items(f"affinity.{kind}.{PREFERRED}")
    added = [{"weight": 100, _TERM[kind]: term} for term in required_terms(pod, kind)]
    return {"affinity": {kind: {REQUIRED: None, PREFERRED: [*present, *added]}}}


def prefer(pod: Pod, kind: str, title: str, warning: str) -> Fix:
    """Return the fix that makes the required terms of an affinity preferences."""
    return Fix(title, TemplateEdit(preferred(pod, kind)), Safety.UNSAFE, Basis.DEFAULT, warnings=(warning,))


def prefer_apart(pod: Pod, snapshot: Snapshot) -> Fix:
    """
    Return the fix that lets replicas share a node.

    Old pods keep new ones off their node until they are gone, since their own rule counts too, and a pod turned away
    so is not tried again for minutes (Kubernetes 1.34): a Deployment has to end them before it makes new ones.
    """
    top = snapshot.get(owner(snapshot, pod.ref))
    title = "Prefer different nodes, let replicas share one where they must"
    apart = "replicas may then share a node and fail together"
    if not isinstance(top, Deployment) or top.text("spec.strategy.type") == "Recreate":
        return prefer(pod, "podAntiAffinity", title, apart)
    old = {PREFERRED: None, **top.template.spec.mapping("affinity.podAntiAffinity")}
    edit = ObjectEdit(
        top.ref,
        "strategic",
        _with_strategy({"$retainKeys": ["type"], "type": "Recreate"}, preferred(pod, "podAntiAffinity")),
        _with_strategy(dict(top.mapping("spec.strategy")), {"affinity": {"podAntiAffinity": old}}),
    )
    warning = "nothing serves during this rollout and later ones: old pods keep new ones off their node until they are gone"
    return Fix(title, edit, Safety.UNSAFE, Basis.DEFAULT, warnings=(apart, warning))


def _with_strategy(strategy: dict[str, Any], pod_spec: dict[str, Any]) -> dict[str, Any]:
    return {"spec": {"strategy": strategy, "template": {"spec": pod_spec}}}


def nodes_for(pod: Pod, snapshot: Snapshot) -> int:
    """Return how many nodes take a pod, as far as cordons, taints and its node selector go."""
    return sum(takes(node, pod.spec) for node in snapshot.all(Node))


def without_surge(pod: Pod, snapshot: Snapshot) -> Fix | None:
    """Return the fix that replaces pods one by one, where a Deployment has a node for each replica but no more."""
    top = snapshot.get(owner(snapshot, pod.ref))
    if not isinstance(top, Deployment) or top.text("spec.strategy.type") == "Recreate":
        return None
    if not 0 < top.replicas <= nodes_for(pod, snapshot):
        return None
    before = top.mapping("spec.strategy.rollingUpdate")
    undo = {key: before.get(key) for key in ("maxSurge", "maxUnavailable")}
    body = {"spec": {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}}}
    edit = ObjectEdit(top.ref, "strategic", body, {"spec": {"strategy": {"rollingUpdate": undo}}})
    warning = ("one replica fewer serves during rollouts",)
    return Fix("Replace an old pod before its successor is made", edit, basis=Basis.PROVEN, warnings=warning)
