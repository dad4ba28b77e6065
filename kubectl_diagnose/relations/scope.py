"""Which objects a target reaches: itself, its workload, and what stands before and behind it."""

from collections.abc import Iterator

from kubectl_diagnose.model import (
    Claim,
    ConfigMap,
    HorizontalPodAutoscaler,
    Ingress,
    LimitRange,
    Namespace,
    Node,
    Object,
    Pod,
    PodDisruptionBudget,
    Ref,
    ResourceQuota,
    Secret,
    Service,
    ServiceAccount,
    Workload,
)
from kubectl_diagnose.model.selector import matches, parse_selector
from kubectl_diagnose.relations import backends_of, pods_mounting, pods_on, services_of, targets_of, workload_of
from kubectl_diagnose.snapshot import Snapshot, Target


def scope(target: Target, snapshot: Snapshot) -> frozenset[Ref] | None:
    """Return what a target reaches, None where that is all (a namespace, the cluster)."""
    if target.everything:
        return None
    seeds = [o for o in snapshot.resources.values() if target.includes(o)]
    if not seeds and target.selector:
        wanted = parse_selector(target.selector)
        seeds = [o for o in snapshot.resources.values() if isinstance(o, Workload) and matches(wanted, o.template.labels)]
    reached: set[Ref] = set(target.refs)
    for seed in seeds:
        reached.add(seed.ref)
        for core in _leans_on(seed, snapshot):
            reached.update(workload_of(snapshot, core))
    for ref in sorted(reached):
        reached.update(_around(snapshot, ref))
    reached.update(_in_front(snapshot, reached))
    reached.update(_limits(snapshot, {ref.namespace for ref in reached}))
    return frozenset(reached)


def _leans_on(seed: Object, snapshot: Snapshot) -> Iterator[Ref]:
    """The pods and workloads that an object is about."""
    if isinstance(seed, Service):
        yield from backends_of(snapshot, seed.ref)
    elif isinstance(seed, Ingress):
        for name in seed.services:
            service = Service.named(seed.namespace, name)
            yield service
            yield from backends_of(snapshot, service)
    elif isinstance(seed, Claim | ConfigMap | Secret):
        yield from pods_mounting(snapshot, seed.ref)
    elif isinstance(seed, HorizontalPodAutoscaler):
        yield from targets_of(snapshot, seed.ref)
    elif isinstance(seed, Node):
        yield from pods_on(snapshot, seed.ref)
    else:
        yield seed.ref


def _around(snapshot: Snapshot, ref: Ref) -> Iterator[Ref]:
    """What stands before an object (Services, autoscalers) and behind it (node, claims, configuration)."""
    resource = snapshot.get(ref)
    if isinstance(resource, Pod | Workload):
        yield from services_of(snapshot, ref)
        yield from (h.ref for h in snapshot.all(HorizontalPodAutoscaler) if ref in targets_of(snapshot, h.ref))
    if not isinstance(resource, Pod):
        return
    yield Node.named("", resource.node_name)
    yield ServiceAccount.named(ref.namespace, resource.spec.service_account_name)
    yield from (Claim.named(ref.namespace, name) for name, _ in resource.spec.claim_names())
    if not resource.node_name:
        yield from (node.ref for node in snapshot.all(Node))


def _in_front(snapshot: Snapshot, reached: set[Ref]) -> Iterator[Ref]:
    """The Ingresses that send to a Service that is reached."""
    for ingress in snapshot.all(Ingress):
        if any(Service.named(ingress.namespace, name) in reached for name in ingress.services):
            yield ingress.ref


def _limits(snapshot: Snapshot, namespaces: set[str]) -> Iterator[Ref]:
    for kind in (ResourceQuota, LimitRange, PodDisruptionBudget):
        yield from (o.ref for o in snapshot.all(kind) if o.namespace in namespaces)
    yield from (Namespace.named("", name) for name in namespaces)
