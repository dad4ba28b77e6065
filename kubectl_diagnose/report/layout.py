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
    text: str, width: int, indent: str = "", first: str = "", *, style: str = "", upto: int | None = None, most: int = 0
) -> Iterator[Line]:
    """
    Yield words wrapped to a width; the first line begins with ``first``, the others with ``indent``.

    Of more lines than ``most`` the middle of the text is left out: its end often says most.
    """
    shown = escaped(text)
    found = _wrapped(shown, width, first, indent, most > 0)
    if most and len(found) > most:
        found = _shortened(cut(shown, 2 * most * width).split(), width, first, indent, most)
    for number, line in enumerate(found or [first.rstrip()]):
        yield Line(line, style if number == 0 or upto is None else "", upto)


def _shortened(words: list[str], width: int, first: str, indent: str, most: int) -> list[str]:
    """Leave out words, from somewhat behind the middle, until the rest is short enough."""
    at = max(1, len(words) * 3 // 5)
    head, tail = words[:at], words[at:]
    while True:
        found = _wrapped(" ".join((*head, "…", *tail)), width, first, indent, True)
        if len(found) <= most or not (head or tail):
            return found
        if len(head) > len(tail) or not tail:
            head.pop()
        else:
            tail.pop(0)


def _wrapped(text: str, width: int, first: str, indent: str, break_words: bool) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=break_words,
    )


def quoted(text: str, width: int, indent: str, lines: int = 4) -> Iterator[Line]:
    """Yield a quotation on a few lines."""
    yield from prose(text, width, f"{indent}  ", indent, most=lines)


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
