"""Configuration, services, nodes, limits and events (core/v1, discovery.k8s.io, networking.k8s.io)."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from kubectl_diagnose.model.pod import Condition, Object
from kubectl_diagnose.model.quantity import parse_bytes, parse_millicores, parse_quantity
from kubectl_diagnose.model.view import Ref, View


class ConfigMap(Object):
    kind = "ConfigMap"
    plural = "configmaps"

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.mapping("data")) | frozenset(self.mapping("binaryData"))


class Secret(Object):
    """A Secret; its values were dropped when it was decoded, the names of its keys were kept."""

    kind = "Secret"
    plural = "secrets"

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.mapping("data"))


class ServiceAccount(Object):
    kind = "ServiceAccount"
    plural = "serviceaccounts"


class Namespace(Object):
    kind = "Namespace"
    plural = "namespaces"
    namespaced = False


class ServicePort(View):
    """An item of ``spec.ports`` of a Service."""

    @property
    def port(self) -> int:
        return self.number("port")

    @property
    def target(self) -> int | str:
        """Where it sends to: a number, or the name of a container port."""
        target = self.value("targetPort")
        if isinstance(target, str) and target.isdigit():
            return int(target)
        return target if isinstance(target, int | str) and target else self.port

    @property
    def protocol(self) -> str:
        return self.text("protocol") or "TCP"


class Service(Object):
    kind = "Service"
    plural = "services"

    @cached_property
    def selector(self) -> dict[str, str]:
        return self.strings("spec.selector")

    @cached_property
    def ports(self) -> tuple[ServicePort, ...]:
        return tuple(self.parts("spec.ports", ServicePort))

    @property
    def type(self) -> str:
        return self.text("spec.type") or "ClusterIP"


class EndpointSlice(Object):
    group = "discovery.k8s.io"
    kind = "EndpointSlice"
    plural = "endpointslices"

    @property
    def service(self) -> str:
        """The name of the Service that it belongs to."""
        return self.labels.get("kubernetes.io/service-name", "")


class Ingress(Object):
    group = "networking.k8s.io"
    kind = "Ingress"
    plural = "ingresses"

    def backends(self) -> Iterator[tuple[Any, str]]:
        """Yield the backend of the default rule and of every path, and its path in the object."""
        if self.mapping("spec.defaultBackend"):
            yield self.mapping("spec.defaultBackend"), "spec.defaultBackend"
        for rule in self.items("spec.rules"):
            http = rule.get("http") if isinstance(rule, dict) else None
            paths = http.get("paths") if isinstance(http, dict) else None
            for path in paths if isinstance(paths, list) else ():
                if isinstance(path, dict) and isinstance(path.get("backend"), dict):
                    yield path["backend"], "spec.rules"

    @property
    def services(self) -> list[str]:
        """The names of the Services that it sends to."""
        named = [backend.get("service") for backend, _ in self.backends()]
        return [str(service.get("name", "")) for service in named if isinstance(service, dict)]


class IngressClass(Object):
    group = "networking.k8s.io"
    kind = "IngressClass"
    plural = "ingressclasses"
    namespaced = False


class NetworkPolicy(Object):
    group = "networking.k8s.io"
    kind = "NetworkPolicy"
    plural = "networkpolicies"


class ResourceQuota(Object):
    kind = "ResourceQuota"
    plural = "resourcequotas"


class LimitRange(Object):
    kind = "LimitRange"
    plural = "limitranges"


class PriorityClass(Object):
    group = "scheduling.k8s.io"
    kind = "PriorityClass"
    plural = "priorityclasses"
    namespaced = False


class RuntimeClass(Object):
    group = "node.k8s.io"
    kind = "RuntimeClass"
    plural = "runtimeclasses"
    namespaced = False


class Node(Object):
    kind = "Node"
    plural = "nodes"
    namespaced = False

    @property
    def ready(self) -> Condition | None:
        return self.condition("Ready")

    @property
    def unschedulable(self) -> bool:
        return self.flag("spec.unschedulable") is True

    @cached_property
    def taints(self) -> tuple[View, ...]:
        return tuple(self.parts("spec.taints", View))

    def allocatable(self, resource: str) -> int:
        """Return what pods may have of a resource: bytes, millicores, or pieces; 0 where it offers none."""
        value = self.mapping("status.allocatable").get(resource)
        if resource == "cpu":
            return parse_millicores(value) or 0
        if resource in ("memory", "ephemeral-storage"):
            return parse_bytes(value) or 0
        return int(parse_quantity(value) or 0)

    @property
    def architecture(self) -> str:
        return self.text("status.nodeInfo.architecture")


class Event(Object):
    """
    An event, read as core/v1.

    Two recorders write them: the older one counts in ``count`` and ``lastTimestamp``, that of events.k8s.io in
    ``series`` and ``eventTime``, which core/v1 shows with the older fields empty (client-go tools/events).
    """

    kind = "Event"
    plural = "events"

    @property
    def time(self) -> datetime | None:
        return self.last_seen

    @cached_property
    def about(self) -> Ref:
        """The object that it is about."""
        version = self.text("involvedObject.apiVersion")
        group = version.partition("/")[0] if "/" in version else ""
        names = (self.text(f"involvedObject.{field}") for field in ("kind", "namespace", "name"))
        return Ref(group, *names)

    @property
    def about_uid(self) -> str:
        return self.text("involvedObject.uid")

    @cached_property
    def container(self) -> str:
        """The container that it is about (``involvedObject.fieldPath``), or ''."""
        field = self.text("involvedObject.fieldPath")
        return field.partition("{")[2].rstrip("}") if "ontainers{" in field else ""

    @property
    def reason(self) -> str:
        return self.text("reason")

    @property
    def message(self) -> str:
        return self.text("message") or self.text("note")

    @property
    def type(self) -> str:
        return self.text("type")

    @property
    def count(self) -> int:
        return self.number("series.count") or self.number("count") or 1

    @cached_property
    def last_seen(self) -> datetime | None:
        return (
            self.time_at("series.lastObservedTime")
            or self.time_at("lastTimestamp")
            or self.time_at("eventTime")
            or self.created
        )

    @property
    def first_seen(self) -> datetime | None:
        return self.time_at("firstTimestamp") or self.time_at("eventTime") or self.created
