"""The bounds of a LimitRange that a refusal names (plugin/pkg/admission/limitranger), and what would keep to them."""

from msgspec import Struct

from kubectl_diagnose.model import Container
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.capacity import amount, request_of, show

_BOUND = regex(
    r"(?P<kind>minimum|maximum) (?P<resource>\S+) usage per (?P<scope>\w+) is (?P<value>[\w.]*\w)"
    r"(?:, but (?:request|limit) is [\w.]*\w|\.\s+No (?:request|limit) is specified)"
)
_RATIO = regex(
    r"(?P<resource>\S+) max limit to request ratio per (?P<scope>\w+) is (?P<value>[\w.]*\w)[^,\]]*(?:, but [^,\]]*)?"
)


class Bound(Struct, frozen=True):
    """One bound: ``minimum``, ``maximum`` or ``ratio`` of a resource, a ``Container`` or a ``Pod``."""

    kind: str
    resource: str
    scope: str
    value: str
    text: str

    @property
    def amount(self) -> int:
        """The bound as a number."""
        return amount(self.value, self.resource if self.kind != "ratio" else "") or 0


def bounds(text: str) -> list[Bound]:
    """Return the bounds that a refusal names."""
    found = [Bound(m["kind"], m["resource"], m["scope"], m["value"], m[0]) for m in _BOUND.finditer(text)]
    ratios = (
        Bound("ratio", m["resource"].lstrip("["), m["scope"], m["value"], m[0].lstrip("[")) for m in _RATIO.finditer(text)
    )
    return found + list(ratios)


def _limit(container: Container, resource: str) -> int | None:
    return amount(container.mapping("resources.limits").get(resource), resource)


def outside(container: Container, bound: Bound) -> bool:
    """Whether a container is what a bound refuses."""
    request, limit = request_of(container, bound.resource), _limit(container, bound.resource)
    if bound.kind == "minimum":
        return request < bound.amount
    if bound.kind == "maximum":
        return limit is None or limit > bound.amount or request > bound.amount
    return limit is None or limit > request * bound.amount


def conforming(container: Container, said: list[Bound]) -> dict[str, dict[str, str]]:
    """Return requests and limits of a container that keep to the bounds, changed as little as may be."""
    found: dict[str, dict[str, str]] = {"requests": {}, "limits": {}}
    for resource in {b.resource for b in said}:
        request, limit = request_of(container, resource), _limit(container, resource)
        for bound in (b for b in said if b.resource == resource):
            request, limit = _within(request, limit, bound)
        if request:
            found["requests"][resource] = show(request, resource)
        if limit:
            found["limits"][resource] = show(limit, resource)
    return {what: values for what, values in found.items() if values}


def _within(request: int, limit: int | None, bound: Bound) -> tuple[int, int | None]:
    if bound.kind == "minimum":
        return max(request, bound.amount), None if limit is None else max(limit, bound.amount)
    if bound.kind == "maximum":
        return min(request, bound.amount), bound.amount if limit is None else min(limit, bound.amount)
    return (request, limit) if limit is None else (max(request, -(-limit // max(1, bound.amount))), limit)
