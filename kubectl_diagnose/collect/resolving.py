"""What is asked for only where a log says that a host name did not resolve: who else has the name, and the cluster's DNS."""

from collections.abc import Iterator

from kubectl_diagnose.collect.focus import Known, healthy
from kubectl_diagnose.collect.kinds import BY_KIND
from kubectl_diagnose.collect.requests import Request, every, one
from kubectl_diagnose.model import Pod

_MOST_HOSTS = 3


def plan_resolving(known: Known) -> Iterator[Request]:
    """Ask for Services of that name in other namespaces, for the Service of the cluster's DNS, and for its pods."""
    logged = {ref for ref, _, _ in known.snapshot.logs}
    hosts = {host for pod in known.representatives if pod.ref in logged and not healthy(pod) for host in _hosts(known, pod)}
    for host in sorted(hosts)[:_MOST_HOSTS]:
        name, _, rest = host.partition(".")
        spaces = {ref.namespace for ref in known.snapshot.resources if ref.kind == "Service"}
        if name and (not rest or rest in spaces or ".svc" in f".{rest}"):
            yield every("Service", "", fields=f"metadata.name={name}", quiet=True)
    if hosts:
        yield from _dns()


def _dns() -> Iterator[Request]:
    from kubectl_diagnose.readings.cluster_dns import LABELS, NAMESPACE, SERVICE

    labels = ",".join(f"{k}={v}" for k, v in LABELS.items())
    yield one(BY_KIND["Service"], NAMESPACE, SERVICE, quiet=True)
    yield every("Pod", NAMESPACE, labels=labels, quiet=True)
    yield every("EndpointSlice", NAMESPACE, labels=f"kubernetes.io/service-name={SERVICE}", quiet=True)


def _hosts(known: Known, pod: Pod) -> Iterator[str]:
    from kubectl_diagnose.readings.log import CrashKind
    from kubectl_diagnose.readings.misaddressed import failed_call

    for container in pod.all_containers:
        said = failed_call(container, known.snapshot)
        if said is not None and said.kind is CrashKind.HOST_UNRESOLVABLE:
            yield said.host
