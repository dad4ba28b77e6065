"""From a fix, the intent of a rule, to a repair, the command that applies it."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.findings import Finding, Fix, Kubectl, ObjectEdit, Repair, RolloutUndo, Safety, TemplateEdit
from kubectl_diagnose.fixes import managed, objects, rollout, verify
from kubectl_diagnose.fixes.commands import Commands, check_words, has_placeholder, type_word
from kubectl_diagnose.fixes.refused import RefusedError
from kubectl_diagnose.fixes.retarget import Plan, place_of, plan
from kubectl_diagnose.model import Container, Pod, Ref
from kubectl_diagnose.relations import pods_of
from kubectl_diagnose.snapshot import Snapshot

_UNDOABLE = {"Deployment", "StatefulSet", "DaemonSet"}
_CLUSTER_TYPES = {"node", "nodes", "namespace", "persistentvolume", "storageclass", "priorityclass", "clusterrole"}


class Maker(Struct, frozen=True, eq=False):
    """Makes repairs for the problems of one snapshot."""

    snapshot: Snapshot
    commands: Commands

    def make(self, fix: Fix, problem: Problem, claims: tuple[Finding, ...]) -> Repair:
        """Return the repair for a fix that claims to repair some findings; a manual one where there is no command."""
        if fix.safety is Safety.MANUAL or fix.change is None:
            return self._manual(fix, problem)
        try:
            return self._concrete(fix, problem, claims)
        except RefusedError as refused:
            return self._manual(fix, problem, str(refused))

    def _manual(self, fix: Fix, problem: Problem, *why: str) -> Repair:
        warnings = (*fix.warnings, *why)
        return Repair(fix.title, Safety.MANUAL, fix.basis, fix.value_from, problem.owner, warnings=warnings)

    def _concrete(self, fix: Fix, problem: Problem, claims: tuple[Finding, ...]) -> Repair:
        change = fix.change
        if isinstance(change, TemplateEdit):
            return self._template(fix, change, problem, claims)
        if isinstance(change, ObjectEdit):
            return self._object(fix, objects.plan(change, self.snapshot))
        if isinstance(change, Kubectl):
            return self._command(fix, change, problem)
        assert isinstance(change, RolloutUndo)
        return self._undo(fix, problem)

    def _template(self, fix: Fix, change: TemplateEdit, problem: Problem, claims: tuple[Finding, ...]) -> Repair:
        place = place_of(problem, self.snapshot)
        if place is None:
            raise RefusedError(f"the pod template of {problem.owner} could not be read")
        made = plan(place, change.pod_spec, self.snapshot)
        repair = self._object(fix, made)
        unsafe = made.recreate and fix.safety is Safety.SAFE and _ever_started(place.ref, self.snapshot)
        safety = Safety.UNSAFE if unsafe else fix.safety
        simulated = verify.verified(claims, fix.basis, place, made.result, self.snapshot)
        return replace(repair, safety=safety, verified=simulated)

    def _object(self, fix: Fix, made: Plan) -> Repair:
        write = self._writer(made)
        warnings = (*fix.warnings, *made.warnings, *managed.warnings(made.target, made.patch, self.snapshot))
        return Repair(
            fix.title, fix.safety, fix.basis, fix.value_from, made.target, made.type, made.patch,
            command=write(made.patch), undo=write(made.undo, made.target.kind != "CronJob") if made.undo else None,
            check=self._check(made.target), warnings=_once(warnings),
        )  # fmt: skip

    def _writer(self, made: Plan) -> Callable[..., str]:
        one = self.commands.recreate if made.recreate else self.commands.patch
        pods = self.commands.delete(made.delete)
        return lambda body, delete=True: one(made.target, made.type, body) + (f" && {pods}" if pods and delete else "")

    def _command(self, fix: Fix, change: Kubectl, problem: Problem) -> Repair:
        if has_placeholder((*change.words, *change.undo)):
            raise RefusedError("the command has a value in it that is not known")
        target = change.ref or problem.owner
        namespace = target.namespace if not _in_no_namespace(change.words) else ""
        command = self.commands.kubectl(namespace, *change.words)
        undo = self.commands.kubectl(namespace, *change.undo) if change.undo else None
        warnings = _once((*fix.warnings, *managed.warnings(target, change.words, self.snapshot)))
        check = self._check(target) if target in self.snapshot.resources else None
        return Repair(
            fix.title, fix.safety, fix.basis, fix.value_from, target,
            command=command, undo=undo, check=check, warnings=warnings,
        )  # fmt: skip

    def _undo(self, fix: Fix, problem: Problem) -> Repair:
        place = place_of(problem, self.snapshot)
        ref = place.ref if place else problem.owner
        if ref.kind not in _UNDOABLE or not rollout.has_older_revision(ref, self.snapshot):
            raise RefusedError(f"{ref} has no older revision to go back to")
        if rollout.paused(ref, self.snapshot):
            raise RefusedError(f"{ref} is paused, which refuses to go back")
        command = self.commands.kubectl(ref.namespace, "rollout", "undo", f"{type_word(ref)}/{ref.name}")
        pods, waits = rollout.not_replaced(ref, self.snapshot)
        delete = self.commands.delete(pods)
        warnings = (*fix.warnings, "takes back all that the newest revision changed", *waits)
        return Repair(
            fix.title, fix.safety, fix.basis, fix.value_from, ref,
            command=command + (f" && {delete}" if delete else ""), check=self._check(ref),
            warnings=_once((*warnings, *managed.warnings(ref, {}, self.snapshot))),
        )  # fmt: skip

    def _check(self, ref: Ref) -> str:
        resource = self.snapshot.get(ref)
        if resource is not None and resource.text("spec.updateStrategy.type") == "OnDelete":
            return self.commands.kubectl(ref.namespace, "get", type_word(ref), ref.name)
        if isinstance(resource, Pod) and resource.deleted is not None:
            return self.commands.kubectl(ref.namespace, "wait", "--for=delete", f"pod/{ref.name}", "--timeout=60s")
        return self.commands.kubectl(ref.namespace, *check_words(ref))


def _in_no_namespace(words: tuple[str, ...]) -> bool:
    named = {word.partition("/")[0] for word in words[1:2]}
    return bool(named & _CLUSTER_TYPES)


def _once(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _ever_started(ref: Ref, snapshot: Snapshot) -> bool:
    """Whether a container of an object has ever run, so that deleting it loses something."""
    pods = [pod for pod in (snapshot.get(r) for r in pods_of(snapshot, ref)) if isinstance(pod, Pod)]
    return any(_started(container) for pod in pods for container in pod.all_containers) or not pods


def _started(container: Container) -> bool:
    ended = container.last_exit is not None and container.last_exit.started_at is not None
    return container.running is not None or ended or container.status.restart_count > 0
