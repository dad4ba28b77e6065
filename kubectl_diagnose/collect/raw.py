"""``kubectl get --raw`` for each request, where the proxy cannot be had (Windows, a server without a scheme)."""

import subprocess
from collections.abc import Sequence
from urllib.parse import urlencode

from kubectl_diagnose.collect.errors import TransportError
from kubectl_diagnose.collect.kubectl import child_environment, kubectl_path
from kubectl_diagnose.collect.transport import Query, Response
from kubectl_diagnose.model.patterns import regex

_STATUS = {
    "NotFound": 404,
    "Forbidden": 403,
    "Unauthorized": 401,
    "BadRequest": 400,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "Expired": 410,
    "Gone": 410,
    "TooManyRequests": 429,
    "InternalError": 500,
    "ServiceUnavailable": 503,
    "Timeout": 504,
}
_REASON = regex(r"(?:Error from server|server) \((?P<reason>\w+)\)")


class RawTransport:
    """Starts kubectl once a request, several at a time. kubectl itself waits and retries where it is told to."""

    def __init__(self, flags: Sequence[str] = ()) -> None:
        self._command = (kubectl_path() or "kubectl", *flags, "get", "--raw")

    def get(self, path: str, query: Query = (), timeout: float = 10.0, accept: str = "") -> Response:
        """Return the answer; the status of a refusal is read from what kubectl says."""
        url = f"{path}?{urlencode(query)}" if query else path
        try:
            done = subprocess.run(
                [*self._command, url],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                env=child_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TransportError(f"no answer within {timeout:.0f} seconds") from None
        except OSError as error:
            raise TransportError(f"kubectl cannot be started: {error.strerror}") from None
        return Response(200, done.stdout) if done.returncode == 0 else refusal(done.stderr.decode(errors="replace"))

    def close(self) -> None:
        """Do nothing: each kubectl has ended."""


def refusal(stderr: str) -> Response:
    """Turn what kubectl says on stderr into the answer that it got; 500 as text where it got none."""
    text = stderr.strip().splitlines()[-1] if stderr.strip() else "kubectl failed"
    found = _REASON.search(text)
    if found:
        status = _STATUS.get(found["reason"], 500)
        kind = "application/json" if status >= 500 else "text/plain"
        return Response(status, text.encode(), {"content-type": kind})
    if "could not find the requested resource" in text:
        return Response(404, text.encode())
    return Response(500, text.encode(), {"content-type": "text/plain"})
