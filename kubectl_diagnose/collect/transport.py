"""What a transport is: something that answers a GET by the API's paths."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

Query = tuple[tuple[str, str], ...]
NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
"""The Accept header that asks for the metadata of a list's items alone."""


class Response(Struct, frozen=True):
    """An answer: status, headers by lower-case name, body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}

    @property
    def json(self) -> bool:
        """Whether the body says that it is JSON."""
        return "json" in self.headers.get("content-type", "") or self.body[:1] == b"{"


class Transport(Protocol):
    """Answers GET requests. It is used by several threads at once and can send nothing but GET."""

    def get(self, path: str, query: Query = (), timeout: float = 10.0, accept: str = "") -> Response:
        """Return the answer, whatever its status; raise TransportError where there is none."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...
