"""Choose the way to the API server."""

from collections.abc import Sequence

from kubectl_diagnose.collect.errors import TransportError, UserError
from kubectl_diagnose.collect.kubectl import kubectl_path
from kubectl_diagnose.collect.proxy import Proxy, start_proxy
from kubectl_diagnose.collect.raw import RawTransport
from kubectl_diagnose.collect.transport import Transport


def open_transport(flags: Sequence[str] = (), proxy: Proxy | None = None) -> Transport:
    """Return the proxy where it starts, else ``kubectl get --raw``; without kubectl the pod's own account."""
    if kubectl_path() is None:
        return _without_kubectl()
    proxy = proxy or start_proxy(flags)
    if proxy is not None:
        from kubectl_diagnose.collect.unix_http import ProxyTransport

        transport = ProxyTransport(proxy.socket_path, proxy)
        try:
            transport.wait_until_ready()
        except TransportError:
            transport.close()
        else:
            return transport
    return RawTransport(flags)


def _without_kubectl() -> Transport:
    from kubectl_diagnose.collect.incluster import InClusterTransport, in_cluster

    if in_cluster():
        return InClusterTransport()
    raise UserError("kubectl is not on PATH: install it, or set KUBECTL_PATH to it")
