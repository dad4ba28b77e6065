"""The ways to the API server: how they are started, what they may send, what their refusals mean."""

import stat
import sys
from pathlib import Path

import pytest

from kubectl_diagnose.collect import UserError, find_kind, open_transport, start_proxy, start_reading_context
from kubectl_diagnose.collect.errors import TransportError
from kubectl_diagnose.collect.kinds import kind_named, kind_of_type
from kubectl_diagnose.collect.kubectl import child_environment, kubectl_path
from kubectl_diagnose.collect.opening import ProxyOrRaw
from kubectl_diagnose.collect.raw import RawTransport, refusal
from kubectl_diagnose.collect.unix_http import ProxyTransport
from tests.collect.fake_server import Fault, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs sh and Unix sockets")

_PROXY = """#!{python}
import pathlib, socketserver, sys, http.server
here = pathlib.Path(__file__).parent
here.joinpath("words").write_text("\\n".join(sys.argv[1:]))
path = next(w for w in sys.argv if w.startswith("--unix-socket=")).split("=", 1)[1]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"{{}}")
    def address_string(self): return ""
    def log_message(self, *a): pass
socketserver.UnixStreamServer(path, Handler).serve_forever()
"""


def fake_kubectl(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in the place of kubectl."""
    program = folder / "kubectl"
    program.write_text(script.replace("{python}", sys.executable).replace("{{}}", "{}"))
    program.chmod(0o755)
    monkeypatch.setenv("KUBECTL_PATH", str(program))


def test_the_proxy_is_private_reads_only_and_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_kubectl(tmp_path, _PROXY, monkeypatch)
    proxy = start_proxy(("--context=dev",))
    assert proxy is not None
    transport = open_transport(("--context=dev",), proxy)
    assert stat.S_IMODE(proxy.folder.stat().st_mode) == 0o700
    assert transport.get("/version").body == b"{}"
    words = (tmp_path / "words").read_text().splitlines()
    assert words[:3] == ["proxy", "--context=dev", "--append-server-path=true"]
    assert any(w.startswith("--reject-methods=") for w in words)
    transport.close()
    assert proxy.ended
    assert not proxy.folder.exists()


def test_where_the_proxy_does_not_start_kubectl_is_asked_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = '#!/bin/sh\ncase "$*" in *proxy*) echo "error: no" >&2; exit 1;; *) echo "{}";; esac\n'
    fake_kubectl(tmp_path, script, monkeypatch)
    transport = open_transport()
    assert transport.get("/version").body == b"{}\n"
    assert isinstance(transport, ProxyOrRaw)
    assert isinstance(transport.chosen(), RawTransport)
    transport.close()


def test_without_kubectl_and_outside_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBECTL_PATH", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert start_proxy() is None
    with pytest.raises(UserError, match="kubectl is not on PATH"):
        open_transport()


def test_the_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_kubectl(tmp_path, '#!/bin/sh\nprintf "dev\\nshop"\n', monkeypatch)
    found = start_reading_context().result()
    assert (found.name, found.namespace) == ("dev", "shop")


def test_no_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_kubectl(tmp_path, "#!/bin/sh\nexit 1\n", monkeypatch)
    assert start_reading_context().result().namespace == "default"


def test_a_frozen_build_gives_children_the_libraries_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/own")
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "x")
    found = child_environment()
    assert found["LD_LIBRARY_PATH"] == "/own"
    assert "_PYI_ARCHIVE_FILE" not in found
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG")
    assert "LD_LIBRARY_PATH" not in child_environment()


def test_kubectl_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECTL_PATH", "/x/kubectl")
    assert kubectl_path() == "/x/kubectl"


@pytest.mark.parametrize(
    ("stderr", "status"),
    [
        ('Error from server (NotFound): pods "x" not found', 404),
        ('Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods"', 403),
        ("Error from server (NotFound): the server could not find the requested resource", 404),
        ("Error from server (Expired): the provided continue parameter is too old", 410),
        ("error: You must be logged in to the server (Unauthorized)", 401),
        ("Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout", 500),
        ("", 500),
    ],
)
def test_what_kubectl_says_of_refusals(stderr: str, status: int) -> None:
    assert refusal(stderr).status == status


def test_a_closed_connection_is_opened_again() -> None:
    with serving([], faults={"/version": Fault(200, "{}", headers={"Connection": "close"})}) as (_, transport):
        assert [transport.get("/version").status for _ in range(3)] == [200, 200, 200]
        transport.close()


def test_no_answer_in_time() -> None:
    late = {"/version": Fault(wait=2)}
    with serving([], faults=late) as (_, transport), pytest.raises(TransportError, match="no answer within"):
        transport.get("/version", timeout=0.2)


def test_no_server(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="cut"):
        ProxyTransport(str(tmp_path / "nowhere")).get("/version")


@pytest.mark.parametrize(
    ("word", "kind"),
    [("po", "Pod"), ("pods", "Pod"), ("Pod", "Pod"), ("deploy", "Deployment"), ("deployments.apps", "Deployment"),
     ("deployment.v1.apps", "Deployment"), ("svc", "Service"), ("sts", "StatefulSet"), ("ds", "DaemonSet"), ("cj", "CronJob"),
     ("ing", "Ingress"), ("pvc", "PersistentVolumeClaim"), ("pv", "PersistentVolume"), ("no", "Node"), ("ns", "Namespace"),
     ("ev", "Event"), ("hpa", "HorizontalPodAutoscaler"), ("pdb", "PodDisruptionBudget"), ("netpol", "NetworkPolicy"),
     ("quota", "ResourceQuota"), ("sa", "ServiceAccount"), ("cm", "ConfigMap"), ("sc", "StorageClass"), ("rs", "ReplicaSet"),
     ("limits", "LimitRange"), ("ep", "Endpoints"), ("rc", "ReplicationController"), ("jobs", "Job"), ("secret", "Secret")],
)  # fmt: skip
def test_words_for_kinds(word: str, kind: str) -> None:
    found = kind_named(word)
    assert found is not None
    assert found.kind == kind


def test_words_for_no_kind() -> None:
    assert kind_named("pod.apps") is None
    assert kind_of_type("widgets") is None
    assert kind_of_type("node") == ("", "Node", "nodes", False)


def test_discovery_of_other_kinds() -> None:
    groups = '{"groups": [{"name": "x.io", "preferredVersion": {"groupVersion": "x.io/v1"}}]}'
    kinds = (
        '{"resources": [{"name": "widgets/status", "kind": "Widget"},'
        ' {"name": "widgets", "singularName": "widget", "kind": "Widget", "namespaced": true, "shortNames": ["wd"]}]}'
    )
    faults = {"/apis": Fault(200, groups), "/apis/x.io/v1": Fault(200, kinds)}
    with serving([], faults=faults) as (_, transport):
        for word in ("wd", "widgets", "Widget", "widgets.x.io"):
            found = find_kind(word, transport)
            assert found is not None
            assert found.path("shop", "a") == "/apis/x.io/v1/namespaces/shop/widgets/a"
        assert find_kind("gadgets", transport) is None
        transport.close()


def test_a_pod_without_a_service_account(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("kubernetes")
    monkeypatch.delenv("KUBECTL_PATH", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    with pytest.raises(UserError, match="no service account"):
        open_transport()
