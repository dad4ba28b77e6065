"""Controllers that keep a pod template (apps/v1, batch/v1)."""

from functools import cached_property

from kubectl_diagnose.model.pod import Object, PodTemplate
from kubectl_diagnose.model.view import View


class Workload(Object):
    """A controller with a pod template."""

    template_path = "spec.template"

    @cached_property
    def template(self) -> PodTemplate:
        return self.part(self.template_path, PodTemplate)

    @property
    def ready_replicas(self) -> int:
        return self.number("status.readyReplicas")


class Deployment(Workload):
    group = "apps"
    kind = "Deployment"
    plural = "deployments"

    @property
    def paused(self) -> bool:
        return self.flag("spec.paused") is True


class ReplicaSet(Workload):
    group = "apps"
    kind = "ReplicaSet"
    plural = "replicasets"

    @property
    def revision(self) -> int:
        """Its number in the history of its Deployment, 0 where it has none."""
        written = self.annotations.get("deployment.kubernetes.io/revision", "")
        return int(written) if written.isdigit() else 0


class ReplicationController(Workload):
    kind = "ReplicationController"
    plural = "replicationcontrollers"


class StatefulSet(Workload):
    group = "apps"
    kind = "StatefulSet"
    plural = "statefulsets"

    @property
    def update_revision(self) -> str:
        return self.text("status.updateRevision")


class DaemonSet(Workload):
    group = "apps"
    kind = "DaemonSet"
    plural = "daemonsets"

    @property
    def replicas(self) -> int:
        return self.number("status.desiredNumberScheduled")

    @property
    def ready_replicas(self) -> int:
        return self.number("status.numberReady")


class ControllerRevision(Object):
    group = "apps"
    kind = "ControllerRevision"
    plural = "controllerrevisions"

    @property
    def revision(self) -> int:
        return self.number("revision")

    @cached_property
    def template(self) -> PodTemplate:
        return self.part("data.spec.template", PodTemplate)


class Job(Workload):
    group = "batch"
    kind = "Job"
    plural = "jobs"

    @property
    def suspended(self) -> bool:
        return self.flag("spec.suspend") is True

    @property
    def complete(self) -> bool:
        condition = self.condition("Complete")
        return condition is not None and condition.status == "True"

    @property
    def failed(self) -> bool:
        condition = self.condition("Failed")
        return condition is not None and condition.status == "True"


class CronJob(Workload):
    group = "batch"
    kind = "CronJob"
    plural = "cronjobs"
    template_path = "spec.jobTemplate.spec.template"

    @property
    def suspended(self) -> bool:
        return self.flag("spec.suspend") is True


class HorizontalPodAutoscaler(Object):
    group = "autoscaling"
    kind = "HorizontalPodAutoscaler"
    plural = "horizontalpodautoscalers"

    @property
    def target(self) -> View:
        """``spec.scaleTargetRef``"""
        return self.part("spec.scaleTargetRef", View)


class PodDisruptionBudget(Object):
    group = "policy"
    kind = "PodDisruptionBudget"
    plural = "poddisruptionbudgets"
