"""Strategic merge: as kubectl does it, and its own inverse."""

import json
import shutil
import subprocess
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_diagnose.fixes.strategic import apply, difference, inverse, merge_patches

Raw = dict[str, Any]
NAMES = st.sampled_from(["a", "b", "c"])
WORDS = st.sampled_from(["x", "y", "z"])
PROBE = {
    "httpGet": st.fixed_dictionaries({"path": WORDS, "port": st.integers(1, 9)}),
    "periodSeconds": st.integers(1, 9),
}


def items(key: str, keys: st.SearchStrategy[Any], fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[list[Raw]]:
    """Lists of objects that each have another key."""
    item = st.fixed_dictionaries({key: keys}, optional=fields)
    return st.lists(item, max_size=3, unique_by=lambda i: i[key])


def container(nullable: bool) -> dict[str, st.SearchStrategy[Any]]:
    """The fields of a container, or of a patch of one."""

    def maybe(field: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(st.none(), field) if nullable else field

    probe = st.fixed_dictionaries({}, optional={k: maybe(v) for k, v in PROBE.items()})
    return {
        "image": WORDS,
        "command": maybe(st.lists(WORDS, min_size=1, max_size=2)),
        "env": maybe(items("name", NAMES, {"value": maybe(WORDS)})),
        "ports": maybe(items("containerPort", st.integers(1, 3), {"name": maybe(WORDS)})),
        "volumeMounts": maybe(items("mountPath", NAMES, {"name": WORDS, "readOnly": st.booleans()})),
        "readinessProbe": maybe(probe),
        "resources": maybe(st.fixed_dictionaries({}, optional={"limits": st.dictionaries(NAMES, maybe(WORDS), max_size=2)})),
    }


def spec(nullable: bool) -> st.SearchStrategy[Raw]:
    """A pod spec, or a patch of one."""
    fields = container(nullable)
    containers = items("name", NAMES, fields)
    if nullable:
        gone = st.fixed_dictionaries({"name": st.just("c"), "$patch": st.just("delete")})
        kept = items("name", st.sampled_from(["a", "b"]), fields)
        containers = st.one_of(containers, st.tuples(kept, gone).map(lambda t: [*t[0], t[1]]))
    lists = {
        "containers": containers,
        "initContainers": items("name", NAMES, fields),
        "tolerations": st.lists(st.fixed_dictionaries({"key": WORDS}), max_size=2),
        "imagePullSecrets": items("name", NAMES, {}),
        "nodeSelector": st.dictionaries(NAMES, st.one_of(st.none(), WORDS) if nullable else WORDS, max_size=2),
        "hostAliases": items("ip", NAMES, {"hostnames": st.lists(WORDS, max_size=2)}),
    }
    return st.fixed_dictionaries({}, optional=lists)


def deployment(pod_spec: Raw) -> Raw:
    """A Deployment around a pod spec."""
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, **around(pod_spec)}


def around(pod_spec: Raw) -> Raw:
    """A patch of a Deployment around one of its pod spec."""
    return {"spec": {"template": {"spec": pod_spec}}}


def as_kubectl(base: Raw, patch: Raw) -> Raw:
    """What ``kubectl patch --local`` makes of it."""
    words = ["kubectl", "patch", "--local", "-f", "-", "-o", "json", "--type=strategic", "-p", json.dumps(patch)]
    done = subprocess.run(words, input=json.dumps(base), text=True, capture_output=True, check=True)
    found: Raw = json.loads(done.stdout)
    return found


def without_nulls(value: Any) -> Any:
    """An object as the API reads it: kubectl leaves nulls in items that it adds to a list, which stand for nothing."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is the oracle")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(spec(nullable=False), spec(nullable=True))
def test_merges_as_kubectl_does(base: Raw, patch: Raw) -> None:
    merged = apply(deployment(base), around(patch))
    oracle = as_kubectl(deployment(base), around(patch))
    assert merged["spec"]["template"]["spec"] == without_nulls(oracle["spec"]["template"]["spec"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spec(nullable=False), spec(nullable=True))
def test_inverse_restores_the_object(base: Raw, patch: Raw) -> None:
    whole = deployment(base)
    undo = inverse(whole, around(patch))
    assert apply(apply(whole, around(patch)), undo) == whole


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spec(nullable=False), spec(nullable=False))
def test_difference_leads_from_one_to_the_other(before: Raw, after: Raw) -> None:
    patch = difference(deployment(before), deployment(after))
    assert apply(deployment(before), patch) == deployment(after)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spec(nullable=False), spec(nullable=True), spec(nullable=True))
def test_merged_patch_does_what_both_do(base: Raw, first: Raw, second: Raw) -> None:
    whole = deployment(base)
    merged = merge_patches(around(first), around(second))
    one_by_one = apply(apply(whole, around(first)), around(second))
    assert unordered(apply(whole, merged)) == unordered(one_by_one)


@pytest.mark.parametrize("second", [[], [{"name": "b", "value": "2"}]])
def test_a_list_that_one_patch_empties_and_another_fills(second: list[Raw]) -> None:
    """What hypothesis once found: the second patch alone would leave what the first had taken away."""
    whole = deployment({"containers": [{"name": "c", "env": [{"name": "a", "value": "1"}]}]})
    merged = merge_patches(
        around({"containers": [{"name": "c", "env": None}]}), around({"containers": [{"name": "c", "env": second}]})
    )
    assert apply(whole, merged) == deployment({"containers": [{"name": "c", "env": second}]})
    more = {"containers": [{"name": "c", "env": [{"name": "d", "value": "3"}]}]}
    again = apply(whole, merge_patches(merged, around(more)))
    assert unordered(again) == unordered(apply(apply(whole, merged), around(more)))


def unordered(value: Any) -> Any:
    """A value in which the order of lists does not count."""
    if isinstance(value, dict):
        return {k: unordered(v) for k, v in value.items()}
    return sorted((unordered(v) for v in value), key=partial(json.dumps, sort_keys=True)) if isinstance(value, list) else value


def test_service_ports_merge_by_port() -> None:
    service = {"spec": {"ports": [{"port": 80, "name": "http", "targetPort": 1}, {"port": 443, "targetPort": 2}]}}
    patched = apply(service, {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}})
    assert patched["spec"]["ports"] == [{"port": 80, "name": "http", "targetPort": 8080}, {"port": 443, "targetPort": 2}]


def test_retain_keys_drops_the_others() -> None:
    base = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}
    assert apply(base, patch) == {"spec": {"strategy": {"type": "Recreate"}}}
    assert apply(apply(base, patch), inverse(base, patch)) == base


def test_undo_of_an_added_container_deletes_it() -> None:
    base = deployment({"containers": [{"name": "a", "image": "x"}]})
    undo = inverse(base, around({"containers": [{"name": "b", "image": "y"}]}))
    assert undo == around({"containers": [{"name": "b", "$patch": "delete"}]})


def test_undo_of_what_was_absent_is_null() -> None:
    base = deployment({"containers": [{"name": "a", "image": "x"}]})
    undo = inverse(base, around({"containers": [{"name": "a", "livenessProbe": {"tcpSocket": {"port": 1}}}]}))
    assert undo == around({"containers": [{"name": "a", "livenessProbe": None}]})
