"""HTTP over a Unix socket, to the proxy that kubectl runs."""

import queue
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from kubectl_diagnose.collect.errors import TransportError
from kubectl_diagnose.collect.proxy import Proxy
from kubectl_diagnose.collect.transport import Query, Response

_READY_WITHIN = 10.0


class _UnixConnection(HTTPConnection):
    """A connection to a Unix socket; kubectl accepts the host ``localhost`` alone."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class ProxyTransport:
    """Sends GET to ``kubectl proxy`` over as many connections as there are threads. Tests give the socket of a server."""

    def __init__(self, socket_path: str, proxy: Proxy | None = None) -> None:
        self._path = socket_path
        self._proxy = proxy
        self._idle: queue.SimpleQueue[_UnixConnection] = queue.SimpleQueue()
        self._ready = proxy is None
        self._closed = False
        self._starting = threading.Lock()

    def get(self, path: str, query: Query = (), timeout: float = 10.0, accept: str = "") -> Response:
        """Return the answer; a connection that was closed between two requests is opened again."""
        self.wait_until_ready()
        url = f"{path}?{urlencode(query)}" if query else path
        while True:
            connection, reused = self._connection(timeout)
            try:
                return self._send(connection, url, accept)
            except TimeoutError:
                raise TransportError(f"no answer within {timeout:.0f} seconds") from None
            except (HTTPException, OSError) as error:
                if not reused:
                    raise TransportError(f"the connection was cut ({type(error).__name__})") from None

    def _send(self, connection: _UnixConnection, url: str, accept: str) -> Response:
        # Without an Accept-Encoding the proxy asks the server for gzip and unpacks it.
        try:
            connection.putrequest("GET", url, skip_accept_encoding=True)
            connection.putheader("Accept", accept or "application/json, */*")
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read()
        except BaseException:
            connection.close()
            raise
        headers = {name.lower(): value for name, value in answer.getheaders()}
        self._idle.put(connection)
        if self._closed:
            self._close_idle()
        return Response(answer.status, body, headers)

    def _connection(self, timeout: float) -> tuple[_UnixConnection, bool]:
        """Return a connection, and whether it was used before."""
        try:
            connection, reused = self._idle.get_nowait(), True
        except queue.Empty:
            connection, reused = _UnixConnection(self._path, timeout), False
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        return connection, reused

    def wait_until_ready(self) -> None:
        """Return once the proxy takes connections; raise TransportError where it ends or takes too long."""
        with self._starting:
            end = time.monotonic() + _READY_WITHIN
            while not self._ready:
                self._ready = self._connects()
                if self._ready:
                    return
                if self._proxy is not None and self._proxy.ended:
                    raise TransportError(self._proxy.error or "kubectl proxy ended")
                if time.monotonic() > end:
                    raise TransportError("kubectl proxy did not start to listen")
                time.sleep(0.003)

    def _connects(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(self._path) == 0

    def close(self) -> None:
        """Close its connections and stop the proxy."""
        self._closed = True
        self._close_idle()
        if self._proxy is not None:
            self._proxy.stop()

    def _close_idle(self) -> None:
        try:
            while True:
                self._idle.get_nowait().close()
        except queue.Empty:
            return
