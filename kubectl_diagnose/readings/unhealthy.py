"""What the kubelet's ``Unhealthy`` events say of a probe (pkg/kubelet/prober/prober.go, pkg/probe)."""

import re
from enum import StrEnum

from msgspec import Struct

from kubectl_diagnose.model import Event, Probe
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.snapshot import Snapshot


class Outcome(StrEnum):
    """What became of a probe."""

    REFUSED = "refused"
    STATUS = "status"
    PLAIN_HTTP = "plain-http"
    TLS = "tls"
    SLOW = "slow"
    UNREACHABLE = "unreachable"
    UNCONNECTED = "unconnected"
    NAMED_PORT = "named-port"
    COMMAND_MISSING = "command-missing"
    COMMAND_FAILED = "command-failed"
    NOT_SERVING = "not-serving"
    NO_GRPC = "no-grpc"
    OTHER = "other"


_PREFIX = regex(
    r"^(?:\(combined from similar events\): )?(?P<kind>Readiness|Liveness|Startup) probe"
    r" (?:failed|errored[^:]*): ?(?P<output>.*)$",
    re.DOTALL,
)
_STATUS = regex(r"HTTP probe failed with statuscode: (\d{3})")
# First match wins: the more specific text stands above the one that it contains.
_TABLE: tuple[tuple[Outcome, "re.Pattern[str]"], ...] = tuple(
    (outcome, regex(pattern, re.IGNORECASE))
    for outcome, pattern in (
        (Outcome.PLAIN_HTTP, r"server gave HTTP response to HTTPS client|first record does not look like a TLS handshake"),
        (
            Outcome.TLS,
            r"malformed HTTP (?:response|version|status code)|remote error: tls|client sent an HTTP request to an HTTPS",
        ),
        (Outcome.STATUS, r"HTTP probe failed with statuscode: \d{3}"),
        (Outcome.NAMED_PORT, r"strconv\.Atoi: parsing|port \S+ not found|invalid port"),
        (Outcome.COMMAND_MISSING, r"executable file not found|exec: .*: (?:stat .*)?no such file or directory"),
        (Outcome.REFUSED, r"connect: connection refused|connection refused"),
        (
            Outcome.SLOW,
            r"awaiting headers|command .*timed out|timed out after|rpc did not complete|request canceled|DeadlineExceeded",
        ),
        (
            Outcome.UNREACHABLE,
            r"i/o timeout|no route to host|network is unreachable|connection reset|EOF",
        ),
        (Outcome.UNCONNECTED, r"failed to connect service"),
        (Outcome.SLOW, r"context deadline exceeded"),
        (Outcome.NOT_SERVING, r"service unhealthy"),
        (Outcome.NO_GRPC, r"does not implement the grpc health"),
    )
)


class Unhealthy(Struct, frozen=True, eq=False):
    """One event about a failed probe: what happened, the HTTP status where one came, and what was printed."""

    outcome: Outcome
    output: str
    status: int | None
    event: Event


def read_unhealthy(event: Event, probe: Probe) -> Unhealthy | None:
    """Return what an event says of a probe, None where it is about another or about something else."""
    match = _PREFIX.match(event.message)
    if match is None or match["kind"].lower() != probe.kind:
        return None
    output = match["output"]
    status = _STATUS.search(output)
    outcome = next((o for o, pattern in _TABLE if pattern.search(output)), None)
    if outcome is None or (probe.handler == "exec" and outcome not in (Outcome.COMMAND_MISSING, Outcome.SLOW)):
        outcome = Outcome.COMMAND_FAILED if probe.handler == "exec" else Outcome.OTHER
    return Unhealthy(outcome, output, int(status[1]) if status else None, event)


def unhealthy(snapshot: Snapshot, probe: Probe) -> list[Unhealthy]:
    """Return what all events say of a probe, newest first; of a pod that goes, nothing."""
    events = snapshot.events(probe.container, "Unhealthy", "ProbeError")
    return [found for found in (read_unhealthy(e, probe) for e in reversed(events)) if found]


_IN_PASSING = (Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.UNCONNECTED, Outcome.SLOW, Outcome.OTHER)
_RECENTLY = 300
"""Seconds before the newest event in which an answer still counts."""


def decisive(snapshot: Snapshot, probe: Probe) -> Unhealthy | None:
    """
    Return the event that tells most of a probe: the newest, but an answer before what a restart does in passing.

    A container that is being killed resets and refuses connections; the status that it answered before counts.
    """
    found = unhealthy(snapshot, probe)
    newest = snapshot.seconds_since(found[0].event.last_seen) if found else None
    recent = [u for u in found if (snapshot.seconds_since(u.event.last_seen) or 0) < (newest or 0) + _RECENTLY]
    answered = [u for u in recent if u.outcome not in _IN_PASSING]
    return next(iter(answered or found), None)
