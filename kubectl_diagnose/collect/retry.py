"""Ask again where that helps, as kubectl does: 429 and server errors, honouring Retry-After."""

import time
from collections.abc import Callable

from kubectl_diagnose.collect.errors import TransportError, UserError
from kubectl_diagnose.collect.requests import Request
from kubectl_diagnose.collect.transport import NAMES_ONLY, Query, Response, Transport

_TRIES = 4
_LONGEST_WAIT = 5.0
_HOPELESS = (
    ("dial tcp 127.0.0.1:8080", "no cluster is configured: set KUBECONFIG, or choose a context with --context"),
    ("dial tcp [::1]:8080", "no cluster is configured: set KUBECONFIG, or choose a context with --context"),
    ("localhost:8080", "no cluster is configured: set KUBECONFIG, or choose a context with --context"),
    ("getting credentials", "kubectl gets no credentials, log in again: {}"),
    ("x509:", "the server's certificate is not trusted, check the kubeconfig: {}"),
    ("tls:", "no safe connection to the cluster, check the kubeconfig: {}"),
    ("no such host", "the cluster's address cannot be resolved, check the network and the kubeconfig: {}"),
    ("dial tcp", "the cluster cannot be reached, check the network and the kubeconfig: {}"),
    ("does not exist", "kubectl cannot use the kubeconfig, check --context, --cluster and --user: {}"),
    ("no Auth Provider", "kubectl gets no credentials, log in again: {}"),
    ("Unable to connect to the server", "the cluster cannot be reached, check the network and the kubeconfig: {}"),
    ("Unauthorized", "the cluster does not accept these credentials, log in again: {}"),
    ("error: stat ", "kubectl cannot use the kubeconfig, check --kubeconfig and KUBECONFIG: {}"),
    ("must be logged in", "the cluster does not accept these credentials, log in again: {}"),
    ("error: ", "kubectl cannot ask the cluster: {}"),
)


def fetch(
    transport: Transport,
    request: Request,
    query: Query,
    timeout: Callable[[], float],
    sleep: Callable[[float], None] = time.sleep,
) -> Response:
    """
    Return the answer to one page of a request, asking again where the server says so.

    ``timeout`` tells the seconds that are left. Raises UserError where no request can succeed, TransportError where
    this one got no answer.
    """
    tried = 0
    while True:
        tried += 1
        answer, why = _once(transport, request, query, timeout())
        if answer is not None:
            _give_up_on(answer)
        wait = _wait(answer, tried) if request.patient else None
        if wait is None or tried >= _TRIES or wait >= timeout():
            if answer is None:
                raise TransportError(why)
            return answer
        sleep(wait)


def _once(transport: Transport, request: Request, query: Query, timeout: float) -> tuple[Response | None, str]:
    if timeout <= 0:
        raise TransportError("the time for this diagnosis was used up")
    try:
        return transport.get(request.path, query, timeout, NAMES_ONLY if request.names_only else ""), ""
    except TransportError as error:
        if str(error).startswith("no answer within"):
            raise
        return None, str(error)


def _wait(answer: Response | None, tried: int) -> float | None:
    """Return how long to wait before the next try, None where another would not help."""
    if answer is None:
        return 0.1 * tried if tried <= 2 else None
    if answer.status != 429 and answer.status < 500:
        return None
    told = answer.headers.get("retry-after", "")
    if told.isdigit():
        return min(float(told), _LONGEST_WAIT)
    return 0.2 * 2 ** (tried - 1) if answer.status == 429 or tried <= 2 else None


def _give_up_on(answer: Response) -> None:
    """Raise UserError where an answer, which kubectl gives and not the server, says that no request can succeed."""
    if answer.status == 401:
        raise UserError("the cluster does not accept these credentials: log in again, or choose another --context")
    if answer.status not in (500, 502) or answer.json:
        return
    text = " ".join(answer.body.decode(errors="replace").split())
    for sign, sentence in _HOPELESS:
        if sign in text:
            raise UserError(sentence.format(text[:400]))
