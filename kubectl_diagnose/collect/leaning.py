"""What pods lean on by name: configuration, claims and their volumes, accounts, classes, the Services they call."""

import re
from collections.abc import Iterator

from kubectl_diagnose.collect.focus import Known, healthy
from kubectl_diagnose.collect.kinds import BY_KIND
from kubectl_diagnose.collect.requests import Request, every, one
from kubectl_diagnose.model import Claim, Ingress, Pod, PodSpec, Ref, Service, StorageClass
from kubectl_diagnose.model.patterns import regex

_FEW = 20
_MOST_CALLED = 5
_NAMES_ONLY = frozenset(("ConfigMap", "Secret"))
_NEAR_MISSES = frozenset(
    ("ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount", "StorageClass", "PriorityClass", "RuntimeClass")
)
_OTHER_NAMESPACE = regex(r"\b([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)\.svc\b")


def plan_leaning(known: Known) -> Iterator[Request]:
    """Ask for what pods and templates name, for what that names in turn, and for the names there are instead."""
    for namespace, spec in _specs(known):
        for ref in _named(namespace, spec):
            if ref not in known.snapshot.resources and not known.snapshot.lacks(ref):
                yield one(BY_KIND[ref.kind], ref.namespace, ref.name)
    yield from _claims(known)
    yield from _near_misses(known)
    yield from _called(known)
    if known.snapshot.all(Ingress):
        yield every("IngressClass", quiet=True)


def _specs(known: Known) -> Iterator[tuple[str, PodSpec]]:
    """The specs whose needs matter: of pods in trouble, of the others where there are few, of controllers without pods."""
    pods = known.representatives
    few = len(pods) <= _FEW and not known.broad
    for pod in pods:
        if few or not healthy(pod):
            yield pod.namespace, pod.spec
    for template in known.idle_templates:
        yield template.ref.namespace, template.spec


def _named(namespace: str, spec: PodSpec) -> Iterator[Ref]:
    for kind, name, *_ in (*spec.references(), *(r for c in spec.all_containers for r in c.references())):
        yield Ref("", kind, namespace, name)
    for item in spec.items("imagePullSecrets"):
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            yield Ref("", "Secret", namespace, item["name"])
    for name, _ in spec.claim_names():
        yield Claim.named(namespace, name)
    yield Ref("", "ServiceAccount", namespace, spec.service_account_name)
    for field, kind in (("priorityClassName", "PriorityClass"), ("runtimeClassName", "RuntimeClass")):
        if name := spec.text(field):
            yield Ref(BY_KIND[kind].group, kind, "", name)


def _claims(known: Known) -> Iterator[Request]:
    """The volume and the class of each claim that matters; all there are, and who else mounts it, where it waits."""
    named = {Claim.named(namespace, name) for namespace, spec in _specs(known) for name, _ in spec.claim_names()}
    for claim in known.snapshot.all(Claim):
        if claim.ref not in named and not known.target.includes(claim) and not (known.broad and claim.phase != "Bound"):
            continue
        if volume := claim.text("spec.volumeName"):
            yield one(BY_KIND["PersistentVolume"], "", volume)
        if claim.phase == "Bound":
            if claim.storage_class.name:
                yield one(BY_KIND[StorageClass.kind], "", claim.storage_class.name)
            continue
        yield every("StorageClass")
        yield every("PersistentVolume")
        yield every("Pod", claim.namespace)
    for pod in known.representatives:
        if not healthy(pod) and any(pod.spec.claim_names()) and not any(c.running for c in pod.all_containers):
            yield every("Pod", pod.namespace)


def _near_misses(known: Known) -> Iterator[Request]:
    """The names that there are of a kind, where one that was named is not there."""
    targets = set(known.target.refs)
    for ref in sorted(known.snapshot.missing):
        if ref.kind in _NEAR_MISSES or (ref in targets and ref.kind in known.kinds):
            names_only = ref.kind in _NAMES_ONLY
            yield every(known.kinds[ref.kind], ref.namespace, names_only=names_only, quiet=True)


def _called(known: Known) -> Iterator[Request]:
    """The pods behind the Services whose names stand in the environment of pods in trouble."""
    called = {ref for pod in known.representatives if not healthy(pod) for ref in _hosts(known, pod)}
    for ref in sorted(called)[:_MOST_CALLED]:
        service = known.snapshot.get(ref)
        if isinstance(service, Service) and service.selector:
            labels = ",".join(f"{k}={v}" for k, v in sorted(service.selector.items()))
            yield every("Pod", ref.namespace, labels=labels, quiet=True)
        elif service is None and not known.snapshot.lacks(ref):
            yield one(BY_KIND["Service"], ref.namespace, ref.name, quiet=True)


def _hosts(known: Known, pod: Pod) -> Iterator[Ref]:
    """The Services that the environment of a pod names: by their name, or as ``name.namespace.svc``."""
    values = [entry.text("value") for c in pod.all_containers for entry in c.env.values()]
    words = {word for value in values for word in re.split(r"[^a-z0-9-]+", value.lower())}
    for service in known.snapshot.all(Service):
        if service.namespace == pod.namespace and service.name in words:
            yield service.ref
    for value in values:
        for name, namespace in _OTHER_NAMESPACE.findall(value):
            if namespace != pod.namespace:
                yield Service.named(namespace, name)
