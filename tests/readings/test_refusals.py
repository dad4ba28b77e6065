"""What the API server answers to controllers, and what would satisfy it."""

import pytest

from kubectl_diagnose.model import Pod, PodSpec
from kubectl_diagnose.readings.admission import decode
from kubectl_diagnose.readings.capacity import effective_request
from kubectl_diagnose.readings.limits import bounds, conforming
from kubectl_diagnose.readings.pod_security import clauses
from kubectl_diagnose.readings.pod_security import conforming as secure
from kubectl_diagnose.readings.quota import amounts

FORBIDDEN = 'Error creating: pods "web-1" is forbidden: '
MI = 2**20


def spec(**fields: object) -> PodSpec:
    raw = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}, "spec": fields}
    return Pod(raw).spec


@pytest.mark.parametrize(
    ("message", "kind", "name"),
    [
        ("exceeded quota: team, requested: pods=1, used: pods=1, limited: pods=1", "quota-exceeded", "team"),
        ("failed quota: team: must specify limits.memory for: web", "quota-unspecified", "team"),
        ("maximum memory usage per Container is 128Mi, but limit is 512Mi", "limit-range", None),
        ("cpu max limit to request ratio per Container is 4, but provided ratio is 10.000000", "limit-range", None),
        ('violates PodSecurity "restricted:latest": seccompProfile (pod must)', "pod-security", None),
        ('error looking up service account shop/web: serviceaccount "web" not found', "service-account", "web"),
        ("no PriorityClass with name gold was found", "priority-class", "gold"),
        ('pod rejected: RuntimeClass "gvisor" not found', "runtime-class", "gvisor"),
        ('admission webhook "a.b" denied the request: no', "webhook-denied", "a.b"),
        ('admission webhook "a.b" denied the request without explanation', "webhook-denied", "a.b"),
        ('Internal error occurred: failed calling webhook "a.b": x', "webhook-unreachable", "a.b"),
        ("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", "policy-denied", "p"),
        ("object is being deleted", "other", None),
    ],
)
def test_kinds(message: str, kind: str, name: str | None) -> None:
    found, details = decode(FORBIDDEN + message)
    assert (found, details.get("name")) == (kind, name)


def test_amounts() -> None:
    assert amounts("limits.memory=100Mi,requests.cpu=1") == {"limits.memory": "100Mi", "requests.cpu": "1"}


def test_several_bounds_at_once() -> None:
    most = "maximum memory usage per Container is 128Mi, but limit is 512Mi"
    text = f"[{most}, minimum cpu usage per Container is 50m, but request is 10m]"
    resources = {"requests": {"memory": "512Mi", "cpu": "10m"}, "limits": {"memory": "512Mi"}}
    container = spec(containers=[{"name": "web", "resources": resources}]).containers[0]
    assert conforming(container, bounds(text)) == {
        "requests": {"memory": "128Mi", "cpu": "50m"},
        "limits": {"memory": "128Mi"},
    }


def test_pod_security_covers_every_container() -> None:
    text = (
        'allowPrivilegeEscalation != false (containers "init", "web" must set it to false), '
        'runAsNonRoot != true (pod or containers "init", "web" must set securityContext.runAsNonRoot=true)'
    )
    template = spec(
        initContainers=[{"name": "init", "securityContext": {"runAsNonRoot": False}}],
        containers=[{"name": "web"}],
    )
    assert secure(template, clauses(text)) == {
        "securityContext": {"runAsNonRoot": True},
        "initContainers": [{"name": "init", "securityContext": {"allowPrivilegeEscalation": False, "runAsNonRoot": True}}],
        "containers": [{"name": "web", "securityContext": {"allowPrivilegeEscalation": False}}],
    }


def test_pod_security_leaves_host_paths_to_people() -> None:
    assert secure(spec(containers=[{"name": "web"}]), clauses('hostPath volumes (volume "data")')) is None


def test_effective_request() -> None:
    def asks(name: str, memory: str, **more: str) -> dict[str, object]:
        return {"name": name, "resources": {"requests": {"memory": memory}}, **more}

    pod = spec(
        initContainers=[asks("init", "500Mi"), asks("proxy", "50Mi", restartPolicy="Always"), asks("late", "300Mi")],
        containers=[asks("web", "100Mi"), {"name": "limited", "resources": {"limits": {"memory": "200Mi"}}}],
        overhead={"memory": "10Mi"},
    )
    assert effective_request(pod, "memory") == 510 * MI
