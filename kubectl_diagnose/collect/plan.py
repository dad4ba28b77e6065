"""
What to ask for next, given what is known. Pure: it yields all that is worth knowing; the collector subtracts what was
asked before, and stops when nothing is new.
"""

from collections.abc import Iterator

from kubectl_diagnose.collect.focus import Known, selector_of, selector_text
from kubectl_diagnose.collect.kinds import BY_KIND
from kubectl_diagnose.collect.leaning import plan_leaning
from kubectl_diagnose.collect.logs import plan_logs
from kubectl_diagnose.collect.owning import plan_owners
from kubectl_diagnose.collect.placing import plan_nodes
from kubectl_diagnose.collect.requests import Request, every, metrics, one, version
from kubectl_diagnose.collect.resolving import plan_resolving
from kubectl_diagnose.model import Object, Pod, Ref

AROUND = (
    "Event",
    "Service",
    "EndpointSlice",
    "Ingress",
    "NetworkPolicy",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "ResourceQuota",
    "LimitRange",
)
"""What is listed of each namespace, whatever is asked for."""
CONTROLLERS = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob")
MOST_SELECTORS = 6
"""Beyond this many, one list of a whole namespace costs less than a list for each selector."""


def plan(known: Known) -> list[Request]:
    """Return the requests that are worth making, the most important first, without repeats."""
    found: dict[object, Request] = {}
    for request in _all(known):
        if request.key not in known.asked and not _answered(known, request):
            found.setdefault(request.key, request)
    return list(found.values())


def _answered(known: Known, request: Request) -> bool:
    """Whether a list that was read to its end holds all that a request asks for."""
    return request.listing and request.info is not None and known.snapshot.complete(request.info.kind, request.namespace)


def _all(known: Known) -> Iterator[Request]:
    yield from _target(known)
    yield from _around(known)
    if not known.asked:
        return
    yield from _pods(known)
    yield from plan_owners(known)
    yield from plan_logs(known)
    yield from plan_nodes(known)
    yield from plan_leaning(known)
    yield from plan_resolving(known)
    yield from _events(known)


def _target(known: Known) -> Iterator[Request]:
    """The objects asked for; not reading them ends the diagnosis."""
    target = known.target
    for ref in target.refs:
        if ref.kind in known.kinds:
            yield one(known.kinds[ref.kind], ref.namespace, ref.name, critical=True)
    if target.refs:
        return
    kinds = target.kinds or ("Pod",)
    for namespace in known.namespaces or ("",):
        for kind in kinds:
            if kind in known.kinds:
                yield every(
                    known.kinds[kind],
                    namespace,
                    labels=target.selector,
                    fields=target.field_selector,
                    most=5000,
                    critical=True,
                )


def _around(known: Known) -> Iterator[Request]:
    """What stands around the objects in their namespaces."""
    yield version()
    target = known.target
    only_pods = target.kinds in ((), ("Pod",)) and not target.refs
    for namespace in known.namespaces:
        if namespace:
            yield one(BY_KIND["Namespace"], "", namespace, quiet=True)
        yield from (every(kind, namespace) for kind in AROUND)
        yield metrics("PodMetrics", namespace, target.selector if only_pods else "")
        if known.broad:
            yield from (every(kind, namespace, most=5000) for kind in ("Pod", *CONTROLLERS, "PersistentVolumeClaim"))


def _pods(known: Known) -> Iterator[Request]:
    """The pods of what was asked for, and where there are none, all that could be meant."""
    wanted: dict[str, dict[str, None]] = {}
    for subject in known.subjects:
        if selector := selector_text(selector_of(subject)):
            wanted.setdefault(subject.namespace, {})[selector] = None
        else:
            yield from _pods_otherwise(known, subject)
    for namespace, selectors in wanted.items():
        if len(selectors) > MOST_SELECTORS:
            yield every("Pod", namespace)
        elif not known.snapshot.complete(Pod.kind, namespace):
            yield from (every("Pod", namespace, labels=text) for text in selectors)
    yield from _nothing_selected(known)


def _scaled(known: Known, subject: Object) -> Iterator[Request]:
    """What an autoscaler is to scale; where that is not there, all that it could mean."""
    kind = BY_KIND.get(subject.text("spec.scaleTargetRef.kind"))
    if kind is not None:
        name = subject.text("spec.scaleTargetRef.name")
        yield one(kind, subject.namespace, name)
        if known.snapshot.lacks(Ref(kind.group, kind.kind, subject.namespace, name)):
            yield every(kind.kind, subject.namespace)


def _pods_otherwise(known: Known, subject: Object) -> Iterator[Request]:
    kind = subject.ref.kind
    if kind == "HorizontalPodAutoscaler":
        yield from _scaled(known, subject)
    elif kind == "CronJob":
        yield every("Job", subject.namespace)
    elif kind == "Node":
        yield every("Pod", "", fields=f"spec.nodeName={subject.name}")
        if subject.flag("spec.unschedulable"):
            yield every("PodDisruptionBudget", quiet=True)
    elif kind == "PersistentVolume" and subject.text("spec.claimRef.name"):
        namespace = subject.text("spec.claimRef.namespace")
        yield one(BY_KIND["PersistentVolumeClaim"], namespace, subject.text("spec.claimRef.name"))
        yield every("Pod", namespace)
    elif subject.namespace and kind not in ("Service", "Ingress"):
        yield every("Pod", subject.namespace)
        if kind not in BY_KIND:
            yield from (every(each, subject.namespace) for each in CONTROLLERS)


def _nothing_selected(known: Known) -> Iterator[Request]:
    """Where selectors match no pod: the pods and controllers that there are, for near misses and for pods never made."""
    target = known.target
    by_selector = bool(target.selector or target.field_selector) and target.kinds in ((), ("Pod",))
    nowhere = by_selector and not known.pods
    for namespace in known.namespaces:
        if nowhere:
            yield from (every(kind, namespace) for kind in (*CONTROLLERS, "Pod"))
    for service in known.subjects:
        selector = selector_of(service)
        lists = {every("Pod", service.namespace, labels=selector_text(selector)).key, every("Pod", service.namespace).key}
        if service.ref.kind == "Service" and selector and lists & known.asked and not _selected(known, service):
            yield from (every(kind, service.namespace) for kind in ("Pod", *CONTROLLERS[:4]))


def _selected(known: Known, service: Object) -> bool:
    wanted = service.strings("spec.selector").items()
    return any(p.namespace == service.namespace and wanted <= p.labels.items() for p in known.pods)


def _events(known: Known) -> Iterator[Request]:
    """Events one object at a time, where there were too many to list; those of nodes are in another namespace."""
    if any(p.node_name for p in known.pods) and not {"", "default"} & set(known.namespaces):
        yield every("Event", "default", fields="involvedObject.kind=Node", quiet=True)
    about: list[Ref] = [p.ref for p in known.representatives[:10]]
    about += [s.ref for s in known.subjects[:10] if s.namespace]
    for ref in about:
        if not known.snapshot.complete("Event", ref.namespace):
            yield every("Event", ref.namespace, fields=f"involvedObject.name={ref.name}", quiet=True)
