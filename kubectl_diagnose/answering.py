"""From what was asked to a report: out of a cluster, or out of files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from kubectl_diagnose.collect import PendingContext, Proxy
    from kubectl_diagnose.collect.kinds import KindInfo
    from kubectl_diagnose.collect.transport import Transport
    from kubectl_diagnose.report import Report
    from kubectl_diagnose.snapshot import Snapshot
    from kubectl_diagnose.targets import Asked

    Connection = tuple[Proxy | None, PendingContext | None]


def from_files(asked: "Asked", namespace: str, path: str) -> "tuple[Report, Snapshot]":
    """Diagnose what a recording or the output of kubectl shows. Raises UserError."""
    from kubectl_diagnose.collect.files import read_path
    from kubectl_diagnose.collect.kinds import kind_named
    from kubectl_diagnose.targets import kinds_known_to, settled, target_offline

    snapshot = read_path(path)
    kind_of = kinds_known_to(snapshot, kind_named)
    target = target_offline(asked, namespace, path, snapshot, kind_of)
    target, snapshot = settled(target, snapshot, kind_of, manifests=asked.manifests, where=f"{path!r}")
    from kubectl_diagnose.diagnose import diagnose

    return diagnose(target, snapshot), snapshot


def from_cluster(
    asked: "Asked",
    namespace: str,
    flags: tuple[str, ...],
    connection: "Connection | None",
    ahead: Callable[[], object],
) -> "tuple[Report, Snapshot]":
    """
    Diagnose what a cluster shows, over the connection that was started for it. Raises UserError.

    ``ahead`` is called while the cluster answers: it imports what printing will need.
    """
    from kubectl_diagnose.collect import named_context, open_transport, start_reading_context

    proxy, pending = connection or (None, None)
    transport = open_transport(flags, proxy)
    try:
        context = None if namespace else (pending or start_reading_context(flags)).result()
        name = context.name if context else named_context(flags)
        asked = replace(asked, context=asked.context or name)
        return _read(asked, namespace or (context.namespace if context else ""), transport, ahead)
    finally:
        transport.close()


def _read(asked: "Asked", namespace: str, transport: "Transport", ahead: Callable[[], object]) -> "tuple[Report, Snapshot]":
    from kubectl_diagnose.collect import collect, find_kind
    from kubectl_diagnose.progress import ProgressLine
    from kubectl_diagnose.targets import settled, target_of

    kinds: dict[str, KindInfo | None] = {}

    def kind_of(word: str) -> "KindInfo | None":
        if word not in kinds:
            kinds[word] = find_kind(word, transport)
        return kinds[word]

    target = target_of(asked, namespace, kind_of)
    with _loading(ahead), ProgressLine() as line:
        snapshot = collect(target, transport, kinds=[k for k in kinds.values() if k], progress=line)
    target, snapshot = settled(target, snapshot, kind_of, manifests=asked.manifests)
    from kubectl_diagnose.diagnose import diagnose

    return diagnose(target, snapshot), snapshot


@contextmanager
def _loading(ahead: Callable[[], object]) -> Iterator[None]:
    """Load the rules, and what comes after them, while something else waits for answers."""

    def load() -> None:
        import kubectl_diagnose.diagnose  # noqa: F401 - what it imports is needed next
        from kubectl_diagnose.rules import all_rules

        all_rules()
        ahead()

    thread = Thread(target=load, daemon=True)
    thread.start()
    yield
    thread.join()
