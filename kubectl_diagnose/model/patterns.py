"""Regular expressions that are compiled when they are first used."""

import re
from typing import Any, cast


class _Deferred:
    __slots__ = ("_compiled", "_flags", "_text")

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if self._compiled is None:
            self._compiled = re.compile(self._text, self._flags)
        return getattr(self._compiled, name)


def regex(text: str, flags: int = 0) -> "re.Pattern[str]":
    """
    Return a regular expression that is compiled at its first use.

    The tables of the readings hold some three hundred, of which a diagnosis uses a few: compiling all of them took a
    fifth of the start-up (``scripts/bench``).
    """
    return cast("re.Pattern[str]", _Deferred(text, flags))
