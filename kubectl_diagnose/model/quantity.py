"""Kubernetes quantities (``resource.Quantity`` of k8s.io/apimachinery/pkg/api/resource)."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from kubectl_diagnose.model.patterns import regex

_SYNTAX = regex(r"^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$")
_SCALE = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "E": Decimal(10) ** 18,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
    "Ei": Decimal(2) ** 60,
}
MI = 2**20
GI = 2**30


@lru_cache(maxsize=4096)
def parse_quantity(value: Any) -> Decimal | None:
    """Return a quantity as a number (bytes, cores, pieces), or None where it is not one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(str(value))
    match = _SYNTAX.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    number, exponent, suffix = match.groups()
    if exponent:
        return Decimal(number + exponent) if abs(int(exponent[1:])) < 40 else None
    return Decimal(number) * _SCALE[suffix or ""]


def parse_bytes(value: Any) -> int | None:
    """Return a memory or storage quantity in bytes, rounded up as the API server does, or None."""
    number = parse_quantity(value)
    return None if number is None else int(number.to_integral_value(rounding="ROUND_CEILING"))


def parse_millicores(value: Any) -> int | None:
    """Return a CPU quantity in thousandths of a core, rounded up, or None."""
    number = parse_quantity(value)
    return None if number is None else int((number * 1000).to_integral_value(rounding="ROUND_CEILING"))


def show_bytes(count: int) -> str:
    """Write bytes as people write them in manifests: ``150Mi``, ``5Gi``."""
    for unit, size in (("Gi", GI), ("Mi", MI), ("Ki", 1024)):
        if count >= size and count % size == 0:
            return f"{count // size}{unit}"
    if count >= 10 * GI:
        return f"{count / GI:.0f}Gi"
    if count >= GI:
        return f"{count / GI:.1f}Gi"
    return f"{round(count / MI)}Mi" if count >= MI else f"{count}"


def show_millicores(count: int) -> str:
    """Write thousandths of a core as people write them in manifests: ``250m``, ``2``."""
    return str(count // 1000) if count % 1000 == 0 and count else f"{count}m"
