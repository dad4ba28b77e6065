"""Ask in rounds until nothing more is worth knowing, or the budget is spent."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from kubectl_diagnose.collect.budget import Budget, Progress
from kubectl_diagnose.collect.focus import Known
from kubectl_diagnose.collect.kinds import BY_KIND, KindInfo
from kubectl_diagnose.collect.plan import plan
from kubectl_diagnose.collect.reading import Reader, Result
from kubectl_diagnose.collect.requests import Request
from kubectl_diagnose.collect.threads import in_parallel
from kubectl_diagnose.collect.transport import Query, Transport
from kubectl_diagnose.collect.unreadable import check_target
from kubectl_diagnose.model import Object, Ref
from kubectl_diagnose.snapshot import Gap, Snapshot, Target

_HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"


class Collector:
    """Gathers a snapshot; ``run`` is called once."""

    def __init__(
        self,
        target: Target,
        transport: Transport,
        budget: Budget | None = None,
        kinds: Iterable[KindInfo] = (),
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._target = target
        self._budget = budget or Budget()
        self._kinds = {**BY_KIND, **{info.kind: info for info in kinds}}
        self._progress = progress
        self._reader = Reader(transport, self._timeout, self._count)
        self._counting = threading.Lock()
        self._resources: dict[Ref, Object] = {}
        self._listed: set[tuple[str, str]] = set()
        self._missing: set[Ref] = set()
        self._logs: dict[tuple[Ref, str, bool], tuple[str, ...]] = {}
        self._gaps: dict[Gap, None] = {}
        self._asked: set[tuple[str, Query, bool]] = set()
        self._refused: set[tuple[str, str, bool]] = set()
        self._answered = False
        self._server = ""
        self._taken_at = datetime.now(UTC)

    def run(self) -> Snapshot:
        """Return the snapshot; raises UserError where the target itself cannot be read."""
        self._budget.start()
        for number in range(1, self._budget.rounds + 1):
            wanted = self._wanted()
            if not wanted or self._spent(wanted):
                break
            began = time.monotonic()
            self._round(number, wanted)
            self._budget.round_seconds.append(time.monotonic() - began)
        return self.snapshot()

    def snapshot(self) -> Snapshot:
        """Return what is known so far."""
        return Snapshot(
            dict(self._resources),
            self._taken_at,
            frozenset(self._listed),
            frozenset(self._missing),
            dict(self._logs),
            tuple(sorted(self._gaps, key=lambda g: (g.what, g.why))),
            self._server,
        )

    def _wanted(self) -> list[Request]:
        known = Known(self._target, self.snapshot(), frozenset(self._asked), self._kinds)
        return [r for r in plan(known) if r.info is None or (r.info.kind, r.namespace, r.listing) not in self._refused]

    def _spent(self, wanted: list[Request]) -> bool:
        why = "the time for this diagnosis was used up" if self._budget.left <= 0 else ""
        if self._budget.requests_left <= 0:
            why = "the limit of requests was reached"
        if why:
            self._gaps.update((Gap(r.what, why), None) for r in wanted if not r.quiet)
        return bool(why)

    def _round(self, number: int, wanted: list[Request]) -> None:
        self._asked.update(r.key for r in wanted)
        results: list[Result] = []
        for result in in_parallel(self._reader.read, wanted, self._budget.threads):
            results.append(result)
            if result.fatal and not self._answered and result.request.patient:
                raise result.fatal
            self._answered = self._answered or 0 < result.status < 500
            self._keep(result)
            if self._progress is not None:
                self._progress(Progress(number, len(results), len(wanted)))
        if number == 1:
            check_target(self._target, results, self._reader)

    def _keep(self, result: Result) -> None:
        request = result.request
        for found in result.objects:
            if not request.names_only or found.ref not in self._resources:
                self._resources[found.ref] = found
        if result.whole and request.info is not None:
            self._listed.add((request.info.kind, request.namespace))
        if result.missing and request.ref is not None:
            self._missing.add(request.ref)
        if result.lines is not None and request.ref is not None:
            self._logs[request.ref, request.container, request.previous] = result.lines
        if result.status == 403 and request.info is not None:
            self._refused.add((request.info.kind, request.namespace, request.listing))
        if result.why and not request.quiet:
            self._gaps[Gap(request.what, result.why)] = None
        self._server = result.version or self._server
        self._date(result.date)

    def _date(self, text: str) -> None:
        """Take the server's time for the snapshot's, so that ages are right where the two clocks differ."""
        try:
            self._taken_at = max(datetime.strptime(text, _HTTP_DATE).replace(tzinfo=UTC), self._latest)
        except ValueError:
            return
        self._latest = self._taken_at

    _latest = datetime.min.replace(tzinfo=UTC)

    def _timeout(self) -> float:
        return min(self._budget.timeout, self._budget.left)

    def _count(self) -> bool:
        with self._counting:
            if self._budget.requests_left <= 0:
                return False
            self._budget.request_count += 1
            return True
