"""Pods, pod templates and the spec that both have."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from kubectl_diagnose.model.container import Container
from kubectl_diagnose.model.view import Raw, Ref, Resource, View, walk


class Condition(View):
    """An item of ``status.conditions``."""

    @property
    def time(self) -> datetime | None:
        return self.time_at("lastTransitionTime")

    @property
    def type(self) -> str:
        return self.text("type")

    @property
    def status(self) -> str:
        """``True``, ``False`` or ``Unknown``."""
        return self.text("status")

    @property
    def reason(self) -> str:
        return self.text("reason")

    @property
    def message(self) -> str:
        return self.text("message")


class OwnerReference(View):
    """An item of ``metadata.ownerReferences``."""

    @property
    def group(self) -> str:
        version = self.text("apiVersion")
        return version.partition("/")[0] if "/" in version else ""

    @property
    def owner(self) -> Ref:
        """The object that it names (an owner is in the namespace of what it owns, or in none)."""
        return Ref(self.group, self.text("kind"), self.ref.namespace, self.text("name"))


class Object(Resource):
    """A resource with the metadata that all have."""

    @property
    def name(self) -> str:
        return self.ref.name

    @property
    def namespace(self) -> str:
        return self.ref.namespace

    @property
    def api_version(self) -> str:
        return self.text("apiVersion")

    @property
    def uid(self) -> str:
        return self.text("metadata.uid")

    @cached_property
    def labels(self) -> dict[str, str]:
        return self.strings("metadata.labels")

    @cached_property
    def annotations(self) -> dict[str, str]:
        return self.strings("metadata.annotations")

    @cached_property
    def created(self) -> datetime | None:
        return self.time_at("metadata.creationTimestamp")

    @property
    def deleted(self) -> datetime | None:
        """``metadata.deletionTimestamp``: when it is to be gone, its grace period included; None while it stays."""
        return self.time_at("metadata.deletionTimestamp")

    @cached_property
    def controller(self) -> OwnerReference | None:
        """The owner that controls it, or None."""
        for item in self.items("metadata.ownerReferences"):
            if isinstance(item, dict) and item.get("controller") is True:
                return OwnerReference(self.ref, f"metadata.ownerReferences[{item.get('name', '')}]", item)
        return None

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """The conditions by type."""
        return {c.type: c for c in self.parts("status.conditions", Condition)}

    def condition(self, kind: str) -> Condition | None:
        """Return the condition of a type, or None."""
        return self.conditions.get(kind)

    @property
    def replicas(self) -> int:
        """``spec.replicas``, 1 where it is not set."""
        return self.number("spec.replicas", 1)


class PodSpec(View):
    """The spec of a pod or of a pod template."""

    def __init__(self, ref: Ref, path: str, raw: Any, whole: Raw) -> None:
        super().__init__(ref, path, raw)
        self._whole = whole

    def object_value(self, path: str) -> Any:
        """Return a value of the object that holds this spec."""
        return walk(self._whole, path)

    def _containers(self, field: str, init: bool) -> tuple[Container, ...]:
        return tuple(
            Container(self.ref, f"{self.path}.{field}[{raw['name']}]", raw, self, init)
            for raw in self.items(field)
            if isinstance(raw, dict) and isinstance(raw.get("name"), str)
        )

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        return self._containers("containers", init=False)

    @cached_property
    def init_containers(self) -> tuple[Container, ...]:
        return self._containers("initContainers", init=True)

    @property
    def all_containers(self) -> tuple[Container, ...]:
        """Init containers, then the others."""
        return self.init_containers + self.containers

    def container(self, name: str) -> Container | None:
        """Return the container of a name, or None."""
        return next((c for c in self.all_containers if c.name == name), None)

    @cached_property
    def volumes(self) -> dict[str, View]:
        return {v.text("name"): v for v in self.parts("volumes", View)}

    @property
    def node_selector(self) -> dict[str, str]:
        return self.strings("nodeSelector")

    @property
    def restart_policy(self) -> str:
        return self.text("restartPolicy") or "Always"

    @property
    def service_account_name(self) -> str:
        return self.text("serviceAccountName") or "default"

    def claim_names(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each claim that it mounts, and the volume's name."""
        for name, volume in self.volumes.items():
            claim = volume.text("persistentVolumeClaim.claimName")
            if claim:
                yield claim, name

    def references(self) -> Iterator[tuple[str, str, str | None, bool, str]]:
        """Yield what its volumes read, as ``Container.references`` does: key None, path relative to the spec."""
        for name, volume in self.volumes.items():
            for field, kind, named in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
                source = volume.mapping(field)
                if isinstance(source.get(named), str):
                    yield kind, source[named], None, source.get("optional") is True, f"volumes[{name}].{field}"
            for source in volume.items("projected.sources"):
                for field, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
                    named_source = source.get(field) if isinstance(source, dict) else None
                    if isinstance(named_source, dict) and isinstance(named_source.get("name"), str):
                        optional = named_source.get("optional") is True
                        yield kind, named_source["name"], None, optional, f"volumes[{name}].projected.sources"


class PodTemplate(View):
    """The pod template of a controller; for a pod without one, the pod itself."""

    @cached_property
    def spec(self) -> PodSpec:
        return PodSpec(self.ref, f"{self.path}.spec" if self.path else "spec", self.value("spec"), {})

    @cached_property
    def labels(self) -> dict[str, str]:
        return self.strings("metadata.labels")

    @cached_property
    def annotations(self) -> dict[str, str]:
        return self.strings("metadata.annotations")


class Pod(Object):
    """A pod."""

    kind = "Pod"
    plural = "pods"

    @cached_property
    def spec(self) -> PodSpec:
        return PodSpec(self.ref, "spec", self.value("spec"), self.raw)

    @property
    def containers(self) -> tuple[Container, ...]:
        """Its containers without the init containers."""
        return self.spec.containers

    @property
    def all_containers(self) -> tuple[Container, ...]:
        return self.spec.all_containers

    @property
    def phase(self) -> str:
        return self.text("status.phase")

    @property
    def reason(self) -> str:
        """``status.reason``: Evicted, DeadlineExceeded, NodeLost …"""
        return self.text("status.reason")

    @property
    def message(self) -> str:
        return self.text("status.message")

    @property
    def node_name(self) -> str:
        return self.text("spec.nodeName")

    @cached_property
    def ready(self) -> bool:
        condition = self.condition("Ready")
        return condition is not None and condition.status == "True"

    @property
    def finished(self) -> bool:
        """Whether it has ended and will not start again."""
        return self.phase in ("Succeeded", "Failed")

    @property
    def static(self) -> bool:
        """Whether a kubelet made it from a file on its node; the API server cannot change it."""
        return "kubernetes.io/config.mirror" in self.annotations

    @cached_property
    def template_hash(self) -> str:
        """What tells the revisions of its controller apart, or ''."""
        labels = self.labels
        return labels.get("pod-template-hash") or labels.get("controller-revision-hash") or ""

    @property
    def restarts(self) -> int:
        """The sum of the restarts of its containers (init containers that have finished do not count)."""
        return sum(c.status.restart_count for c in self.all_containers if not c.init or c.sidecar or not c.status.ready)
