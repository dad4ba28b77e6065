"""Broken on a real cluster, diagnosed, repaired with the printed command, and well again."""

import pytest

from tests.live.cluster import Space, kubectl, run, until

pytestmark = pytest.mark.live

STORIES = [
    # manifest, target, the first cause, whether its command heals
    ("readiness-port-wrong", "pod -l app=web", "probe-port-wrong", True),
    ("liveness-path-missing", "deploy/web", "probe-path-not-found", True),
    ("run-as-root-refused", "deploy web", "run-as-non-root-violated", True),
    ("memory-never-fits", "pod -l app=web", "insufficient-memory", True),
    ("out-of-memory", "pod -l app in (web)", "container-out-of-memory", True),
    ("service-port-wrong", "svc/web", "service-target-port-wrong", True),
    ("config-map-key-missing", "deploy/web", "config-map-key-missing", False),
]
MOST_ROUNDS = 3


def words(target: str) -> list[str]:
    kind, flag, selector = target.partition(" -l ")
    return [kind, "-l", selector] if flag else target.split()


@pytest.mark.parametrize(("story", "target", "cause", "heals"), STORIES, ids=[s[0] for s in STORIES])
def test_story(space: Space, story: str, target: str, cause: str, heals: bool) -> None:
    space.apply(story)
    until(lambda: space.causes(*words(target))[:1] == [cause])
    assert space.causes(*words(target))[:1] == [cause]
    if heals:
        for _ in range(MOST_ROUNDS):
            repair(space, words(target))
            if well(space, words(target)):
                return
        pytest.fail(f"not healed: {space.causes(*words(target))}")


def repair(space: Space, target: list[str]) -> None:
    """Run the first command that is offered for the first problem, just as it is printed."""
    problems = until(lambda: space.report(*target)["problems"], 60)
    command = next(fix["command"] for problem in problems for fix in problem["fixes"] if fix["command"])
    done = run("bash", "-c", command)
    assert done.returncode == 0, f"{command}: {done.stderr}"


def well(space: Space, target: list[str]) -> bool:
    """Whether the rollout ends and nothing is found any more."""
    rolled = run("kubectl", "-n", space.name, "rollout", "status", "deploy/web", "--timeout=60s").returncode == 0
    return rolled and until(lambda: not space.report(*target)["problems"], 45)


def test_healthy(space: Space) -> None:
    space.apply("healthy")
    kubectl("-n", space.name, "rollout", "status", "deploy/web", "--timeout=120s")
    for target in (["pod", "-l", "app=web"], ["deploy/web"], []):
        report = space.report(*target)
        assert report["problems"] == []
        assert report["verdict"] == "healthy"


def test_misspelt_selector(space: Space) -> None:
    space.apply("healthy")
    kubectl("-n", space.name, "rollout", "status", "deploy/web", "--timeout=120s")
    report = space.report("pod", "-l", "app=wbe")
    assert [p["cause"]["rule"] for p in report["problems"]] == ["selector-matches-nothing"]
