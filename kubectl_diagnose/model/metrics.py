"""Usage samples of metrics.k8s.io (one sample, averaged over some 15 s; it never disproves a peak)."""

from kubectl_diagnose.model.pod import Object
from kubectl_diagnose.model.quantity import parse_bytes, parse_millicores


class PodMetrics(Object):
    group = "metrics.k8s.io"
    kind = "PodMetrics"
    plural = "pods"

    def memory(self, container: str) -> int | None:
        """Return the working set of a container in bytes, or None."""
        return parse_bytes(self.value(f"containers[{container}].usage.memory"))

    def cpu(self, container: str) -> int | None:
        """Return the CPU used by a container in millicores, or None."""
        return parse_millicores(self.value(f"containers[{container}].usage.cpu"))


class NodeMetrics(Object):
    group = "metrics.k8s.io"
    kind = "NodeMetrics"
    plural = "nodes"
    namespaced = False
