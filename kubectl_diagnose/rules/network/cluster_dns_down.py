"""
The DNS server of the cluster does not answer, so no name resolves.

## What you see
`i/o timeout`, `Temporary failure in name resolution` or `server misbehaving` for every host, in the logs of many programs.

## Why it happens
The pods of CoreDNS (`k8s-app=kube-dns` in `kube-system`) are not ready: they crash, find no node, or were scaled to zero.

## How to fix it
Diagnose them: `kubectl diagnose pods -n kube-system -l k8s-app=kube-dns`. The programs recover by themselves.
"""

from collections.abc import Iterator

from kubectl_diagnose.findings import Confidence, Finding, Fix, Safety, Severity
from kubectl_diagnose.model import EndpointSlice, Pod, Service
from kubectl_diagnose.readings.cluster_dns import dns_down, pods_unresolving, unresolving
from kubectl_diagnose.readings.misaddressed import failed_call
from kubectl_diagnose.readings.scheduler import explaining_pods
from kubectl_diagnose.rules import Rule
from kubectl_diagnose.snapshot import Snapshot

rule = Rule(
    __name__,
    title="Cluster DNS is down",
    severity=Severity.CRITICAL,
    needs=(Service, EndpointSlice, Pod),
    explains=explaining_pods(pods_unresolving, "container-restarting", "pod-not-ready", "container-not-started"),
    stage="sandbox",
)


@rule.check
def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Look at the DNS server where a log says that a name did not resolve."""
    down = dns_down(snapshot)
    said = [s.line for c in unresolving(snapshot) if (s := failed_call(c, snapshot)) and s.line is not None] if down else []
    if down is None or not said:
        return
    service, quoted = down
    yield rule.finding(
        service,
        "the cluster's DNS server is down: no pod of it is ready",
        *quoted,
        *(line.at() for line in said[:2]),
        confidence=Confidence.LIKELY,
        fix=Fix("Diagnose the pods of the DNS server", safety=Safety.MANUAL),
    )
