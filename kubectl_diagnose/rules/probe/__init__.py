"""Rules: probes."""

from kubectl_diagnose.model import Probe

_RESTARTS = frozenset({"container-restarting", "container-not-started"})


def narrowed(probe: Probe) -> frozenset[str] | None:
    """Say which symptoms a probe's fault can explain: a readiness probe restarts nothing. None leaves the rule's own."""
    if probe.kind != "readiness":
        return None
    return frozenset({"pod-not-ready", "rollout-stuck", "service-without-endpoints"})
