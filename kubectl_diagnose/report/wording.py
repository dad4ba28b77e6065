"""Words for what a report says: how long, how sure, where, and why first."""

from datetime import datetime
from typing import Any

from kubectl_diagnose.causes import Problem
from kubectl_diagnose.model import Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.rules import STAGES

_UNSAFE = regex(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_IMPACT = ("nothing serves", "fewer serve than asked for", "nothing is lost yet")
_SURE = ("certain", "likely", "possible")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": " "}


def escaped(text: str) -> str:
    """Return a text without control and bidi characters: each is written as ``\\x1b`` or ``\\u202e``."""
    return _UNSAFE.sub(lambda match: _escape(match[0]), text)


def _escape(character: str) -> str:
    code = ord(character)
    form = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return _NAMED.get(character, form)


def duration(seconds: float) -> str:
    """Return a length of time as kubectl writes it: ``45s``, ``4m5s``, ``3h``, ``2d``."""
    count = max(0, int(seconds))
    minutes, hours, days = count // 60, count // 3600, count // 86400
    if count < 120:
        return f"{count}s"
    if minutes < 180:
        return _two(minutes, "m", count % 60, "s") if minutes < 10 else f"{minutes}m"
    if hours < 48:
        return _two(hours, "h", minutes % 60, "m") if hours < 8 else f"{hours}h"
    if days < 730:
        return _two(days, "d", hours % 24, "h") if days < 8 else f"{days}d"
    return f"{days // 365}y"


def _two(large: int, unit: str, small: int, subunit: str) -> str:
    return f"{large}{unit}{small}{subunit}" if small else f"{large}{unit}"


def ago(moment: datetime | None, now: datetime) -> str:
    """Return how long before now a moment was, '' where it is not known."""
    return "" if moment is None else duration((now - moment).total_seconds())


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 pod``, ``2 pods``."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith(("s", "x", "ch")):
        return f"{number} {noun}es"
    if noun.endswith("y"):
        return f"{number} {noun[:-1]}ies"
    return f"{number} {noun}s"


def named(ref: Ref, namespace: str) -> str:
    """Return ``Deployment/hello-server``, with its namespace where that is not the one given."""
    elsewhere = f" in namespace {ref.namespace}" if ref.namespace and ref.namespace != namespace else ""
    return f"{ref.kind}/{ref.name}{elsewhere}"


def why_first(problem: Problem) -> str:
    """Return why a problem stands where it does: ``current; nothing serves; certain``."""
    rank = problem.rank
    words = ["over" if rank.past else "current", _pick(_IMPACT, rank.impact), _pick(_SURE, rank.doubt)]
    if rank.consequence:
        words.append("nothing found explains it")
    if not rank.unchanged:
        words.append("in the newest change")
    words.append(_pick(STAGES, rank.stage))
    return "; ".join(word for word in words if word)


def _pick(words: tuple[str, ...], number: Any) -> str:
    return words[number] if isinstance(number, int) and 0 <= number < len(words) else ""
