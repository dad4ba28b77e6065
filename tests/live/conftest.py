"""A namespace for each test, gone afterwards."""

import uuid
from collections.abc import Iterator

import pytest

from tests.live.cluster import Space, kubectl, run, until


@pytest.fixture
def space() -> Iterator[Space]:
    """Make a namespace, wait for its ServiceAccount, and delete it in the end."""
    name = f"diagnose-{uuid.uuid4().hex[:8]}"
    kubectl("create", "namespace", name)
    until(lambda: run("kubectl", "-n", name, "get", "serviceaccount", "default").returncode == 0, 30)
    yield Space(name)
    run("kubectl", "delete", "namespace", name, "--wait=false")
