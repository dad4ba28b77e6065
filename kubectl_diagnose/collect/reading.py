"""Carry out one request: all pages of a list, and what each refusal means."""

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kubectl_diagnose.collect.decode import clean, decode, items_of, message_of
from kubectl_diagnose.collect.errors import TransportError, UserError
from kubectl_diagnose.collect.logs import lines_wanted
from kubectl_diagnose.collect.redact import redact, redact_log
from kubectl_diagnose.collect.requests import Request
from kubectl_diagnose.collect.retry import fetch
from kubectl_diagnose.collect.transport import Query, Response, Transport
from kubectl_diagnose.model import Object, view
from kubectl_diagnose.model.patterns import regex

PAGE = 500
_FORBIDDEN = regex(r'User "([^"]*)" cannot (\w+) resource "([^"]*)"(.*)', re.DOTALL)
_MOST_LOG = 256 * 1024


class Result(Struct, frozen=True):
    """
    What came of a request.

    ``whole`` says that a list was read to its end, ``missing`` that the object is not there, ``why`` that something
    was not seen, ``status`` what the server answered last (0 for nothing).
    """

    request: Request
    objects: tuple[Object, ...] = ()
    whole: bool = False
    missing: bool = False
    lines: tuple[str, ...] | None = None
    why: str = ""
    status: int = 0
    version: str = ""
    date: str = ""
    fatal: UserError | None = None


class Reader:
    """Carries out requests over a transport; used by several threads at once."""

    def __init__(self, transport: Transport, timeout: Callable[[], float], count: Callable[[], bool]) -> None:
        self._transport = transport
        self._timeout = timeout
        self._count = count

    def read(self, request: Request) -> Result:
        """Return what came of a request; it never raises."""
        try:
            return self._list(request) if request.listing else self._single(request)
        except UserError as error:
            return Result(request, why=str(error), fatal=error)
        except TransportError as error:
            return Result(request, why=str(error))
        except Exception as error:
            return Result(request, why=f"the answer cannot be read ({type(error).__name__})")

    def _fetch(self, request: Request, query: Query) -> Response:
        if not self._count():
            raise TransportError("the limit of requests was reached")
        answer = fetch(self._transport, request, query, self._timeout)
        if answer.status == 404 and request.others:
            answer = fetch(self._transport, replace(request, path=request.others[0]), query, self._timeout)
        return answer

    def _single(self, request: Request) -> Result:
        answer = self._fetch(request, request.query)
        found = Result(request, status=answer.status, date=answer.headers.get("date", ""))
        if request.container:
            return _log(found, answer)
        if answer.status != 200:
            missing = answer.status == 404 and request.ref is not None and _object_missing(answer)
            return replace(found, missing=missing, why="" if missing else refusal(answer, request))
        raw = decode(answer.body)
        if request.info is None:
            return replace(found, version=str(raw.get("gitVersion", "")))
        raw.setdefault("kind", request.info.kind)
        raw.setdefault("apiVersion", request.info.api_version)
        return replace(found, objects=(view(clean(raw)),))

    def _list(self, request: Request) -> Result:
        objects: list[Object] = []
        going_on, restarted = "", False
        while True:
            query = (*request.query, ("limit", str(PAGE)))
            answer = self._fetch(request, (*query, ("continue", going_on)) if going_on else query)
            if answer.status == 410 and going_on and not restarted:
                objects, going_on, restarted = [], "", True
                continue
            found = Result(request, tuple(objects), status=answer.status, date=answer.headers.get("date", ""))
            if answer.status != 200:
                return replace(found, why=refusal(answer, request))
            going_on = self._page(request, answer, objects)
            if not going_on or len(objects) >= request.most:
                why = f"there are more than the first {len(objects)}, which were read" if going_on else ""
                return replace(found, objects=tuple(objects), whole=not going_on and request.whole, why=why)

    def _page(self, request: Request, answer: Response, objects: list[Object]) -> str:
        """Add a page to a list and return where the next one begins, '' where there is none."""
        raw: dict[str, Any] = decode(answer.body)
        if "items" not in raw:
            raise TransportError("the answer is not complete")
        assert request.info is not None
        objects.extend(view(item) for item in items_of(raw, request.info.kind, request.info.api_version))
        metadata = raw.get("metadata")
        return str(metadata.get("continue") or "") if isinstance(metadata, dict) else ""


def _log(found: Result, answer: Response) -> Result:
    if answer.status in (400, 404):
        return found  # the run is gone, or has not begun: nothing to see, and the status says why
    if answer.status != 200:
        return replace(found, why=refusal(answer, found.request))
    text = answer.body[-_MOST_LOG:].decode(errors="replace")
    if not lines_wanted(text):
        return replace(found, why="the node has thrown a log away")
    return replace(found, lines=redact_log(text))


def _object_missing(answer: Response) -> bool:
    """Whether 404 says that the object is not there, not that its kind is not served."""
    return "could not find the requested resource" not in message_of(answer.body)


def refusal(answer: Response, request: Request) -> str:
    """Say in one clause why an answer is none."""
    message = message_of(answer.body)
    if answer.status == 403:
        found = _FORBIDDEN.search(message)
        return f'user "{found[1]}" may not {found[2]} {found[3]}' if found else "it is forbidden"
    if answer.status in (404, 405):
        return "the metrics API is not available" if request.what == "metrics" else "the cluster does not serve it"
    if answer.status == 503 and request.what == "metrics":
        return "the metrics API is registered, but its server does not answer"
    if answer.status == 410:
        return "the list expired while it was read"
    if answer.status == 429:
        return "the server has too many requests"
    short = redact(" ".join(message.split()))[:200]
    return f"the server answered {answer.status}: {short}" if short else f"the server answered {answer.status}"
