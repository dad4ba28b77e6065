"""Containers of a pod or of a pod template, and their probes."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kubectl_diagnose.model.quantity import parse_bytes, parse_millicores
from kubectl_diagnose.model.status import ContainerStatus, Running, Terminated, Waiting
from kubectl_diagnose.model.view import Raw, Ref, View

if TYPE_CHECKING:
    from kubectl_diagnose.model.pod import PodSpec

PROBES = ("startup", "liveness", "readiness")


class Probe(View):
    """A startup, liveness or readiness probe of a container, defaults filled in."""

    def __init__(self, container: "Container", kind: str) -> None:
        super().__init__(container.ref, f"{container.path}.{kind}Probe", container.value(f"{kind}Probe"))
        self.container = container
        self.kind = kind

    @cached_property
    def handler(self) -> str:
        """``httpGet``, ``tcpSocket``, ``grpc``, ``exec`` or ''."""
        return next((h for h in ("httpGet", "tcpSocket", "grpc", "exec") if h in self.raw), "")

    @property
    def port_written(self) -> int | str | None:
        """The port as the spec has it: a number, a name, or None."""
        port = self.value(f"{self.handler}.port")
        return int(port) if isinstance(port, str) and port.isdigit() else port if isinstance(port, int | str) else None

    @property
    def port(self) -> int | None:
        """The port number, a name looked up among the container's own ports; None where there is none."""
        written = self.port_written
        return self.container.port_named(written) if isinstance(written, str) else written

    @property
    def port_path(self) -> str:
        """The path of the port field, relative to the probe."""
        return f"{self.handler}.port"

    @property
    def http_path(self) -> str:
        return self.text("httpGet.path") or "/"

    @property
    def scheme(self) -> str:
        return self.text("httpGet.scheme") or "HTTP"

    @property
    def host(self) -> str:
        """``httpGet.host`` or ``tcpSocket.host``; '' means the pod's own address."""
        return self.text(f"{self.handler}.host")

    @property
    def command(self) -> list[str]:
        return [c for c in self.items("exec.command") if isinstance(c, str)]

    @property
    def initial_delay(self) -> int:
        return self.number("initialDelaySeconds")

    @property
    def period(self) -> int:
        return self.number("periodSeconds", 10) or 10

    @property
    def timeout(self) -> int:
        return self.number("timeoutSeconds", 1) or 1

    @property
    def failure_threshold(self) -> int:
        return self.number("failureThreshold", 3) or 3

    @property
    def budget(self) -> int:
        """Seconds from the start of a container to the first moment that this probe can have failed for good."""
        return self.initial_delay + self.period * (self.failure_threshold - 1)


class Container(View):
    """A container of a pod (with its status) or of a template (without)."""

    def __init__(self, ref: Ref, path: str, raw: Raw, spec: "PodSpec", init: bool) -> None:
        super().__init__(ref, path, raw)
        self.spec = spec
        self.init = init

    @property
    def name(self) -> str:
        return self.text("name")

    @property
    def image(self) -> str:
        return self.text("image")

    @property
    def sidecar(self) -> bool:
        """Whether it is an init container that keeps running (``restartPolicy: Always``)."""
        return self.init and self.text("restartPolicy") == "Always"

    @property
    def command(self) -> list[str]:
        return [c for c in self.items("command") if isinstance(c, str)]

    @property
    def args(self) -> list[str]:
        return [c for c in self.items("args") if isinstance(c, str)]

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        return tuple(Probe(self, kind) for kind in PROBES if isinstance(self.value(f"{kind}Probe"), dict))

    def probe(self, kind: str) -> Probe | None:
        """Return the probe of a kind (``readiness``, ``liveness``, ``startup``), or None."""
        return next((p for p in self.probes if p.kind == kind), None)

    @cached_property
    def declared_ports(self) -> dict[int, str]:
        """Declared TCP port numbers and their names; documentation only, a port works without it."""
        return {
            port["containerPort"]: port.get("name") or ""
            for port in self.items("ports")
            if isinstance(port, dict) and isinstance(port.get("containerPort"), int) and port.get("protocol", "TCP") == "TCP"
        }

    def port_named(self, name: str) -> int | None:
        """Return the number of the container's own port of that name, or None."""
        return next((number for number, called in self.declared_ports.items() if called == name), None)

    @cached_property
    def env(self) -> dict[str, View]:
        """The entries of ``env`` by name."""
        return {entry.text("name"): entry for entry in self.parts("env", View)}

    def env_value(self, name: str) -> str:
        """Return the literal value of an environment variable, or ''."""
        entry = self.env.get(name)
        return entry.text("value") if entry else ""

    def memory(self, what: str) -> int | None:
        """Return ``requests`` or ``limits`` of memory in bytes, or None."""
        return parse_bytes(self.value(f"resources.{what}.memory"))

    def cpu(self, what: str) -> int | None:
        """Return ``requests`` or ``limits`` of CPU in millicores, or None."""
        return parse_millicores(self.value(f"resources.{what}.cpu"))

    @cached_property
    def status(self) -> ContainerStatus:
        """Its status; empty for a container of a template, or one that the kubelet has not reported yet."""
        kind = "initContainerStatuses" if self.init else "containerStatuses"
        path = f"status.{kind}[{self.name}]"
        return ContainerStatus(self.ref, path, self.spec.object_value(path))

    @property
    def waiting(self) -> Waiting | None:
        return self.status.waiting

    @property
    def waiting_reason(self) -> str:
        """The reason why it waits, or ''."""
        return self.status.waiting.reason if self.status.waiting else ""

    @property
    def running(self) -> Running | None:
        return self.status.running

    @property
    def last_exit(self) -> Terminated | None:
        return self.status.last_exit

    def effective(self, field: str) -> Any:
        """Return a securityContext field as it applies: the container's, else the pod's."""
        own = self.value(f"securityContext.{field}")
        return self.spec.value(f"securityContext.{field}") if own is None else own

    def references(self) -> Iterator[tuple[str, str, str | None, bool, str]]:
        """
        Yield what its environment reads from elsewhere.

        Each is ``(kind, name, key, optional, path)``: kind ``ConfigMap`` or ``Secret``, key None for envFrom,
        path relative to the container.
        """
        for entry in self.parts("env", View):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                source = entry.mapping(f"valueFrom.{field}")
                if source.get("name"):
                    path = f"env[{entry.text('name')}].valueFrom.{field}"
                    yield kind, str(source["name"]), str(source.get("key", "")), source.get("optional") is True, path
        for source in self.items("envFrom"):
            for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                named = source.get(field) if isinstance(source, dict) else None
                if isinstance(named, dict) and named.get("name"):
                    yield kind, str(named["name"]), None, named.get("optional") is True, "envFrom"
