"""With which login the registry refused a pull: the pull secrets of the pod, and what is wrong with them."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from kubectl_diagnose.findings import Basis, Fix, Proof, Safety, TemplateEdit
from kubectl_diagnose.model import Container, Secret
from kubectl_diagnose.readings.history import earlier_image
from kubectl_diagnose.readings.pull import Pull
from kubectl_diagnose.snapshot import Snapshot

LOGIN_TYPES = ("kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg")


class Login(Struct, frozen=True, eq=False):
    """What is wrong with the login, the proof, and what would repair it."""

    what: str
    evidence: tuple[Proof, ...]
    fixes: tuple[Fix, ...]


def login_of(container: Container, pull: Pull, snapshot: Snapshot) -> Login:
    """Return what is known about the login that a refused pull was made with."""
    named = [s["name"] for s in container.spec.items("imagePullSecrets") if isinstance(s, dict) and s.get("name")]
    fixes = (*earlier_image(container, snapshot), *_name_one(container, named, snapshot))
    proof, told = container.spec.at("imagePullSecrets"), _not_retrieved(container, snapshot)
    if not named:
        return Login("it is private or does not exist, and the pod has no pull secret", (proof,), fixes or _make(pull))
    for name in named:
        ref = Secret.named(container.ref.namespace, name)
        if snapshot.lacks(ref) or (told is not None and f"({name})" in told.value and snapshot.get(ref) is None):
            absent: tuple[Proof, ...] = (snapshot.absence(ref),) if snapshot.lacks(ref) else ()
            return Login(f"pull secret {name!r} does not exist", (proof, *absent, *_one(told)), fixes or _make(pull, name))
        secret = snapshot.find(Secret, ref.namespace, name)
        if secret is not None and secret.text("type") not in ("", *LOGIN_TYPES):
            return Login(f"secret {name!r} is not a pull secret", (proof, secret.at("type")), fixes or _make(pull))
    return Login(f"the login in pull secret {named[0]!r} is not accepted", (proof,), fixes or _make(pull, named[0]))


def _one(told: Any) -> tuple[Proof, ...]:
    return () if told is None else (told,)


def _not_retrieved(container: Container, snapshot: Snapshot) -> Any:
    pod = snapshot.get(container.ref)
    events = snapshot.events(pod, "FailedToRetrieveImagePullSecret") if pod else []
    return events[-1].at("message") if events else None


def _name_one(container: Container, named: list[str], snapshot: Snapshot) -> Iterator[Fix]:
    """A pull secret of the namespace that the pod does not name, if there is exactly one, in place of those missing."""
    namespace = container.ref.namespace
    others = [s.name for s in snapshot.all(Secret) if s.namespace == namespace and s.text("type") in LOGIN_TYPES]
    others = [name for name in others if name not in named]
    gone = [name for name in named if snapshot.lacks(Secret.named(namespace, name))]
    if len(others) == 1 and len(gone) == len(named):
        entries: list[dict[str, Any]] = [{"name": others[0]}, *({"name": name, "$patch": "delete"} for name in gone)]
        said = "it is the only pull secret in the namespace"
        change = TemplateEdit({"imagePullSecrets": entries})
        yield Fix(f"Pull with secret {others[0]!r}", change, basis=Basis.BOUNDED, value_from=said)


def _make(pull: Pull, name: str = "") -> tuple[Fix, ...]:
    called = f"pull secret {name!r}" if name else "a pull secret"
    title = f"Correct the name of the image, or create {called} for {pull.host} and name it in imagePullSecrets"
    return (Fix(title, safety=Safety.MANUAL),)
