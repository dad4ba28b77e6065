"""What it asks of a cluster, what it makes of few rights, and what it says where it cannot work."""

import http.client
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.live.cluster import Done, Space, diagnose, kubectl, run, until

pytestmark = pytest.mark.live

ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules:
  - apiGroups: [""]
    resources: [pods, events]
    verbs: [get, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: reader}]
"""


def kubeconfig(folder: Path, cluster: dict[str, Any], user: dict[str, Any]) -> str:
    """Write a kubeconfig for one cluster and user; return its path."""
    path = folder / "kubeconfig"
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "only",
        "clusters": [{"name": "only", "cluster": cluster}],
        "users": [{"name": "only", "user": user}],
        "contexts": [{"name": "only", "context": {"cluster": "only", "user": "only"}}],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def own_cluster() -> dict[str, Any]:
    config = json.loads(kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json"))
    cluster = config["clusters"][0]["cluster"]
    assert isinstance(cluster, dict)
    return cluster


@pytest.fixture
def reader(space: Space, tmp_path: Path) -> str:
    """The kubeconfig of a ServiceAccount without any rights."""
    kubectl("-n", space.name, "create", "serviceaccount", "reader")
    token = kubectl("-n", space.name, "create", "token", "reader").strip()
    return kubeconfig(tmp_path, own_cluster(), {"token": token})


def test_pods_and_events_are_enough_for_an_answer(space: Space, reader: str) -> None:
    kubectl("-n", space.name, "apply", "-f", "-", stdin=ROLE)
    space.apply("readiness-port-wrong")
    until(lambda: space.causes("pod", "-l", "app=web")[:1] == ["probe-port-wrong"])
    report = space.report("pod", "-l", "app=web", KUBECONFIG=reader)
    assert report["problems"], report["gaps"]
    assert "probe" in report["problems"][0]["cause"]["rule"] or "not-ready" in report["problems"][0]["cause"]["rule"]
    assert report["gaps"]


def one_sentence(done: Done) -> str:
    """Assert that it failed in one sentence; return it."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert not done.stdout
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_no_rights(space: Space, reader: str) -> None:
    said = one_sentence(diagnose("pod", "-l", "app=web", "-n", space.name, KUBECONFIG=reader))
    assert "may not list pods" in said


def test_no_cluster(tmp_path: Path) -> None:
    one_sentence(diagnose("pod", "-l", "app=web", KUBECONFIG="/dev/null"))
    nobody = kubeconfig(tmp_path, {"server": "https://127.0.0.1:1"}, {})
    one_sentence(diagnose("pod", "-l", "app=web", KUBECONFIG=nobody))


def test_wrong_context() -> None:
    assert "nowhere" in one_sentence(diagnose("pod", "-l", "app=web", "--context", "nowhere"))


def test_no_kubectl(tmp_path: Path) -> None:
    assert "kubectl" in one_sentence(diagnose("pod", "-l", "app=web", PATH=str(tmp_path)))


@pytest.fixture
def spy() -> Iterator[tuple[str, set[str]]]:
    """A server that hands every request on to the cluster and remembers its method; its address and what it saw."""
    proxy = subprocess.Popen(["kubectl", "proxy", "--port=0"], stdout=subprocess.PIPE, text=True)
    assert proxy.stdout is not None
    port = int(re.search(r":(\d+)", proxy.stdout.readline())[1])  # type: ignore[index]
    methods: set[str] = set()

    class Spy(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            methods.add(self.command)
            with closing(http.client.HTTPConnection("127.0.0.1", port)) as behind:
                behind.request(self.command, self.path, headers={"Accept": self.headers.get("Accept", "*/*")})
                answer = behind.getresponse()
                body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any  # noqa: N815 - http.server calls them so

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in http.server
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Spy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", methods
    server.shutdown()
    server.server_close()
    proxy.terminate()
    proxy.wait()
    proxy.stdout.close()


def test_it_only_reads(space: Space, spy: tuple[str, set[str]], tmp_path: Path) -> None:
    address, methods = spy
    space.apply("readiness-port-wrong")
    until(lambda: space.causes("deploy/web"), 60)
    report = space.report("deploy/web", KUBECONFIG=kubeconfig(tmp_path, {"server": address}, {}))
    assert report["workloads"]
    assert methods == {"GET"}


def test_as_a_plugin(space: Space) -> None:
    space.apply("healthy")
    kubectl("-n", space.name, "rollout", "status", "deploy/web", "--timeout=120s")
    done = run("kubectl", "diagnose", "deploy/web", "-n", space.name)
    if "unknown command" in done.stderr:
        pytest.skip("kubectl-diagnose is not on PATH")
    assert done.returncode == 0
    assert "No problems found" in done.stdout
