"""
kubectl's global flags, and a reading of the command line that imports nothing.

``__main__`` uses it to start talking to the cluster before anything heavy is imported; ``cli`` makes its options of it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubectl_diagnose.collect.errors import UserError


class Flag(NamedTuple):
    """A global flag of kubectl."""

    name: str
    help: str
    short: str = ""
    switch: bool = False
    """Whether it takes no value."""
    repeat: bool = False
    printed: bool = True
    """Whether commands that are printed repeat it: not secrets, not what only concerns a single run."""


GLOBAL = (
    Flag("kubeconfig", "Path to the kubeconfig file."),
    Flag("context", "The kubeconfig context to use."),
    Flag("cluster", "The kubeconfig cluster to use."),
    Flag("user", "The kubeconfig user to use."),
    Flag("as", "User to impersonate."),
    Flag("as-group", "Group to impersonate; may be repeated.", repeat=True),
    Flag("as-uid", "UID to impersonate."),
    Flag("as-user-extra", "User extras to impersonate; may be repeated.", repeat=True),
    Flag("server", "The address and port of the API server.", short="s"),
    Flag("token", "Bearer token for the API server.", printed=False),
    Flag("username", "Username for basic authentication."),
    Flag("password", "Password for basic authentication.", printed=False),
    Flag("client-certificate", "Path to a client certificate file."),
    Flag("client-key", "Path to a client key file.", printed=False),
    Flag("certificate-authority", "Path to the certificate of the authority."),
    Flag("tls-server-name", "Server name to check the server's certificate with."),
    Flag("insecure-skip-tls-verify", "Do not check the server's certificate.", switch=True),
    Flag("proxy-url", "Proxy to reach the API server through."),
    Flag("request-timeout", "How long to wait for one request (1s, 2m), 0 for ever.", printed=False),
    Flag("disable-compression", "Do not ask for compressed answers.", switch=True),
    Flag("cache-dir", "Where kubectl keeps its cache.", printed=False),
    Flag("kuberc", "Path to the kuberc file.", printed=False),
    Flag("match-server-version", "Require the server's version to be the client's.", switch=True, printed=False),
    Flag("warnings-as-errors", "Treat warnings of the server as errors.", switch=True, printed=False),
    Flag("profile", "Name of the profile to capture.", printed=False),
    Flag("profile-output", "File to write the profile to.", printed=False),
    Flag("v", "How much kubectl logs.", short="v", printed=False),
    Flag("vmodule", "How much kubectl logs, by file.", printed=False),
    Flag("log-flush-frequency", "How often kubectl writes its log.", printed=False),
)
OWN_VALUES = ("namespace", "selector", "field-selector", "filename", "kustomize", "output", "from", "color", "fail-on")
OWN_SWITCHES = ("all-namespaces", "recursive", "no-color", "version", "help")
SHORT = {"n": "namespace", "l": "selector", "f": "filename", "k": "kustomize", "o": "output", "s": "server", "v": "v"}
SHORT_SWITCHES = {"A": "all-namespaces", "R": "recursive", "h": "help"}
COMMANDS = ("explain", "rules", "schema", "version")

_BY_NAME = {flag.name: flag for flag in GLOBAL}
_SWITCHES = frozenset(OWN_SWITCHES) | {flag.name for flag in GLOBAL if flag.switch}
_VALUES = frozenset(OWN_VALUES) | {flag.name for flag in GLOBAL if not flag.switch}


class Word(NamedTuple):
    """A part of the command line: a flag (by its long name) with its value, or a plain word (flag '')."""

    flag: str
    value: str | None


def read(argv: Iterable[str]) -> Iterator[Word]:
    """Yield the flags and words of a command line; a flag that is not known is one without a value."""
    words = iter(argv)
    for word in words:
        if word == "--":
            yield from (Word("", rest) for rest in words)
        elif word.startswith("--"):
            yield _long(word[2:], words)
        elif word.startswith("-") and len(word) > 1:
            yield from _short(word[1:], words)
        else:
            yield Word("", word)


def _long(text: str, words: Iterator[str]) -> Word:
    name, equals, value = text.partition("=")
    if equals:
        return Word(name, value)
    return Word(name, next(words, None) if name in _VALUES else None)


def _short(text: str, words: Iterator[str]) -> Iterator[Word]:
    for at, letter in enumerate(text):
        rest = text[at + 1 :].removeprefix("=")
        if letter in SHORT:
            yield Word(SHORT[letter], rest or next(words, None))
            return
        if text[at + 1 : at + 2] == "=":
            yield Word(SHORT_SWITCHES.get(letter, letter), rest)
            return
        yield Word(SHORT_SWITCHES.get(letter, letter), None)


def spelled_out(argv: Iterable[str]) -> list[str]:
    """
    Return a command line in the one spelling that every parser reads alike: ``--flag=value``, ``--switch``.

    It accepts what kubectl accepts: ``-l=app=x``, ``-napi``, ``-Rf dir``, ``--all-namespaces=false``. Raises UserError
    where a flag lacks its value.
    """
    flags: list[str] = []
    plain: list[str] = []
    for flag, value in read(argv):
        if not flag:
            plain.append(value or "")
        elif flag in _SWITCHES and value is not None and value.lower() in ("true", "false", "t", "f", "1", "0"):
            flags += [f"--{flag}"] if value.lower() in ("true", "t", "1") else []
        elif flag in _VALUES and value is None:
            raise UserError(f"flag needs an argument: --{flag}")
        else:
            flags.append(f"--{flag}" if value is None else f"--{flag}={value}")
    return [*flags, "--", *plain]


def connection_flags(argv: Iterable[str]) -> tuple[str, ...]:
    """Return the flags that kubectl needs to reach the cluster the same way, as ``--flag=value``."""
    found = [word for word in spelled_out(argv) if word.startswith("--")]
    return tuple(f for f in found if f[2:].partition("=")[0] in _BY_NAME)


def printable(flags: Iterable[str]) -> tuple[str, ...]:
    """Return those of the connection flags that a printed command may repeat: no secret, nothing about one run."""
    return tuple(f for f in flags if _may_be_printed(*f[2:].partition("=")[::2]))


def _may_be_printed(name: str, value: str) -> bool:
    credentials_inside = name in ("server", "proxy-url") and "@" in value
    return _BY_NAME[name].printed and not credentials_inside


def command_of(argv: Iterable[str]) -> str:
    """Return the subcommand that a command line asks for, '' for a diagnosis."""
    first = next((value for flag, value in read(argv) if not flag), "") or ""
    return first if first in COMMANDS else ""


def needs_cluster(argv: Iterable[str]) -> bool:
    """Whether a command line can only be answered by a cluster."""
    words = list(argv)
    offline = any(flag in ("help", "h", "version", "from") for flag, _ in read(words))
    return not offline and not command_of(words)


def names_namespace(argv: Iterable[str]) -> bool:
    """Whether a command line says which namespace, so that the context need not be asked for it first."""
    return any(flag == "namespace" for flag, _ in read(argv))
