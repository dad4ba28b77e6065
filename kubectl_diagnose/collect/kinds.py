"""The kinds that can be asked for: a table of those built in, discovery for the others."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from kubectl_diagnose.collect.transport import Transport


class KindInfo(NamedTuple):
    """How the API spells a kind."""

    kind: str
    group: str
    version: str
    plural: str
    short: tuple[str, ...] = ()
    namespaced: bool = True
    singular: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that means it, in lower case."""
        return (self.plural, self.singular or self.kind.lower(), self.kind.lower(), *self.short)

    @property
    def api_version(self) -> str:
        """``apps/v1``, ``v1`` …"""
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of one object, or of the list where no name is given; of all namespaces without one."""
        base = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        scope = f"/namespaces/{quote(namespace, safe='')}" if self.namespaced and namespace else ""
        return f"{base}{scope}/{self.plural}" + (f"/{quote(name, safe='')}" if name else "")


TABLE: tuple[KindInfo, ...] = (
    KindInfo("Pod", "", "v1", "pods", ("po",)),
    KindInfo("Deployment", "apps", "v1", "deployments", ("deploy",)),
    KindInfo("ReplicaSet", "apps", "v1", "replicasets", ("rs",)),
    KindInfo("ReplicationController", "", "v1", "replicationcontrollers", ("rc",)),
    KindInfo("StatefulSet", "apps", "v1", "statefulsets", ("sts",)),
    KindInfo("DaemonSet", "apps", "v1", "daemonsets", ("ds",)),
    KindInfo("ControllerRevision", "apps", "v1", "controllerrevisions"),
    KindInfo("Job", "batch", "v1", "jobs"),
    KindInfo("CronJob", "batch", "v1", "cronjobs", ("cj",)),
    KindInfo("HorizontalPodAutoscaler", "autoscaling", "v2", "horizontalpodautoscalers", ("hpa",)),
    KindInfo("PodDisruptionBudget", "policy", "v1", "poddisruptionbudgets", ("pdb",)),
    KindInfo("Service", "", "v1", "services", ("svc",)),
    KindInfo("Endpoints", "", "v1", "endpoints", ("ep",)),
    KindInfo("EndpointSlice", "discovery.k8s.io", "v1", "endpointslices"),
    KindInfo("Ingress", "networking.k8s.io", "v1", "ingresses", ("ing",)),
    KindInfo("IngressClass", "networking.k8s.io", "v1", "ingressclasses", (), False),
    KindInfo("NetworkPolicy", "networking.k8s.io", "v1", "networkpolicies", ("netpol",)),
    KindInfo("ConfigMap", "", "v1", "configmaps", ("cm",)),
    KindInfo("Secret", "", "v1", "secrets"),
    KindInfo("ServiceAccount", "", "v1", "serviceaccounts", ("sa",)),
    KindInfo("Namespace", "", "v1", "namespaces", ("ns",), False),
    KindInfo("Node", "", "v1", "nodes", ("no",), False),
    KindInfo("PersistentVolumeClaim", "", "v1", "persistentvolumeclaims", ("pvc",)),
    KindInfo("PersistentVolume", "", "v1", "persistentvolumes", ("pv",), False),
    KindInfo("StorageClass", "storage.k8s.io", "v1", "storageclasses", ("sc",), False),
    KindInfo("ResourceQuota", "", "v1", "resourcequotas", ("quota",)),
    KindInfo("LimitRange", "", "v1", "limitranges", ("limits",)),
    KindInfo("PriorityClass", "scheduling.k8s.io", "v1", "priorityclasses", ("pc",), False),
    KindInfo("RuntimeClass", "node.k8s.io", "v1", "runtimeclasses", (), False),
    KindInfo("Event", "", "v1", "events", ("ev",)),
)
METRICS: tuple[KindInfo, ...] = (
    KindInfo("PodMetrics", "metrics.k8s.io", "v1beta1", "pods"),
    KindInfo("NodeMetrics", "metrics.k8s.io", "v1beta1", "nodes", (), False),
)
BY_KIND: dict[str, KindInfo] = {info.kind: info for info in (*TABLE, *METRICS)}


def kind_named(word: str, known: Iterable[KindInfo] = TABLE) -> KindInfo | None:
    """Return the kind that a word means (``po``, ``Pods``, ``deployments.apps``, ``deployment.v1.apps``), or None."""
    name, _, rest = word.lower().partition(".")
    for info in known:
        groups = {info.group, f"{info.version}.{info.group}".rstrip(".")}
        if name in info.words and (not rest or rest in groups):
            return info
    return None


def kind_of_type(word: str) -> tuple[str, str, str, bool] | None:
    """Return group, kind, plural and whether it is namespaced for a word that means a built-in kind, or None."""
    found = kind_named(word)
    return (found.group, found.kind, found.plural, found.namespaced) if found else None


def discover(word: str, transport: "Transport") -> KindInfo | None:
    """Look a word up in what the cluster itself serves; None where it serves no such kind."""
    group = word.lower().partition(".")[2]
    for base in _versions(transport, group):
        found = kind_named(word, _served(transport, base))
        if found is not None:
            return found
    return None


def _versions(transport: "Transport", group: str) -> list[str]:
    groups = [g for g in _read(transport, "/apis").get("groups") or [] if isinstance(g, dict)]
    groups.sort(key=lambda g: g.get("name") != group)
    preferred = [(g.get("preferredVersion") or {}).get("groupVersion") for g in groups]
    return ["/api/v1", *(f"/apis/{version}" for version in preferred if version)]


def _served(transport: "Transport", base: str) -> list[KindInfo]:
    version = base.split("/", 2)[2]
    group, _, number = version.rpartition("/")
    return [
        KindInfo(
            kind=str(item.get("kind", "")),
            group=group,
            version=number,
            plural=str(item.get("name", "")),
            short=tuple(item.get("shortNames") or ()),
            namespaced=item.get("namespaced") is True,
            singular=str(item.get("singularName") or ""),
        )
        for item in _read(transport, base).get("resources") or []
        if isinstance(item, dict) and "/" not in str(item.get("name", ""))
    ]


def _read(transport: "Transport", path: str) -> dict[str, Any]:
    from kubectl_diagnose.collect.decode import decode
    from kubectl_diagnose.collect.errors import TransportError

    try:
        answer = transport.get(path)
    except TransportError:
        return {}
    return decode(answer.body) if answer.status == 200 else {}
