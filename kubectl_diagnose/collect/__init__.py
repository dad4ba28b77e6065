"""
Everything that is read from a cluster: the only package that does I/O.

Nothing is imported until it is needed, so that ``start_proxy`` can run before anything else.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from kubectl_diagnose.collect.context import Context, PendingContext, named_context, start_reading_context
from kubectl_diagnose.collect.errors import TransportError, UserError
from kubectl_diagnose.collect.proxy import Proxy, start_proxy

if TYPE_CHECKING:
    from kubectl_diagnose.collect.budget import Budget, Progress
    from kubectl_diagnose.collect.kinds import KindInfo
    from kubectl_diagnose.collect.transport import Transport
    from kubectl_diagnose.snapshot import Snapshot, Target


def collect(
    target: "Target",
    transport: "Transport",
    budget: "Budget | None" = None,
    *,
    kinds: Iterable["KindInfo"] = (),
    progress: "Callable[[Progress], None] | None" = None,
) -> "Snapshot":
    """
    Read all that is worth knowing about a target, in rounds.

    ``kinds`` are those of the target that are not built in (from ``find_kind``). Raises UserError where the target
    itself cannot be read or does not exist.
    """
    from kubectl_diagnose.collect.collector import Collector

    return Collector(target, transport, budget, kinds, progress).run()


def open_transport(flags: Sequence[str] = (), proxy: Proxy | None = None) -> "Transport":
    """
    Return the best way to the API server: the proxy (that one, or a new one), ``kubectl get --raw``, or the pod's own.

    Raises UserError where there is no kubectl and this is no pod either.
    """
    from kubectl_diagnose.collect.opening import open_transport as opened

    return opened(flags, proxy)


def find_kind(word: str, transport: "Transport | None" = None) -> "KindInfo | None":
    """Return the kind that a TYPE on the command line means: built in, else by discovery; None where there is none."""
    from kubectl_diagnose.collect.kinds import discover, kind_named

    found = kind_named(word)
    return discover(word, transport) if found is None and transport is not None else found


__all__ = [
    "Context", "PendingContext", "Proxy", "TransportError", "UserError",
    "collect", "find_kind", "named_context", "open_transport", "start_proxy", "start_reading_context",
]  # fmt: skip
