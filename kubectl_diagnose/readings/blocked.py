"""Which call that timed out a NetworkPolicy does not allow: a drop is a timeout, never a refusal, and no event tells of it."""

from functools import lru_cache

from msgspec import Struct

from kubectl_diagnose.model import Container, NetworkPolicy, Pod, Service
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.cluster_dns import NAMESPACE
from kubectl_diagnose.readings.hosts import service_ref
from kubectl_diagnose.readings.log import CrashKind
from kubectl_diagnose.readings.misaddressed import Said, failed_call
from kubectl_diagnose.readings.policies import Other, allowed, policies_for
from kubectl_diagnose.relations import backends_of
from kubectl_diagnose.snapshot import LogLine, Snapshot

_LATE = regex(r"(?i)time(?:d)?[ -]?out|ETIMEDOUT|temporary failure|EAI_AGAIN|deadline exceeded")


class Blocked(Struct, frozen=True, eq=False):
    """A call that is not allowed: the policies in its way, and whether it is DNS, ``egress`` or ``ingress``."""

    what: str
    policies: tuple[NetworkPolicy, ...]
    host: str
    port: int
    line: LogLine


@lru_cache(maxsize=1024)
def blocked(container: Container, snapshot: Snapshot) -> Blocked | None:
    """Return the call of a container in trouble that timed out and that policies do not allow, or None."""
    said, pod = failed_call(container, snapshot), snapshot.get(container.ref)
    if said is None or said.line is None or not isinstance(pod, Pod) or not _LATE.search(said.line.line):
        return None
    if said.kind is CrashKind.HOST_UNRESOLVABLE:
        return _resolving(pod, said, said.line, snapshot)
    return _calling(pod, said, said.line, snapshot)


def _resolving(pod: Pod, said: Said, line: LogLine, snapshot: Snapshot) -> Blocked | None:
    policies = policies_for(pod, "Egress", snapshot)
    if not policies or allowed(policies, "Egress", Other(NAMESPACE, None), 53, "UDP"):
        return None
    return Blocked("dns", tuple(policies), said.host, 53, line)


def _calling(pod: Pod, said: Said, line: LogLine, snapshot: Snapshot) -> Blocked | None:
    ref = service_ref(said.host, pod.namespace, snapshot) if said.host else None
    service = snapshot.get(ref) if ref else None
    target = _target(service, said.port) if isinstance(service, Service) else None
    behind = [p for p in (snapshot.get(r) for r in backends_of(snapshot, ref or pod.ref)) if isinstance(p, Pod)]
    if target is None or not behind:
        return None
    out = policies_for(pod, "Egress", snapshot)
    if out and not any(allowed(out, "Egress", Other(p.namespace, p.labels), target) for p in behind):
        return Blocked("egress", tuple(out), said.host, target, line)
    into = policies_for(behind[0], "Ingress", snapshot)
    if into and not allowed(into, "Ingress", Other(pod.namespace, pod.labels), target):
        return Blocked("ingress", tuple(into), said.host, target, line)
    return None


def _target(service: Service, port: int | None) -> int | None:
    """The number of the port of the pods: policies see that, not the Service's."""
    found = [p.target for p in service.ports if p.port == port or (port is None and len(service.ports) == 1)]
    return found[0] if found and isinstance(found[0], int) else None
