"""Claims, volumes and storage classes."""

from kubectl_diagnose.model.pod import Object
from kubectl_diagnose.model.view import Ref


class StorageClass(Object):
    group = "storage.k8s.io"
    kind = "StorageClass"
    plural = "storageclasses"
    namespaced = False

    @property
    def default(self) -> bool:
        return self.annotations.get("storageclass.kubernetes.io/is-default-class") == "true"


class PersistentVolume(Object):
    kind = "PersistentVolume"
    plural = "persistentvolumes"
    namespaced = False

    @property
    def phase(self) -> str:
        return self.text("status.phase")


class Claim(Object):
    """A persistent volume claim."""

    kind = "PersistentVolumeClaim"
    plural = "persistentvolumeclaims"

    @property
    def phase(self) -> str:
        return self.text("status.phase")

    @property
    def storage_class(self) -> Ref:
        """The class that it names; its name is '' where it names none."""
        return StorageClass.named("", self.text("spec.storageClassName"))
