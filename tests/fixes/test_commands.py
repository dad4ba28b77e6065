"""Commands survive a shell, and carry what they need."""

import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_diagnose.fixes.commands import Commands, compact, has_placeholder, type_word
from kubectl_diagnose.model import Deployment, Node, Ref, Service

REF = Deployment.named("shop", "api")
TRICKY = ["it's", '"quoted"', "$HOME `id` $(id)", "a\nb", "\\n", "!history", "*", "ümläut", "", "--", "~", "a'b'c", "{a,b}"]


def through(shell: str, command: str) -> list[str]:
    """The words that a shell makes of a command."""
    script = command.replace("kubectl ", "printf '%s\\0' ", 1)
    done = subprocess.run([shell, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh"])
def test_a_shell_reads_the_words_that_were_meant(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert through(shell, Commands().kubectl("shop", *TRICKY)) == ["-n", "shop", *TRICKY]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.text(max_size=9), st.one_of(st.none(), st.integers(), st.text(max_size=20)), max_size=3))
def test_a_patch_comes_out_of_bash_as_it_went_in(body: dict[str, Any]) -> None:
    words = through("bash", Commands().patch(REF, "strategic", {"spec": body}))
    assert words[:5] == ["-n", "shop", "patch", "deployment", "api"]
    assert json.loads(words[-1]) == {"spec": body}


def test_every_flag_is_repeated_and_no_token_is_printed() -> None:
    flags = ("--context", "dev cluster", "--token", "t0ken", "--as=me", "--token=other", "--kubeconfig=/a b")
    written = Commands(flags).kubectl("shop", "get", "pod")
    assert written == "kubectl -n shop --context 'dev cluster' --as=me --kubeconfig='/a b' get pod"


def test_both_ends_of_a_pipeline_have_the_flags() -> None:
    written = Commands(("--context=dev",)).recreate(REF, "json", [])
    assert written.count("kubectl -n shop --context=dev ") == 2
    assert written.endswith("replace --force -f -")


def test_keys_stay_in_order() -> None:
    assert compact({"b": 1, "a": [1, {"d": None, "c": "ü"}]}) == '{"b":1,"a":[1,{"d":null,"c":"ü"}]}'


@pytest.mark.parametrize(
    ("ref", "word"),
    [
        (REF, "deployment"),
        (Ref("networking.k8s.io", "Ingress", "shop", "x"), "ingress"),
        (Ref("argoproj.io", "Rollout", "shop", "x"), "rollout.argoproj.io"),
        (Ref("serving.knative.dev", "Service", "shop", "x"), "service.serving.knative.dev"),
        (Ref("", "Widget", "shop", "x"), "widget"),
    ],
)
def test_kinds_are_typed_as_kubectl_takes_them(ref: Ref, word: str) -> None:
    assert type_word(ref) == word


@pytest.mark.parametrize(
    ("ref", "check"),
    [
        (REF, "kubectl -n shop rollout status deployment/api --timeout=120s"),
        (Service.named("shop", "api"), "kubectl -n shop get endpointslices -l kubernetes.io/service-name=api"),
        (Node.named("", "node-1"), "kubectl get node node-1"),
        (Ref("", "Pod", "shop", "api"), "kubectl -n shop wait --for=condition=Ready pod/api --timeout=120s"),
        (Ref("batch", "Job", "shop", "j"), "kubectl -n shop wait --for=condition=Complete job/j --timeout=120s"),
        (Ref("batch", "CronJob", "shop", "j"), "kubectl -n shop get cronjob j"),
        (Ref("argoproj.io", "Rollout", "shop", "r"), "kubectl -n shop get rollout.argoproj.io r"),
    ],
)
def test_each_kind_has_a_check(ref: Ref, check: str) -> None:
    assert Commands().check(ref) == check


def test_placeholders_are_noticed() -> None:
    assert has_placeholder(("set", "image", "c=<image>"))
    assert not has_placeholder(("get", "pod", "a<b"))
