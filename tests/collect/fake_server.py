"""
A fake API server with faults, over a Unix socket: no cluster and no kubectl are needed.

Objects are served as the real one serves them: lists leave out kind and apiVersion of their items, `limit` and
`continue` make pages, label and field selectors select, `as=PartialObjectMetadataList` leaves names.
"""

import json
import socketserver
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kubectl_diagnose.collect.kinds import BY_KIND, KindInfo
from kubectl_diagnose.collect.unix_http import ProxyTransport
from kubectl_diagnose.model.selector import matches, parse_selector

JSON = "application/json"
Answer = tuple[int, str, bytes, dict[str, str]]


@dataclass
class Fault:
    """What a path answers instead; the first ``times`` times, or always."""

    status: int = 200
    body: str = ""
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1_000_000
    wait: float = 0.0
    cut: bool = False
    if_query: str = ""


def status(code: int, reason: str, message: str) -> str:
    """Return a Status as the API server answers it."""
    return json.dumps(
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": message, "code": code}
    )


def forbidden(user: str, verb: str, resource: str, namespace: str = "") -> Fault:
    """A refusal as RBAC writes it."""
    scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    text = f'{resource} is forbidden: User "{user}" cannot {verb} resource "{resource}" in API group "" {scope}'
    return Fault(403, status(403, "Forbidden", text))


class FakeServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """The server; ``requests`` keeps the method and the path with query of all that was asked."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: str, objects: list[dict[str, Any]], logs: dict[str, str], faults: dict[str, Fault]) -> None:
        self.objects = objects
        self.logs = logs
        self.faults = faults
        self.requests: list[tuple[str, str]] = []
        self.lock = threading.Lock()
        super().__init__(path, _Handler)

    def asked(self, text: str) -> list[str]:
        """Return the paths that hold a text."""
        return [path for _, path in self.requests if text in path]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about connections that were given up."""

    def answer(self, path: str, query: dict[str, str], accept: str) -> Answer:
        """Return what a path answers."""
        if path == "/version":
            return 200, JSON, b'{"gitVersion": "v1.34.4"}', {}
        if path.endswith("/log"):
            return self._log(path, query)
        for info in BY_KIND.values():
            for base in _bases(info, path):
                if path == base or path.rpartition("/")[0] == base:
                    return self._objects(info, path[len(base) + 1 :], path, query, accept)
        return 404, JSON, status(404, "NotFound", "the server could not find the requested resource").encode(), {}

    def _log(self, path: str, query: dict[str, str]) -> Answer:
        pod = path.split("/")[-2]
        key = f"{pod}/{query['container']}" + ("/previous" if query.get("previous") else "")
        if key in self.logs:
            return 200, "text/plain", self.logs[key].encode(), {}
        return 400, JSON, status(400, "BadRequest", f'previous terminated container in pod "{pod}" not found').encode(), {}

    def _objects(self, info: KindInfo, name: str, path: str, query: dict[str, str], accept: str) -> Answer:
        namespace = _namespace_in(path) if info.namespaced else ""
        mine = [o for o in self.objects if o["kind"] == info.kind and _group(o) == info.group]
        mine = [o for o in mine if not namespace or o["metadata"].get("namespace") == namespace]
        if name:
            found = next((o for o in mine if o["metadata"]["name"] == name), None)
            if found is None:
                return 404, JSON, status(404, "NotFound", f'{info.plural} "{name}" not found').encode(), {}
            return 200, JSON, json.dumps(found).encode(), {}
        return 200, JSON, json.dumps(_list(info, [o for o in mine if _selected(o, query)], query, accept)).encode(), {}


def _bases(info: KindInfo, path: str) -> Iterator[str]:
    yield info.path()
    if info.namespaced and _namespace_in(path):
        yield info.path(_namespace_in(path))


def _namespace_in(path: str) -> str:
    return path.partition("/namespaces/")[2].partition("/")[0]


def _group(raw: dict[str, Any]) -> str:
    version = str(raw["apiVersion"])
    return version.partition("/")[0] if "/" in version else ""


def _selected(raw: dict[str, Any], query: dict[str, str]) -> bool:
    labels = raw["metadata"].get("labels") or {}
    if not matches(parse_selector(query.get("labelSelector", "")), labels):
        return False
    for part in filter(None, query.get("fieldSelector", "").split(",")):
        path, _, wanted = part.partition("=")
        found: Any = raw
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if str(found or "") != wanted:
            return False
    return True


def _list(info: KindInfo, found: list[dict[str, Any]], query: dict[str, str], accept: str) -> dict[str, Any]:
    start, size = int(query.get("continue") or 0), int(query.get("limit") or 10**6)
    names_only = "PartialObjectMetadataList" in accept
    items = [{k: v for k, v in o.items() if k not in ("kind", "apiVersion")} for o in found[start : start + size]]
    if names_only:
        items = [{"metadata": {k: o["metadata"].get(k) for k in ("name", "namespace")}} for o in items]
    metadata = {"resourceVersion": "1"} | ({"continue": str(start + size)} if start + size < len(found) else {})
    kind = "PartialObjectMetadataList" if names_only else f"{info.kind}List"
    return {
        "kind": kind,
        "apiVersion": "meta.k8s.io/v1" if names_only else info.api_version,
        "metadata": metadata,
        "items": items,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: FakeServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        with self.server.lock:
            self.server.requests.append((self.command, self.path))
            fault = self.server.faults.get(parts.path)
            fires = fault is not None and fault.times > 0 and fault.if_query in parts.query
            if fault is not None and fires:
                fault.times -= 1
        if fault is not None and fires:
            time.sleep(fault.wait)
            if fault.cut:
                self._cut()
                return
            if fault.status != 200 or fault.body:
                self._send(fault.status, fault.kind, fault.body.encode(), fault.headers)
                return
        self._send(*self.server.answer(parts.path, query, self.headers.get("Accept", "")))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever else is sent is answered too, and seen in `requests`
            return self.do_GET
        raise AttributeError(name)

    def _cut(self) -> None:
        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"items": [')
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()

    def _send(self, code: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing."""

    def address_string(self) -> str:
        return ""


@contextmanager
def serving(
    objects: list[dict[str, Any]],
    logs: dict[str, str] | None = None,
    faults: dict[str, Fault] | None = None,
    socket: Callable[[Path], Path] = lambda folder: folder / "s",
) -> Iterator[tuple[FakeServer, ProxyTransport]]:
    """Serve objects, and yield the server and a transport to it."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(socket(Path(folder)))
        with FakeServer(path, objects, logs or {}, faults or {}) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            try:
                yield server, ProxyTransport(path)
            finally:
                server.shutdown()
