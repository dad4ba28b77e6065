"""The ``kubernetes`` package, imported here alone: for running in a cluster that has no kubectl. Raw JSON only."""

import os
from typing import Any

from kubectl_diagnose.collect.errors import TransportError, UserError
from kubectl_diagnose.collect.transport import Query, Response


def in_cluster() -> bool:
    """Whether this runs in a pod that was given a service account."""
    return "KUBERNETES_SERVICE_HOST" in os.environ


class InClusterTransport:
    """Sends GET with the pod's own service account."""

    def __init__(self) -> None:
        try:
            from kubernetes import client, config
        except ImportError:
            raise UserError("neither kubectl nor the package 'kubernetes' is here: install one of them") from None
        settings: Any = client.Configuration()
        try:
            load: Any = config.load_incluster_config
            load(client_configuration=settings)
        except config.ConfigException as error:
            raise UserError(f"the pod has no service account to use: {error}") from None
        self._client: Any = client.ApiClient(settings)

    def get(self, path: str, query: Query = (), timeout: float = 10.0, accept: str = "") -> Response:
        """Return the answer, whatever its status."""
        headers = {"Accept": accept or "application/json, */*"}
        sent = self._client.param_serialize(
            method="GET",
            resource_path=path,
            query_params=list(query),
            header_params=headers,
            auth_settings=["BearerToken"],
        )
        try:
            answer = self._client.call_api(*sent, _request_timeout=timeout)
            return Response(answer.status, answer.read() or b"", {k.lower(): v for k, v in answer.getheaders().items()})
        except Exception as error:
            raise TransportError(str(error).splitlines()[0] if str(error) else type(error).__name__) from None

    def close(self) -> None:
        """Do nothing: its connections end with the process."""
