"""
Why an image could not be pulled.

The kubelet passes on what the container runtime says, and that what the registry says: one table reads the words of
containerd, CRI-O and Docker. Since Kubernetes 1.32 ``ImagePullBackOff`` carries the last error in its message; before
that only the events have it.
"""

import re
from datetime import datetime

from msgspec import Struct

from kubectl_diagnose.model import Container, Evidence
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.history import waits_since
from kubectl_diagnose.snapshot import Snapshot

PULL_REASONS = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "ErrImageNeverPull",
        "InvalidImageName",
        "ImageInspectError",
        "RegistryUnavailable",
        "SignatureValidationFailed",
    }
)
_OF_REASON = {"ErrImageNeverPull": "never", "InvalidImageName": "name-invalid", "RegistryUnavailable": "unreachable"}

# The first row that matches decides: "no match for platform in manifest: not found" is not a missing tag, a token that
# could not be fetched because of a time-out is not a refusal, and a digest missing in the node's own store is neither.
_TABLE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, regex(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("never", r"is not present with pull policy of Never"),
        ("name-invalid", r"couldn't parse image (?:name|reference)|invalid reference format|InvalidImageName"),
        ("platform", r"no match for platform|no matching manifest for|no image found in (?:manifest list|image index)"),
        ("rate-limited", r"429 Too Many Requests|toomanyrequests|pull rate limit"),
        ("plain-http", r"server gave HTTP response to HTTPS client"),
        ("certificate", r"x509:|failed to verify certificate|certificate signed by unknown authority"),
        ("dns", r"lookup \S+(?: on \S+)?: |no such host|server misbehaving|failure in name resolution"),
        (
            "unreachable",
            (
                r"dial tcp|i/o timeout|connection refused|no route to host|network is unreachable|TLS handshake timeout"
                r"|connection reset by peer|context deadline exceeded|unexpected EOF|Client\.Timeout|proxyconnect"
                r"|\b5\d\d (?:Internal|Bad Gateway|Service Unavailable|Gateway)|the registry is unavailable"
            ),
        ),
        ("disk", r"no space left on device|disk quota exceeded"),
        (
            "other",
            (
                r"content digest \S+: not found|unexpected media type|media type \S+ is no longer supported"
                r"|unsupported Content-Encoding|failed commit on ref|signature validation failed"
            ),
        ),
        (
            "unauthorized",
            (
                r"pull access denied|insufficient_scope|authorization failed|access to the resource is denied"
                r"|401 Unauthorized|403 Forbidden|unauthorized:|authentication required|no basic auth credentials"
                r"|invalid username/password|fetch (?:anonymous|oauth) token|status code 40[13]|denied:"
            ),
        ),
        (
            "not-found",
            (
                r"manifest unknown|name unknown|manifest for \S+ not found|404 Not Found|repository \S+ not found"
                r"|reading manifest \S+ in \S+:.* not found|: not found\s*$"
            ),
        ),
    )
)
_QUOTED = regex(r'"[^"]*"')
_IMAGE = regex(r'(?:pulling image|pull image|image pull failed for|[Cc]ontainer image|default image tag|reference) "([^"]+)"')
_LOOKUP = regex(r"lookup (\S+?)(?: on \S+)?:? ")


class Pull(Struct, frozen=True, eq=False):
    """
    A failed pull.

    ``kind`` is one of not-found, platform, unauthorized, rate-limited, dns, unreachable, certificate, plain-http,
    name-invalid, never, disk, other, or '' where nothing seen says why. ``error`` is the last clause of what was said.
    """

    kind: str
    image: str
    error: str
    text: str
    evidence: tuple[Evidence, ...]
    since: datetime | None

    @property
    def host(self) -> str:
        """The registry's host; docker.io where the image names none."""
        first = self.image.partition("/")[0]
        named = "/" in self.image and ("." in first or ":" in first or first == "localhost")
        return first if named else "docker.io"

    @property
    def looked_up(self) -> str:
        """The host name that could not be resolved, or ''."""
        found = _LOOKUP.search(self.text)
        return found[1] if found else ""


def kind_of_error(text: str) -> str:
    """Return which kind of failure a message is about, '' where it does not say; what it quotes does not count."""
    bare = _QUOTED.sub('""', text)
    return next((kind for kind, pattern in _TABLE if pattern.search(bare)), "")


def pull_failure(container: Container, snapshot: Snapshot) -> Pull | None:
    """Return why the image of a container cannot be pulled, None where it does not wait for a pull that failed."""
    waiting = container.waiting
    if waiting is None or waiting.reason not in PULL_REASONS:
        return None
    evidence = [waiting.at("reason"), waiting.at("message")]
    text = waiting.message
    kind = _OF_REASON.get(waiting.reason) or kind_of_error(text)
    events = snapshot.events(container, "Failed", "InspectFailed", "ErrImageNeverPull")
    told = [e for e in events if e.reason != "Failed" or e.message.startswith("Failed to pull image")]
    if not kind and told:
        text, kind = told[-1].message, kind_of_error(told[-1].message)
        evidence.append(told[-1].at("message"))
    said_more = bool(told) or text.partition(": ")[2] not in ("", "ErrImagePull")
    named = _IMAGE.search(text)
    image = named[1] if named and _of_volume(container, named[1]) else container.image
    since = waits_since(container, snapshot)
    return Pull(kind or ("other" if said_more else ""), image, last_clause(text), text, tuple(evidence), since)


def _of_volume(container: Container, image: str) -> bool:
    """Whether it is the image of a volume: the containers that mount it show the failure as their own."""
    return any(v.text("image.reference") == image for v in container.spec.volumes.values())


def last_clause(text: str) -> str:
    """Return the end of a chain of errors, the part that names the reason."""
    bare = text.strip().rstrip(".")
    return bare.rpartition(": ")[2] if len(bare.rpartition(": ")[2]) > 12 else ": ".join(bare.split(": ")[-2:])


def pull_of_kind(container: Container, snapshot: Snapshot, *kinds: str) -> Pull | None:
    """Return the failed pull of a container where it is of one of some kinds, else None."""
    found = pull_failure(container, snapshot)
    return found if found is not None and found.kind in kinds else None
