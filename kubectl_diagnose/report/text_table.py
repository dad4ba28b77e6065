"""The table of facts as text, as wide as the terminal allows."""

from collections.abc import Iterator

from kubectl_diagnose.report import PodRow
from kubectl_diagnose.report.layout import Line, cut
from kubectl_diagnose.report.wording import counted, escaped

_MOST = 6
_LONGEST_NAME = 60
_SHORT_NAME = 24
_SHORTEST_NAME = 16
_GAP = 2
_LONGEST_STATE = 40
# What goes first where the terminal is narrow.
_EXPENDABLE = ("CPU use/req/lim", "NODE", "AGE", "MEM use/req/lim", "LAST EXIT")


def table(rows: tuple[PodRow, ...], width: int) -> Iterator[Line]:
    """Yield the table, columns without a value left out, and how many lines were left out."""
    if not rows:
        return
    shown = rows[:_MOST]
    columns = {name: cells for name, cells in _columns(shown, _LONGEST_NAME).items() if any(cells)}
    first = _fitted(columns, shown, width)
    yield from _drawn(first)
    rest = {name: cells for name, cells in columns.items() if name not in first}
    if rest:
        # What did not fit stands below, with the name again only where there are several lines to tell apart.
        again = {"POD": columns["POD"]} if len(shown) > 1 else {}
        yield from _drawn(_fitted({**again, **rest}, shown, width))
    if len(rows) > _MOST:
        more = sum(len(row.pods) for row in rows[_MOST:])
        yield Line(f"and {counted(more, 'more pod')}")


def _drawn(columns: dict[str, list[str]]) -> Iterator[Line]:
    from tabulate import tabulate

    # The heads stand among the rows: tabulate pads heads of its own by two.
    lines = [list(columns), *zip(*columns.values(), strict=True)]
    for number, line in enumerate(tabulate(lines, tablefmt="plain", disable_numparse=True).splitlines()):
        yield Line(line, "dim" if number == 0 else "")


def _columns(rows: tuple[PodRow, ...], longest: int) -> dict[str, list[str]]:
    return {
        "POD": [escaped(name(row, longest, rows)) for row in rows],
        "READY": [row.ready for row in rows],
        "RESTARTS": [row.restarts for row in rows],
        "STATE": [escaped(cut(row.state, _LONGEST_STATE)) for row in rows],
        "LAST EXIT": [escaped(row.last_exit) for row in rows],
        "CPU use/req/lim": [row.cpu for row in rows],
        "MEM use/req/lim": [row.memory for row in rows],
        "NODE": [escaped(row.node) for row in rows],
        "AGE": [row.age for row in rows],
    }


def name(row: PodRow, longest: int, shown: tuple[PodRow, ...] = ()) -> str:
    """Return the pod's name, or what the names of several have in common: ``web-6d5f-… (3 pods)``."""
    if len(row.pods) == 1:
        return cut(f"{_namespace(row, shown)}{row.pods[0].name}", longest)
    first, last = min(row.pods).name, max(row.pods).name
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    shared = first[: first.rfind("-", 0, same) + 1] or first[:same]
    shared = f"{_namespace(row, shown)}{shared}"
    suffix = f" ({counted(len(row.pods), 'pod')})"
    return f"{shared[: max(1, longest - len(suffix) - 1)]}…{suffix}"


def _namespace(row: PodRow, shown: tuple[PodRow, ...]) -> str:
    """Name the namespace only where the table has pods of several."""
    several = len({ref.namespace for other in shown for ref in other.pods}) > 1
    return f"{row.pods[0].namespace}/" if several else ""


def _fitted(columns: dict[str, list[str]], rows: tuple[PodRow, ...], width: int) -> dict[str, list[str]]:
    """Shorten names, then leave out what matters least, then shorten further."""
    columns = _shortened(columns, rows, width, _SHORT_NAME)
    for column in _expendable(columns):
        if _width(columns) <= width:
            break
        columns = {key: cells for key, cells in columns.items() if key != column}
    if "POD" in columns:
        columns = {**columns, "POD": _columns(rows, _LONGEST_NAME)["POD"]}
    return _shortened(columns, rows, width, _SHORTEST_NAME)


def _expendable(columns: dict[str, list[str]]) -> tuple[str, ...]:
    """Memory stays as long as it can where a container was killed for it."""
    killed = any("OOMKilled" in cell for cell in columns.get("LAST EXIT", []))
    return tuple(sorted(_EXPENDABLE, key=lambda c: (killed and c.startswith("MEM"), _EXPENDABLE.index(c))))


def _shortened(columns: dict[str, list[str]], rows: tuple[PodRow, ...], width: int, least: int) -> dict[str, list[str]]:
    over = _width(columns) - width
    longest = max(map(len, columns.get("POD", [""])))
    if over <= 0 or longest <= least:
        return columns
    return {**columns, "POD": _columns(rows, max(least, longest - over))["POD"]}


def _width(columns: dict[str, list[str]]) -> int:
    return sum(max(len(key), *map(len, cells)) + _GAP for key, cells in columns.items()) - _GAP
