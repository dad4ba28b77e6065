"""Which mount of a container a path is on."""

import re

from kubectl_diagnose.model import Container, View

_LONGEST = 63


def mount_of(container: Container, path: str) -> View | None:
    """Return the volume mount that a path is on, the deepest; None where it is on the container's own file system."""
    found = []
    for mount in container.parts("volumeMounts", View):
        root = mount.text("mountPath").rstrip("/")
        if root and (path == root or path.startswith(f"{root}/")):
            found.append(mount)
    return max(found, key=lambda m: len(m.text("mountPath")), default=None)


def volume_of(container: Container, mount: View) -> View | None:
    """Return the volume of the pod that a mount shows."""
    return container.spec.volumes.get(mount.text("name"))


def free_volume_name(container: Container, directory: str) -> str:
    """Return a name for a volume to be mounted at a directory, one that the pod does not have yet."""
    name = re.sub(r"[^a-z0-9]+", "-", directory.lower()).strip("-")[:_LONGEST].rstrip("-") or "writable"
    taken = container.spec.volumes
    return name if name not in taken else f"{name[: _LONGEST - 9]}-writable"
