"""Every form of a target, and what is said of those that mean nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.collect.kinds import kind_named
from kubectl_diagnose.model import Ref
from kubectl_diagnose.snapshot import Snapshot, Target
from kubectl_diagnose.targets import Asked, kinds_known_to, settled, target_of, target_offline

POD = Ref("", "Pod", "shop", "a")
DEPLOYMENT = Ref("apps", "Deployment", "shop", "hello-server")


def of(words: str = "", **more: Any) -> Target:
    return target_of(Asked(tuple(words.split()), **more).checked(), "shop", kind_named)


def raw(ref: Ref) -> dict[str, Any]:
    version = f"{ref.group}/v1" if ref.group else "v1"
    return {"apiVersion": version, "kind": ref.kind, "metadata": {"name": ref.name, "namespace": ref.namespace}}


def snapshot_of(*refs: Ref) -> Snapshot:
    return Snapshot.of(map(raw, refs), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("words", "kinds", "refs"),
    [
        ("", (), ()),
        ("pod", ("Pod",), ()),
        ("po,deploy", ("Pod", "Deployment"), ()),
        ("pods a", ("Pod",), (POD,)),
        ("Pod a b", ("Pod",), (POD, POD._replace(name="b"))),
        ("pod/a", ("Pod",), (POD,)),
        ("pod/a deployment.apps/hello-server", ("Pod", "Deployment"), (POD, DEPLOYMENT)),
        ("deployments.v1.apps hello-server", ("Deployment",), (DEPLOYMENT,)),
        ("node n", ("Node",), (Ref("", "Node", "", "n"),)),
        ("po,deploy a", ("Pod", "Deployment"), (POD, DEPLOYMENT._replace(name="a"))),
        ("pod a a", ("Pod",), (POD,)),
    ],
)
def test_words(words: str, kinds: tuple[str, ...], refs: tuple[Ref, ...]) -> None:
    target = of(words)
    assert (target.kinds, target.refs) == (kinds, refs)
    assert target.namespace == "shop"


def test_all_stands_for_what_runs() -> None:
    assert {"Pod", "Service", "Deployment", "CronJob"} <= set(of("all").kinds)


def test_selectors() -> None:
    target = of("pod", selector="app in (a, b),tier!=x,!old", field_selector="status.phase=Pending", all_namespaces=True)
    assert target.selector == "app in (a, b),tier!=x,!old"
    assert target.field_selector == "status.phase=Pending"
    assert (target.namespace, target.all_namespaces) == ("", True)


@pytest.mark.parametrize(
    ("words", "more", "says"),
    [
        ("hello-servr", {}, 'have a resource type "hello-servr"'),
        ("deploymnt x", {}, 'did you mean "deployment"'),
        ("pod/a/b", {}, "not of the form TYPE/NAME"),
        ("pod/", {}, "not of the form TYPE/NAME"),
        ("/a", {}, "not of the form TYPE/NAME"),
        ("pod,svc/a", {}, "not of the form TYPE/NAME"),
        ("pod deploy/a", {}, "no need for a type of its own"),
        ("pod a", {"selector": "x"}, "together with a selector"),
        ("pod a", {"field_selector": "x=y"}, "together with a selector"),
        ("pod a", {"all_namespaces": True}, "across all namespaces"),
        ("pod", {"selector": "a=(b"}, "invalid selector"),
        ("pod", {"selector": "a in (b"}, "invalid selector"),
        ("pod", {"selector": "a=b=c"}, "invalid selector"),
        ("pod", {"selector": "-a"}, "cannot be the key of a label"),
        ("pod", {"selector": "a=" + "x" * 64}, "cannot be the value of a label"),
        ("pod", {"field_selector": "status.phase"}, "invalid field selector"),
        ("pod", {"filenames": ("x",)}, "no resource may be named as well"),
        ("", {"filenames": ("x",), "kustomize": "y"}, "only one of -f and -k"),
        ("", {"filenames": ("x",), "selector": "a"}, "cannot be used together with -f or -k"),
        ("", {"filenames": ("/nowhere.yaml",)}, "'/nowhere.yaml' does not exist"),
        ("", {"filenames": ("https://h/x.yaml",)}, "download it"),
        ("", {"kustomize": "/nowhere"}, "is no kustomization"),
    ],
)
def test_refused(words: str, more: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError) as raised:
        of(words, **more)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello-server}
---
# nothing here
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: other}}
- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
"""
IN_MANIFEST = (DEPLOYMENT, POD._replace(namespace="other"), Ref("", "Namespace", "", "shop"))


def test_manifests(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MANIFEST)
    deeper = tmp_path / "deeper"
    deeper.mkdir()
    (deeper / "b.json").write_text(json.dumps(raw(POD)))
    assert of(filenames=(str(tmp_path / "a.yaml"),)).refs == IN_MANIFEST
    assert of(filenames=(str(tmp_path),)).refs == IN_MANIFEST
    assert of(filenames=(str(tmp_path),), recursive=True).refs == (*IN_MANIFEST, POD)
    assert of(filenames=(str(deeper), str(tmp_path))).refs == (POD, *IN_MANIFEST)
    assert of(filenames=(str(deeper),)).kinds == ("Pod",)


def test_a_folder_of_folders_only(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="use -R"):
        of(filenames=(str(tmp_path),))


def offline(snapshot: Snapshot, words: str = "", namespace: str = "") -> tuple[Target, Snapshot]:
    kind_of = kinds_known_to(snapshot, kind_named)
    target = target_offline(Asked(tuple(words.split())), namespace, "dump.json", snapshot, kind_of)
    return settled(target, snapshot, kind_of, manifests=False, where="'dump.json'")


def test_the_only_namespace_is_meant() -> None:
    target, _ = offline(snapshot_of(POD, Ref("", "Node", "", "n"), Ref("", "Event", "default", "e")))
    assert (target.namespace, target.all_namespaces) == ("shop", False)


def test_several_namespaces_are_all_meant() -> None:
    snapshot = snapshot_of(POD, POD._replace(namespace="other"), DEPLOYMENT)
    target, _ = offline(snapshot)
    assert (target.namespace, target.all_namespaces) == ("", True)
    assert offline(snapshot, "deploy/hello-server")[0].refs == (DEPLOYMENT,)
    assert offline(snapshot, "deploy/hello-server")[0].namespace == "shop"
    assert offline(snapshot, "pod a", "other")[0].refs == (POD._replace(namespace="other"),)
    with pytest.raises(UserError, match='in several namespaces: give "other" or "shop" with -n'):
        offline(snapshot, "pod a")


def test_custom_resources_and_old_groups() -> None:
    custom = Ref("example.com", "Widget", "shop", "w")
    old = Ref("extensions", "Ingress", "shop", "web")
    snapshot = snapshot_of(custom, old)
    assert offline(snapshot, "widgets/w")[0].refs == (custom,)
    assert offline(snapshot, "widget.example.com w")[0].refs == (custom,)
    assert offline(snapshot, "ing/web")[0].refs == (old,)


@pytest.mark.parametrize(
    ("words", "namespace", "says"),
    [
        (
            "deploy hello-servr",
            "",
            'deployments "hello-servr" not found in namespace "shop" in \'dump.json\': did you mean "hello-server"?',
        ),
        ("pod hello-server", "", 'did you mean "deployment/hello-server"?'),
        ("pod zzz", "", 'there are "a"'),
        ("pod x y", "", 'pods "x", "y" not found'),
        ("svc hello", "", "see 'kubectl get services'"),
        ("pod a", "nope", 'namespace "nope" is not in'),
    ],
)
def test_not_found(words: str, namespace: str, says: str) -> None:
    with pytest.raises(UserError) as raised:
        offline(snapshot_of(POD, DEPLOYMENT), words, namespace)
    assert says in str(raised.value)


def test_not_found_but_elsewhere() -> None:
    snapshot = snapshot_of(POD, DEPLOYMENT._replace(namespace="other"))
    with pytest.raises(UserError, match='it is in namespace "other", give it with -n'):
        offline(snapshot, "deploy hello-server", "shop")


def test_of_manifests_some_may_be_missing() -> None:
    snapshot = snapshot_of(POD)
    target = Target(refs=(POD, DEPLOYMENT), namespace="default")
    found, known = settled(target, snapshot, kind_named, manifests=True)
    assert (found.refs, found.namespace) == ((POD,), "shop")
    assert [gap.what for gap in known.gaps] == ["deployment/hello-server"]
    with pytest.raises(UserError, match="not found"):
        settled(Target(refs=(DEPLOYMENT,)), snapshot, kind_named, manifests=True)
