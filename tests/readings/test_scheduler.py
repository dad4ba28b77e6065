"""Messages of the scheduler, as every version since 1.25 words them."""

import pytest

from kubectl_diagnose.readings.scheduler import parse

TAIL = " no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("3 Insufficient memory." + TAIL, [("insufficient", 3, "memory")]),
        (
            "1 Insufficient cpu, 2 Insufficient nvidia.com/gpu.",
            [("insufficient", 1, "cpu"), ("insufficient", 2, "nvidia.com/gpu")],
        ),
        (
            "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu." + TAIL,
            [("taint", 1, "node-role.kubernetes.io/control-plane"), ("insufficient", 2, "cpu")],
        ),
        ("3 node(s) had untolerated taint {dedicated: batch}.", [("taint", 3, "dedicated")]),
        ("3 node(s) had untolerated taint(s)." + TAIL, [("taint", 3, "")]),
        ("3 node(s) had taint {dedicated: batch}, that the pod didn't tolerate.", [("taint", 3, "dedicated")]),
        ("1 node(s) were unschedulable, 2 Too many pods.", [("cordoned", 1, ""), ("too-many-pods", 2, "")]),
        ("3 node(s) didn't match Pod's node affinity/selector.", [("node-affinity", 3, "")]),
        ("3 node(s) had volume node affinity conflict.", [("volume-node", 3, "")]),
        ("3 node(s) didn't match PersistentVolume's node affinity.", [("volume-node", 3, "")]),
        ("3 node(s) didn't match pod anti-affinity rules.", [("pod-anti-affinity", 3, "")]),
        ("3 node(s) didn't satisfy existing pods anti-affinity rules.", [("pod-anti-affinity", 3, "")]),
        ("3 node(s) didn't match pod affinity rules.", [("pod-affinity", 3, "")]),
        ("3 node(s) didn't have free ports for the requested pod ports.", [("host-port", 3, "")]),
        ('persistentvolumeclaim "data" not found.', [("claim-missing", 3, "data")]),
        ('persistentvolumeclaim "data" not found. not found', [("claim-missing", 3, "data")]),
        ("pod has unbound immediate PersistentVolumeClaims. not found", [("claim-unbound", 3, "")]),
        ("pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available.", [("claim-unbound", 3, "")]),
        ("3 something that nobody has seen.", [("other", 3, "")]),
    ],
)
def test_reasons(said: str, found: list[tuple[str, int, str]]) -> None:
    nodes, reasons = parse(f"0/3 nodes are available: {said}")
    assert nodes == 3
    assert [(r.kind, r.nodes, r.name) for r in reasons] == found


def test_missing_topology_label_is_told_apart() -> None:
    _, reasons = parse(
        "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label)."
    )
    assert (reasons[0].kind, reasons[0].name) == ("topology-spread", "(missing required label)")


def test_no_nodes() -> None:
    assert [r.kind for r in parse("no nodes available to schedule pods")[1]] == ["no-nodes"]


@pytest.mark.parametrize("message", ["", "0/0", "0/3 nodes are available: ", ",,, 3", "preemption:"])
def test_nonsense_is_no_error(message: str) -> None:
    parse(message)
