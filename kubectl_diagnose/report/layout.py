"""Lines of text: wrapped, free of what a terminal would obey, coloured at the very end."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubectl_diagnose.report.wording import escaped

_STYLES = {"bold": "1", "dim": "2", "red": "31;1", "green": "32;1", "yellow": "33;1", "cyan": "36"}
_WIDEST = 110
_NARROWEST = 40


class Line(NamedTuple):
    """One line; ``style`` is that of its first ``upto`` characters (of all where that is None)."""

    text: str
    style: str = ""
    upto: int | None = None


def measure(width: int) -> int:
    """Return the width that prose is wrapped to: very long lines are hard to read."""
    return min(max(width, _NARROWEST), _WIDEST)


def prose(
    text: str, width: int, indent: str = "", first: str = "", *, style: str = "", upto: int | None = None
) -> Iterator[Line]:
    """Yield words wrapped to a width; the first line begins with ``first``, the others with ``indent``."""
    found = textwrap.wrap(
        escaped(text), width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )
    for number, line in enumerate(found or [first.rstrip()]):
        yield Line(line, style if number == 0 or upto is None else "", upto)


def quoted(text: str, width: int, indent: str, lines: int = 2) -> Iterator[Line]:
    """Yield a quotation wrapped to a few lines, the rest cut."""
    for line in textwrap.wrap(
        escaped(text),
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        max_lines=lines,
        placeholder=" …",
        break_on_hyphens=False,
    ):
        yield Line(line)


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, the middle left out."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :] if tail else ''}"


def printed(lines: Iterable[Line], color: bool) -> str:
    """Return lines as text, every control character escaped, coloured where asked for."""
    return "\n".join(_painted(line, color).rstrip(" ") for line in lines) + "\n"


def _painted(line: Line, color: bool) -> str:
    text = escaped(line.text)
    if not color or line.style not in _STYLES or not text:
        return text
    upto = len(text) if line.upto is None else line.upto
    return f"\x1b[{_STYLES[line.style]}m{text[:upto]}\x1b[0m{text[upto:]}"
