"""What a container was like before: the same container in older revisions of its owner, and edits that go back to it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from kubectl_diagnose.findings import Basis, Fix, RolloutUndo, TemplateEdit
from kubectl_diagnose.model import Container, ControllerRevision, Deployment, Pod, ReplicaSet
from kubectl_diagnose.relations import children, owner, pods_of, replica_sets
from kubectl_diagnose.snapshot import Snapshot


class Earlier(Struct, frozen=True, eq=False):
    """A container of an older revision; ``ran`` says whether pods of that revision are ready."""

    container: Container
    name: str
    ran: bool


def edit(container: Container, **fields: Any) -> TemplateEdit:
    """Return an edit of fields of one container of the template."""
    return TemplateEdit({_list(container): [{"name": container.name, **fields}]})


def _list(container: Container) -> str:
    return "initContainers" if container.init else "containers"


def earlier(container: Container, snapshot: Snapshot) -> list[Earlier]:
    """Return a container as older revisions have it, those that run first, then the newest first."""
    found = [*_in_replica_sets(container, snapshot), *_in_pods(container, snapshot), *_in_revisions(container, snapshot)]
    return sorted(found, key=lambda e: not e.ran)


def _in_replica_sets(container: Container, snapshot: Snapshot) -> Iterator[Earlier]:
    pod = snapshot.get(container.ref)
    present = pod.template_hash if isinstance(pod, Pod) else ""
    for replica_set in replica_sets(snapshot, owner(snapshot, container.ref)):
        old = replica_set.template.spec.container(container.name)
        if old is not None and replica_set.labels.get("pod-template-hash") != present:
            yield Earlier(old, f"revision {replica_set.revision}", replica_set.ready_replicas > 0)


def _in_pods(container: Container, snapshot: Snapshot) -> Iterator[Earlier]:
    present = snapshot.get(container.ref)
    top = owner(snapshot, container.ref)
    if not isinstance(present, Pod) or top.kind not in ("StatefulSet", "DaemonSet"):
        return
    for ref in pods_of(snapshot, top):
        pod = snapshot.get(ref)
        old = pod.spec.container(container.name) if isinstance(pod, Pod) else None
        if isinstance(pod, Pod) and old is not None and pod.template_hash != present.template_hash:
            yield Earlier(old, f"revision {pod.template_hash}", pod.ready)


def _in_revisions(container: Container, snapshot: Snapshot) -> Iterator[Earlier]:
    """What a StatefulSet or DaemonSet keeps of the templates it had."""
    present = snapshot.get(container.ref)
    every = map(snapshot.get, children(snapshot, owner(snapshot, container.ref)))
    kept = [revision for revision in every if isinstance(revision, ControllerRevision)]
    for revision in sorted(kept, key=lambda r: -r.revision):
        old = revision.template.spec.container(container.name)
        current = isinstance(present, Pod) and revision.name.endswith(f"-{_hash(present)}")
        if old is not None and not current:
            yield Earlier(old, f"revision {revision.revision}", ran=False)


def _hash(pod: Pod) -> str:
    """The end of the name of a pod's revision: its label holds the name (StatefulSet) or the end alone (DaemonSet)."""
    return pod.template_hash.rpartition("-")[2]


def earlier_image(container: Container, snapshot: Snapshot) -> Iterator[Fix]:
    """Yield fixes that go back to the image before: of an older revision, else one that runs elsewhere."""
    past = next((e for e in earlier(container, snapshot) if e.container.image != container.image), None)
    if past is not None:
        image = past.container.image
        basis = Basis.PROVEN if past.ran else Basis.BOUNDED
        said = f"{past.name} {'runs' if past.ran else 'had'} it"
        yield Fix(f"Go back to image {image!r}", edit(container, image=image), basis=basis, value_from=said)
        yield Fix("Go back to the revision before", RolloutUndo(), basis=basis, value_from=said)
        return
    near = _running_elsewhere(container, snapshot)
    if near is not None:
        said = f"container {near.name!r} of {near.ref} runs it"
        yield Fix(f"Use image {near.image!r}", edit(container, image=near.image), basis=Basis.BOUNDED, value_from=said)


def repository(image: str) -> str:
    """Return an image's name without tag and digest."""
    bare = image.partition("@")[0]
    head, colon, tail = bare.rpartition(":")
    return head if colon and "/" not in tail else bare


def _running_elsewhere(container: Container, snapshot: Snapshot) -> Container | None:
    """A running container with another image of the same repository, the one name that all such agree on."""
    wanted = repository(container.image)
    found = {
        c.image: c
        for pod in snapshot.all(Pod)
        for c in pod.containers
        if c.running and c.status.ready and c.image != container.image and repository(c.image) == wanted
    }
    return next(iter(found.values())) if len(found) == 1 else None


def earlier_command(container: Container, snapshot: Snapshot) -> Iterator[Fix]:
    """Yield the fix that goes back to the command and arguments of an older revision, where they differ."""
    now = (container.items("command"), container.items("args"))
    for past in earlier(container, snapshot):
        then = (past.container.items("command"), past.container.items("args"))
        if then != now:
            change = edit(container, command=list(then[0]) or None, args=list(then[1]) or None)
            basis, said = (Basis.PROVEN, "runs it") if past.ran else (Basis.BOUNDED, "had it")
            yield Fix("Go back to the command before", change, basis=basis, value_from=f"{past.name} {said}")
            return


def waits_since(container: Container, snapshot: Snapshot) -> datetime | None:
    """Return when a container that does not start failed first, as far as events and conditions tell."""
    pod = snapshot.get(container.ref)
    failed = [e.first_seen for e in snapshot.events(container, "Failed", "InspectFailed") if e.first_seen]
    condition = pod.condition("ContainersReady") if pod else None
    return min(failed, default=condition.time if condition else None)


def template_change(deployment: Deployment, revision: ReplicaSet) -> str:
    """Return the path of the first field of its template that differs from a revision's, '' where none does."""
    paths = [f"{c.path}.{field}" for c in deployment.template.spec.all_containers for field in sorted(c.raw)]
    fields = {*deployment.mapping("spec.template.spec"), *revision.mapping("spec.template.spec")}
    paths += [f"spec.template.spec.{field}" for field in sorted(fields)] + ["spec.template.metadata.annotations"]
    return next((path for path in paths if deployment.value(path) != revision.value(path)), "")
