"""The command that checks a proof by hand."""

import json
import re
import shlex
from typing import Any

import pytest

from kubectl_diagnose.fixes.commands import type_word
from kubectl_diagnose.model import ConfigMap, Event, Evidence, Pod, PodMetrics, Ref, StorageClass
from kubectl_diagnose.model.view import walk
from kubectl_diagnose.report.quoting import command_for, jsonpath
from kubectl_diagnose.snapshot import Absence, Target
from tests.report.sample import TARGET, event, pod, shop, snapshot, status

PROBE = {"httpGet": {"path": "/health", "port": 8081}}
RAW: dict[str, Any] = pod(
    statuses=[status("web", last={"terminated": {"exitCode": 137}}), status("side")],
    metadata={"annotations": {"a.b/c": "x", "with space": "y", "semi;colon$(x)": "z"}},
    spec={
        "containers": [
            {
                "name": "web",
                "readinessProbe": PROBE,
                "ports": [{"containerPort": 8080, "name": "http"}, {"containerPort": 9090}],
                "env": [{"name": "PORT", "value": "1"}, {"name": "weird]", "value": "2"}],
                "volumeMounts": [{"mountPath": "/var/lib.d", "name": "data"}],
                "resources": {"limits": {"nvidia.com/gpu": "1", "memory": "1Gi"}},
            },
            {"name": "side.car"},
        ],
        "tolerations": [{"key": "a.b/c", "effect": "NoSchedule"}],
    },
)
STEP = re.compile(r'\.((?:\\.|[^.\[\\])+)|\[\?\(@\.(\w+)==("[^"]*"|\d+)\)\]')

PATHS = {
    "spec.containers[web].readinessProbe.httpGet.port": '{.spec.containers[?(@.name=="web")].readinessProbe.httpGet.port}',
    "spec.containers[web].ports[8080].name": '{.spec.containers[?(@.name=="web")].ports[?(@.containerPort==8080)].name}',
    "spec.containers[side.car].name": '{.spec.containers[?(@.name=="side.car")].name}',
    "spec.containers[web].env[PORT].value": '{.spec.containers[?(@.name=="web")].env[?(@.name=="PORT")].value}',
    "spec.containers[web].volumeMounts[/var/lib.d].name": (
        '{.spec.containers[?(@.name=="web")].volumeMounts[?(@.mountPath=="/var/lib.d")].name}'
    ),
    "spec.containers[web].resources.limits[nvidia.com/gpu]": (
        '{.spec.containers[?(@.name=="web")].resources.limits.nvidia\\.com/gpu}'
    ),
    "spec.tolerations[a.b/c].effect": '{.spec.tolerations[?(@.key=="a.b/c")].effect}',
    "status.conditions[Ready].status": '{.status.conditions[?(@.type=="Ready")].status}',
    "status.containerStatuses[web].lastState.terminated.exitCode": (
        '{.status.containerStatuses[?(@.name=="web")].lastState.terminated.exitCode}'
    ),
    "metadata.annotations[a.b/c]": "{.metadata.annotations.a\\.b/c}",
    "metadata.annotations[with space]": "{.metadata.annotations.with\\ space}",
    "metadata.annotations[semi;colon$(x)]": "{.metadata.annotations.semi\\;colon\\$\\(x\\)}",
    "metadata.ownerReferences[web-6d5f].kind": '{.metadata.ownerReferences[?(@.name=="web-6d5f")].kind}',
}


def read(raw: Any, path: str) -> Any:
    """Read the part of kubectl's jsonpath that is written here."""
    for match in STEP.finditer(path.strip("{}")):
        plain, field, wanted = match.groups()
        if plain is not None:
            raw = raw.get(re.sub(r"\\(.)", r"\1", plain))
        else:
            raw = next(item for item in raw if item.get(field) == json.loads(wanted))
    return raw


@pytest.mark.parametrize(("path", "expected"), PATHS.items())
def test_paths_become_jsonpath_that_reads_the_same(path: str, expected: str) -> None:
    found = jsonpath(path, RAW)
    assert found == expected
    assert read(RAW, expected) == walk(RAW, path) is not None


@pytest.mark.parametrize("path", PATHS)
def test_paths_are_read_alike_where_the_object_is_not_known(path: str) -> None:
    assert jsonpath(path, None) == PATHS[path]


def test_what_is_not_there_has_a_command_too() -> None:
    assert jsonpath("spec.containers[web].livenessProbe", RAW) == '{.spec.containers[?(@.name=="web")].livenessProbe}'
    assert jsonpath("spec.volumes[none].name", RAW) == '{.spec.volumes[?(@.name=="none")].name}'


def test_the_whole_object_and_quotes_are_shown_as_yaml() -> None:
    known = snapshot(RAW)
    first = known.all(Pod)[0]
    assert command_for(first.at(), known, TARGET).endswith("get pod web-6d5f-aaaaa -o yaml")
    odd = Evidence(first.ref, 'spec.containers[a"b].image', None)
    assert command_for(odd, known, TARGET).endswith("-o yaml")


def test_commands_carry_namespace_and_flags_and_are_quoted() -> None:
    known = snapshot(RAW)
    found = command_for(known.all(Pod)[0].containers[0].at("readinessProbe.httpGet.port"), known, TARGET)
    path = '{.spec.containers[?(@.name=="web")].readinessProbe.httpGet.port}'
    assert found == f"kubectl -n shop --context 'kind dev' get pod web-6d5f-aaaaa -o jsonpath='{path}'"
    assert shlex.split(found)[-1] == f"jsonpath={path}"


def test_events() -> None:
    known = snapshot(event())
    command = command_for(known.all(Event)[0].at("message"), known, Target())
    assert command == "kubectl -n shop get event web.1 -o jsonpath='{.message}'"
    command = command_for(known.all(Event)[0].at("note"), known, Target())
    assert command == "kubectl -n shop get event web.1 -o jsonpath='{.message}'"


def test_logs() -> None:
    known = shop()
    container = known.all(Pod)[0].containers[0]
    command = command_for(known.log(container, previous=True).line(1).at(), known, Target())
    assert command == "kubectl -n shop logs web-6d5f-aaaaa -c web --previous --tail=20"
    long = snapshot(RAW, logs={(container.ref, "web", False): ("line",) * 50})
    command = command_for(long.log(container).line(3).at(), long, Target())
    assert command == "kubectl -n shop logs web-6d5f-aaaaa -c web --tail=47"


def test_metrics() -> None:
    source = PodMetrics.named("shop", "web-1")
    command = command_for(Evidence(source, "containers[web].usage.memory", "1Mi"), snapshot(), Target())
    assert command == "kubectl -n shop top pod web-1 --containers"


def test_secrets_are_described_never_printed() -> None:
    source = Ref("", "Secret", "shop", "db")
    assert command_for(Evidence(source, "data[password]", ""), snapshot(), Target()) == "kubectl -n shop describe secret db"


def test_absences_list_the_kind() -> None:
    assert command_for(Absence(ConfigMap.named("shop", "x"), 3), snapshot(), Target()) == "kubectl -n shop get configmap"
    assert command_for(Absence(StorageClass.named("", "x"), 3), snapshot(), Target()) == "kubectl get storageclass"


def test_custom_kinds_carry_their_group() -> None:
    assert type_word(Ref("argoproj.io", "Rollout", "shop", "web")) == "rollout.argoproj.io"
    assert type_word(Ref("apps", "Deployment", "shop", "web")) == "deployment"
