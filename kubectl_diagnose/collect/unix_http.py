"""HTTP over a Unix socket, to the proxy that kubectl runs."""

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
    """Sends GET to ``kubectl proxy``, one connection a thread. Tests give the socket of a server of their own."""

    def __init__(self, socket_path: str, proxy: Proxy | None = None) -> None:
        self._path = socket_path
        self._proxy = proxy
        self._own = threading.local()
        self._ready = proxy is None
        self._starting = threading.Lock()

    def get(self, path: str, query: Query = (), timeout: float = 10.0, accept: str = "") -> Response:
        """Return the answer; a connection that was closed between two requests is opened again once."""
        self.wait_until_ready()
        url = f"{path}?{urlencode(query)}" if query else path
        reused = getattr(self._own, "connection", None) is not None
        try:
            return self._send(url, timeout, accept)
        except TimeoutError:
            raise TransportError(f"no answer within {timeout:.0f} seconds") from None
        except (HTTPException, OSError) as error:
            if not reused:
                raise TransportError(_clause(error)) from None
        try:
            return self._send(url, timeout, accept)
        except TimeoutError:
            raise TransportError(f"no answer within {timeout:.0f} seconds") from None
        except (HTTPException, OSError) as error:
            raise TransportError(_clause(error)) from None

    def _send(self, url: str, timeout: float, accept: str) -> Response:
        connection = self._connection(timeout)
        # Without an Accept-Encoding the proxy asks the server for gzip and unpacks it.
        try:
            connection.putrequest("GET", url, skip_accept_encoding=True)
            connection.putheader("Accept", accept or "application/json, */*")
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read()
        except BaseException:
            connection.close()
            self._own.connection = None
            raise
        return Response(answer.status, body, {k.lower(): v for k, v in answer.getheaders()})

    def _connection(self, timeout: float) -> _UnixConnection:
        connection: _UnixConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = _UnixConnection(self._path, timeout)
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        return connection

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
        """Stop the proxy."""
        if self._proxy is not None:
            self._proxy.stop()


def _clause(error: Exception) -> str:
    return f"the connection was cut ({type(error).__name__})"
