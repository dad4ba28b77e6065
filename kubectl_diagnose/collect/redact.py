"""
Take credentials out of what was read, before anything else sees it.

A value goes by the name that it is stored under, or by how it looks; image tags, digests, ports, ids and host names stay.
"""

import re
from functools import lru_cache

from kubectl_diagnose.collect.credential_names import credential_in_text, harmless, word_set
from kubectl_diagnose.model.patterns import regex

REDACTED = "<redacted>"

_CODES = regex(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b")
_PEM = regex(
    r"-----BEGIN (?P<what>[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----.*?(?:-----END (?P=what)-----|\Z)"
    r"|(?:[A-Za-z0-9+/=]{40,}\s+)+[A-Za-z0-9+/=]*\s*-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
    re.DOTALL,
)
_SHAPES = regex(
    r"\beyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]*"  # JSON web token
    r"|\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"  # AWS
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{22,}|\bglpat-[\w-]{20,}"
    r"|\bxox[abeoprs]-[\w-]{10,}|\bxapp-[\w-]{10,}"  # Slack
    r"|\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9]{16,}"  # Stripe
    r"|\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}"  # Google
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bnpm_[A-Za-z0-9]{36}|\bpypi-[\w-]{50,}"
    r"|\bsk-(?:[A-Za-z]+-){0,3}[A-Za-z0-9_]{20,}"
    r"|\bhv[sbr]\.[\w-]{20,}|\bdop_v1_[a-f0-9]{32,}|\bdckr_pat_[\w-]{20,}|\bshp(?:at|ss)_[a-fA-F0-9]{32}"
    r"|\b\d{8,10}:AA[\w-]{33}"  # Telegram
)
_SLACK_HOOK = regex(r"(hooks\.slack\.com/(?:services|workflows)/)[\w/]+")
# The password may hold anything but a space; `host:8080/path?mail=a@b` is not one.
_USERINFO = regex(r"(?<=://)(?:[^\s/:@\"'<>]*:(?!\d{1,5}(?:[/?#,\s]|$))[^\s\"'<>,]*|[^\s/:@\"'<>?#]{20,})@")
_DSN = regex(r"(?<![^\s:@/\"'=])[^\s:@/\"'=]+:[^\s@\"']+(?=@(?:tcp|tcp6|unix|udp)\()")
_ORACLE = regex(r"(?<=thin:)[^/\s:@]+/[^@\s\"']+(?=@)")
_HEADER = regex(
    r"(?i)(\b(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic|digest|token|apikey|negotiate|aws4-hmac-sha256)\s+)?)"
    r"[^\s\"',}]+(?:[^\"'\r\n}]{0,300}(?=[\"']))?"
)
_COOKIE = regex(r"(?i)(\b(?:set-)?cookie[\"']?\s*:\s*[\"']?)[^\r\n\"']+")
_SCHEME = regex(r"(?i)(\b(?:bearer|basic)\s+)(?=[\w+/.=~-]*[\d=._])[\w+/.=~-]{16,}")
_CURL = regex(r"((?:^|\s)(?:-u|--user|--proxy-user)[ =][\"']?)(?!\d+:\d+(?:\s|$))[^\s:\"']+:[^\s\"']+")
_SIGNED = regex(r"(?i)([?&](?:sig|signature|x-amz-(?:signature|credential|security-token)|x-goog-signature)=)[^&\s\"']+")
_NAMED_PAIR = regex(r'("name"\s*:\s*"([^"\\]+)"\s*,\s*"value"\s*:\s*")((?:[^"\\]|\\.)*)(?=")')
_ASSIGNED = regex(
    r"(?<![\w.-])(?P<name>[\w.-]+)(?P<sign>\\?[\"']?(?:\s*=>?\s*|\s*:[ \t]*)(?P<quote>\\?[\"']?))"
    r"(?P<value>(?:(?<=[\"'])[^\"'\r\n]*?(?=\\?[\"'])|[^\s\"',;&}{)\]\\]+))"
)
_OPTION = regex(r"(?P<sign>(?:^|\s)--?(?P<name>[A-Za-z][\w.-]+)\s+[\"']?)(?P<value>(?![-\"'])[^\s\"']+)")
_LONGEST_LINE = 8192
_HINT = regex(
    r"(?i)pass|pwd|secret|token|key|auth|cred|cookie|bearer|basic|://|@|eyJ|AKIA|ASIA|ABIA|ACCA|gh[pousr]_|_pat_|glpat|xox|xapp"
    r"|_live_|_test_|AIza|ya29|GOCSPX|SG\.|npm_|pypi-|sk-|hv[sbr]\.|dop_v1|shp|-u |--user|sig|:AA"
)
_PROSE = word_set(
    "a an and are at authentication be been but by can cannot could error expected expired failed for from has have "
    "incorrect invalid is it malformed mismatch missing must no none not null nil of on or provided rejected required "
    "the to too true false undefined unexpected unknown unset was were will with wrong empty should already does "
    "verification validation found failure unable unauthorized forbidden denied"
)


def redact(text: str) -> str:
    """Return a text without the credentials in it."""
    if not _HINT.search(text):
        return text
    return _short(text) if len(text) < 4096 else _redact(text)


def redact_line(line: str) -> str:
    """Return a line of a log without credentials and without the codes that colour it."""
    return redact(_CODES.sub("", line) if "\x1b" in line else line)


def redact_log(text: str) -> tuple[str, ...]:
    """Return the lines of a log; credentials that go over several lines are found too."""
    if "PRIVATE KEY" in text:
        text = _PEM.sub(REDACTED, text)
    return tuple(redact_line(line[:_LONGEST_LINE]) for line in text.splitlines())


def _redact(text: str) -> str:
    if "PRIVATE KEY" in text:
        text = _PEM.sub(REDACTED, text)
    text = _SHAPES.sub(REDACTED, text)
    text = _SLACK_HOOK.sub(rf"\1{REDACTED}", text)
    if "@" in text:
        text = _ORACLE.sub(REDACTED, _DSN.sub(REDACTED, _USERINFO.sub(f"{REDACTED}@", text)))
    for pattern in (_HEADER, _COOKIE, _SCHEME, _CURL, _SIGNED):
        text = pattern.sub(rf"\1{REDACTED}", text)
    text = _NAMED_PAIR.sub(_pair, text)
    return _OPTION.sub(_option, _ASSIGNED.sub(_assignment, text))


_short = lru_cache(maxsize=8192)(_redact)


def _pair(found: "re.Match[str]") -> str:
    kept = harmless(found[3]) or not credential_in_text(found[2])
    return found[0] if kept else f"{found[1]}{REDACTED}"


def _assignment(found: "re.Match[str]") -> str:
    value = found["value"]
    if not credential_in_text(found["name"]) or harmless(value) or REDACTED in value:
        return found[0]
    prose = ":" in found["sign"] and not found["quote"] and value.lower().strip(".!?:") in _PROSE
    return found[0] if prose or value.startswith("<") else f"{found['name']}{found['sign']}{REDACTED}"


def _option(found: "re.Match[str]") -> str:
    kept = not credential_in_text(found["name"]) or harmless(found["value"]) or REDACTED in found["value"]
    return found[0] if kept else f"{found['sign']}{REDACTED}"


def redact_named(name: str, value: str, credential: bool) -> str:
    """Return a value that is stored under a name; ``credential`` says that the name is one of a credential."""
    if credential and not harmless(value) and not _only_url(value):
        return REDACTED
    return redact(value)


def _only_url(value: str) -> bool:
    """Whether a value is an address, whose credentials ``redact`` finds by itself."""
    return bool(re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", value)) and "hooks." not in value


def redact_words(words: list[str]) -> list[str]:
    """Return the words of a command without credentials, also where an option's value is the next word."""
    kept: list[str] = []
    for number, word in enumerate(words):
        before = words[number - 1] if number else ""
        option = re.fullmatch(r"--?([A-Za-z][\w.-]+)", before)
        named = option is not None and credential_in_text(option[1]) and not word.startswith("-")
        curl = before in ("-u", "--user") and re.fullmatch(r"(?!\d+:\d+$)[^\s:]+:\S+", word)
        header = before in ("-H", "--header") and re.match(r"(?i)[\w-]*(key|token|secret)\s*:", word)
        if (named and not harmless(word)) or curl:
            kept.append(REDACTED)
        elif header:
            kept.append(f"{word.partition(':')[0]}: {REDACTED}")
        else:
            kept.append(redact(word))
    return kept
