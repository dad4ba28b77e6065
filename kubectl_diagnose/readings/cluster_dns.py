"""Whether the DNS server of the cluster is down, and who cannot resolve names."""

from collections.abc import Iterator

from kubectl_diagnose.model import Container, EndpointSlice, Evidence, Pod, Ref, Service, View
from kubectl_diagnose.readings.log import CrashKind
from kubectl_diagnose.readings.misaddressed import failed_call
from kubectl_diagnose.relations import representatives
from kubectl_diagnose.snapshot import Snapshot

NAMESPACE, SERVICE = "kube-system", "kube-dns"
LABELS = {"k8s-app": "kube-dns"}
"""CoreDNS and kube-dns are both found by these names (kubernetes cluster/addons/dns)."""


def dns_down(snapshot: Snapshot) -> tuple[Service, tuple[Evidence, ...]] | None:
    """Return the Service of the cluster's DNS and what shows that nothing answers behind it; a cluster may have none."""
    service = snapshot.get(Service.named(NAMESPACE, SERVICE))
    if not isinstance(service, Service):
        return None
    pods = [p for p in snapshot.all(Pod) if p.namespace == NAMESPACE and p.labels.items() >= LABELS.items()]
    slices = [s for s in snapshot.all(EndpointSlice) if (s.namespace, s.service) == (NAMESPACE, SERVICE)]
    serving = any(p.ready for p in pods) or any(map(_serves, slices))
    unready = [p.conditions["Ready"].at("status") for p in pods if "Ready" in p.conditions]
    quoted = (*unready[:2], *(s.at("endpoints") for s in slices[:1]))
    return None if serving or not quoted else (service, quoted)


def _serves(endpoints: EndpointSlice) -> bool:
    parts = (View(endpoints.ref, "", e) for e in endpoints.items("endpoints"))
    return any(part.flag("conditions.ready") is not False for part in parts)


def unresolving(snapshot: Snapshot) -> Iterator[Container]:
    """Yield the containers in trouble whose log says that a name did not resolve."""
    for pod in representatives(snapshot):
        for container in pod.all_containers:
            said = failed_call(container, snapshot)
            if said is not None and said.kind is CrashKind.HOST_UNRESOLVABLE:
                yield container


def pods_unresolving(snapshot: Snapshot, _: Ref) -> Iterator[Ref]:
    """The pods whose log says that a name did not resolve."""
    for container in unresolving(snapshot):
        yield container.ref
