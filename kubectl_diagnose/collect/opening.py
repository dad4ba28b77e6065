"""Choose the way to the API server."""

import threading
from collections.abc import Sequence

from kubectl_diagnose.collect.errors import TransportError, UserError
from kubectl_diagnose.collect.kubectl import kubectl_path
from kubectl_diagnose.collect.proxy import Proxy, start_proxy
from kubectl_diagnose.collect.raw import RawTransport
from kubectl_diagnose.collect.transport import Query, Response, Transport


class ProxyOrRaw:
    """Waits for the proxy with the first request; where it does not start, kubectl is started for each request."""

    def __init__(self, proxy: Proxy, flags: Sequence[str]) -> None:
        self._proxy = proxy
        self._flags = tuple(flags)
        self._chosen: Transport | None = None
        self._choosing = threading.Lock()

    def get(self, path: str, query: Query = (), timeout: float = 10.0, accept: str = "") -> Response:
        """Return the answer, whatever its status; raise TransportError where there is none."""
        return self.chosen().get(path, query, timeout, accept)

    def chosen(self) -> Transport:
        """Return the transport that is used."""
        from kubectl_diagnose.collect.unix_http import ProxyTransport

        with self._choosing:
            if self._chosen is None:
                transport = ProxyTransport(self._proxy.socket_path, self._proxy)
                try:
                    transport.wait_until_ready()
                    self._chosen = transport
                except TransportError:
                    transport.close()
                    self._chosen = RawTransport(self._flags)
            return self._chosen

    def close(self) -> None:
        """Stop the proxy."""
        if self._chosen is not None:
            self._chosen.close()
        self._proxy.stop()


def open_transport(flags: Sequence[str] = (), proxy: Proxy | None = None) -> Transport:
    """Return the proxy, or ``kubectl get --raw`` where it does not start; without kubectl the pod's own account."""
    if kubectl_path() is None:
        return _without_kubectl()
    proxy = proxy or start_proxy(flags)
    return RawTransport(flags) if proxy is None else ProxyOrRaw(proxy, flags)


def _without_kubectl() -> Transport:
    from kubectl_diagnose.collect.incluster import InClusterTransport, in_cluster

    if in_cluster():
        return InClusterTransport()
    raise UserError("kubectl is not on PATH: install it, or set KUBECTL_PATH to it")
