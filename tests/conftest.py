"""What all tests share: the same surroundings wherever they run."""

import pytest


@pytest.fixture(autouse=True)
def plain_surroundings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, a fixed width, and outside the live suite no cluster that could be asked by mistake."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    if "live" not in request.keywords:
        monkeypatch.setenv("KUBECONFIG", "/dev/null")
