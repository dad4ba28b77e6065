"""Which objects of a snapshot the target is about: those asked for, and the pods that are theirs."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from kubectl_diagnose.collect.kinds import BY_KIND, KindInfo
from kubectl_diagnose.collect.transport import Query
from kubectl_diagnose.model import Ingress, Node, Object, Pod, PodTemplate, Ref, Service, Workload
from kubectl_diagnose.model.selector import Requirement, label_selector, matches, parse_selector
from kubectl_diagnose.relations import controller_of, pods_mounting, targets_of
from kubectl_diagnose.snapshot import Snapshot, Target


class Known(Struct, frozen=True, eq=False, dict=True):
    """What was asked for, what is known so far, and which requests were made to know it."""

    target: Target
    snapshot: Snapshot
    asked: frozenset[tuple[str, Query, bool]] = frozenset()
    kinds: Mapping[str, KindInfo] = field(default_factory=lambda: BY_KIND)

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces to look in: '' for the whole cluster, none for objects that have no namespace."""
        target = self.target
        if target.all_namespaces:
            return ("",)
        if target.refs:
            spaces = {r.name if r.kind == "Namespace" else r.namespace for r in target.refs}
            return tuple(sorted(spaces - {""}))
        scoped = [k for k in target.kinds if k not in self.kinds or self.kinds[k].namespaced]
        return (target.namespace,) if scoped or not target.kinds else ()

    @cached_property
    def broad(self) -> bool:
        """Whether everything in its namespaces is asked for."""
        return self.target.everything or any(r.kind == "Namespace" for r in self.target.refs)

    def here(self, resource: Object) -> bool:
        """Whether an object is in one of the namespaces to look in."""
        return "" in self.namespaces or resource.namespace in self.namespaces

    @cached_property
    def subjects(self) -> tuple[Object, ...]:
        """The objects asked for, other than pods, and those that they stand for (an autoscaler for its target)."""
        resources = self.snapshot.resources.values()
        found = {o.ref: o for o in resources if self._asked_for(o)}
        for subject in list(found.values()):
            for ref in self._stands_for(subject):
                other = self.snapshot.get(ref)
                if other is not None:
                    found[ref] = other
        return tuple(found[ref] for ref in sorted(found))

    def _asked_for(self, resource: Object) -> bool:
        if isinstance(resource, Pod) or resource.kind in ("Event", "PodMetrics", "NodeMetrics"):
            return False
        if self.broad:
            return isinstance(resource, Workload | Service) and self.here(resource)
        return bool(self.target.refs or resource.ref.kind in self.target.kinds) and self.target.includes(resource)

    def _stands_for(self, subject: Object) -> Iterator[Ref]:
        yield from targets_of(self.snapshot, subject.ref)
        if isinstance(subject, Ingress):
            for backend, _ in subject.backends():
                name = (backend.get("service") or {}).get("name")
                yield Service.named(subject.namespace, str(name))
        for resource in self.snapshot.resources.values():
            if resource.ref.kind == "Job" and controller_of(self.snapshot, resource.ref) == subject.ref:
                yield resource.ref

    @cached_property
    def pods(self) -> tuple[Pod, ...]:
        """The pods that the target is about."""
        everyone = self.snapshot.all(Pod)
        if self.broad:
            return tuple(p for p in everyone if self.here(p))
        wants_pods = not self.target.kinds or "Pod" in self.target.kinds
        chosen = {p.ref: p for p in everyone if wants_pods and self.target.includes(p)}
        for subject in self.subjects:
            chosen.update((p.ref, p) for p in self._pods_of(subject, everyone))
        return tuple(chosen[ref] for ref in sorted(chosen))

    def _pods_of(self, subject: Object, everyone: Iterable[Pod]) -> Iterator[Pod]:
        wanted = selector_of(subject)
        mounting = set() if wanted else set(pods_mounting(self.snapshot, subject.ref))
        for pod in everyone:
            if isinstance(subject, Node):
                if pod.node_name == subject.name:
                    yield pod
            elif pod.namespace == subject.namespace:
                owned = controller_of(self.snapshot, pod.ref) == subject.ref
                if owned or pod.ref in mounting or (wanted and matches(wanted, pod.labels)):
                    yield pod

    @cached_property
    def representatives(self) -> tuple[Pod, ...]:
        """One pod for each template among them, the least healthy one."""
        found: dict[tuple[Any, ...], Pod] = {}
        for pod in sorted(self.pods, key=lambda p: (healthy(p), -p.restarts, p.name)):
            parent = controller_of(self.snapshot, pod.ref)
            found.setdefault((parent or pod.ref, pod.template_hash), pod)
        return tuple(found.values())

    @cached_property
    def idle_templates(self) -> tuple[PodTemplate, ...]:
        """The templates of controllers asked for that have no pods here."""
        wanted = [s for s in self.subjects if isinstance(s, Workload)]
        if self.target.selector and not self.pods:
            wanted += [w for w in self.workloads_here if matches(parse_selector(self.target.selector), w.template.labels)]
        labels = [p.labels for p in self.pods]
        return tuple(w.template for w in wanted if not any(matches(selector_of(w) or _NEVER, each) for each in labels))

    @property
    def workloads_here(self) -> list[Workload]:
        """The controllers known in the namespaces to look in."""
        return [w for w in self.snapshot.resources.values() if isinstance(w, Workload) and self.here(w)]


_NEVER = (Requirement("", "exists"),)


def selector_of(resource: Object) -> tuple[Requirement, ...]:
    """Return what an object selects its pods by; nothing where it does not select any."""
    raw = resource.value("spec.selector")
    if resource.ref.kind in ("Service", "ReplicationController"):
        return tuple(Requirement(k, "in", (str(v),)) for k, v in raw.items()) if isinstance(raw, dict) else ()
    if resource.ref.kind == "NetworkPolicy":
        raw = resource.value("spec.podSelector")
    return label_selector(raw) or ()


def selector_text(requirements: Iterable[Requirement]) -> str:
    """Write requirements as the text of a label selector."""
    return ",".join(_text(r) for r in requirements)


def _text(requirement: Requirement) -> str:
    key, operator, values = requirement
    if operator == "exists":
        return key
    if operator == "!":
        return f"!{key}"
    if operator == "in" and len(values) == 1:
        return f"{key}={values[0]}"
    return f"{key} {operator} ({','.join(values)})"


def healthy(pod: Pod) -> bool:
    """Whether nothing about a pod asks for a closer look."""
    return pod.phase == "Succeeded" or (pod.phase == "Running" and pod.ready and pod.restarts == 0)
