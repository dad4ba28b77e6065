"""What a Pod Security refusal demands (k8s.io/pod-security-admission/policy), and the edit of a pod spec that grants it."""

from collections.abc import Callable
from typing import Any

from kubectl_diagnose.model import Container, PodSpec
from kubectl_diagnose.model.patterns import regex

_CLAUSE = regex(r"(?:^|, )([^,()]+?) \(((?:[^()]|\([^()]*\))*)\)")
_SECURITY = "securityContext"
Edit = dict[str, Any]


def clauses(text: str) -> list[tuple[str, str]]:
    """Return the names of the checks that a refusal lists, each with what it says."""
    return [(name.strip(), said) for name, said in _CLAUSE.findall(text)]


def _escalation(container: Container) -> Edit:
    return {_SECURITY: {"allowPrivilegeEscalation": False}}


def _drop_all(container: Container) -> Edit:
    added = [c for c in container.items(f"{_SECURITY}.capabilities.add") if c == "NET_BIND_SERVICE"]
    more: Edit = {"add": added or None} if container.items(f"{_SECURITY}.capabilities.add") else {}
    return {_SECURITY: {"capabilities": {"drop": ["ALL"], **more}}}


def _fewer_capabilities(container: Container) -> Edit:
    return {_SECURITY: {"capabilities": {"add": None}}} if container.items(f"{_SECURITY}.capabilities.add") else {}


def _unprivileged(container: Container) -> Edit:
    return {_SECURITY: {"privileged": None}} if container.value(f"{_SECURITY}.privileged") else {}


def _non_root(container: Container) -> Edit:
    return {_SECURITY: {"runAsNonRoot": True}} if container.value(f"{_SECURITY}.runAsNonRoot") is False else {}


def _own_user(container: Container) -> Edit:
    return {_SECURITY: {"runAsUser": None}} if container.value(f"{_SECURITY}.runAsUser") == 0 else {}


def _seccomp(container: Container) -> Edit:
    kind = container.text(f"{_SECURITY}.seccompProfile.type")
    return {_SECURITY: {"seccompProfile": {"type": "RuntimeDefault"}}} if kind == "Unconfined" else {}


def _no_host_port(container: Container) -> Edit:
    ports = [p for p in container.items("ports") if isinstance(p, dict) and p.get("hostPort")]
    return {"ports": [{"containerPort": p["containerPort"], "hostPort": None} for p in ports]} if ports else {}


def _nothing(container: Container) -> Edit:
    return {}


# What each check wants of the pod, and of each container. Checks that are not here take a human.
_POD: dict[str, Edit] = {
    "runAsNonRoot != true": {_SECURITY: {"runAsNonRoot": True}},
    "seccompProfile": {_SECURITY: {"seccompProfile": {"type": "RuntimeDefault"}}},
    "host namespaces": {"hostNetwork": None, "hostPID": None, "hostIPC": None},
}
_CONTAINER: dict[str, Callable[[Container], Edit]] = {
    "allowPrivilegeEscalation != false": _escalation,
    "unrestricted capabilities": _drop_all,
    "runAsNonRoot != true": _non_root,
    "runAsUser=0": _own_user,
    "seccompProfile": _seccomp,
    "non-default capabilities": _fewer_capabilities,
    "privileged": _unprivileged,
    "hostPort": _no_host_port,
    "host namespaces": _nothing,
}


def _merge(into: Edit, more: Edit) -> Edit:
    for key, value in more.items():
        into[key] = _merge(into[key], value) if isinstance(value, dict) and isinstance(into.get(key), dict) else _copy(value)
    return into


def _copy(value: Any) -> Any:
    return _merge({}, value) if isinstance(value, dict) else value


def conforming(spec: PodSpec, named: list[tuple[str, str]]) -> Edit | None:
    """Return the edit that satisfies every check for every container; None where one of them takes a human."""
    names = [name for name, _ in named]
    if not names or any(name not in _CONTAINER for name in names):
        return None
    edit: Edit = {}
    for name in names:
        _merge(edit, _POD.get(name, {}))
    if "runAsUser=0" in names and spec.value(f"{_SECURITY}.runAsUser") == 0:
        _merge(edit, {_SECURITY: {"runAsUser": None}})
    for container in spec.all_containers:
        wanted: Edit = {}
        for name in names:
            _merge(wanted, _CONTAINER[name](container))
        if wanted:
            field = "initContainers" if container.init else "containers"
            edit.setdefault(field, []).append({"name": container.name, **wanted})
    return edit


def with_user(edit: Edit, user: int) -> Edit:
    """Return an edit that also sets the user of the pod."""
    return _merge(_merge({}, edit), {_SECURITY: {"runAsUser": user}})
