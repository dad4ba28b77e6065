"""What all tests share: the same surroundings wherever they run."""

import os

import pytest
from hypothesis import settings

# A pipeline tries the same examples each time, so that a change is judged by the change; developers try new ones.
settings.register_profile("pipeline", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("pipeline")


@pytest.fixture(autouse=True)
def plain_surroundings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, a fixed width, and outside the live suite no cluster that could be asked by mistake."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    if "live" not in request.keywords:
        monkeypatch.setenv("KUBECONFIG", "/dev/null")
