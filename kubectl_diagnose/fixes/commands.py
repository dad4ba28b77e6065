"""From words to a command that can be pasted into sh, bash or zsh and does what it says."""

import json
import shlex
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from kubectl_diagnose.model import Object, Ref, kind_of
from kubectl_diagnose.model.patterns import regex

_CLUSTER_VERBS = {"cordon", "uncordon", "drain", "taint", "certificate", "cluster-info", "api-resources"}
_PLUGINS = {"diagnose"}
_SECRET_FLAGS = ("--token", "--password")
_OPTION = regex(r"[A-Za-z-]+")
_PLACEHOLDER = regex(r"<[^<>]+>")
_ROLLED = {"Deployment", "StatefulSet", "DaemonSet"}


def _shell(word: str) -> str:
    """Quote what comes after ``jsonpath=`` alone: easier to read, and the same to the shell."""
    before, equals, after = word.partition("=")
    if equals and after and _OPTION.fullmatch(before):
        return f"{before}={shlex.quote(after)}"
    return shlex.quote(word)


def compact(body: Any) -> str:
    """Return JSON on one line, its keys in the order they were given."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def type_word(ref: Ref) -> str:
    """Return what people type for the kind of an object; with its group where the kind is a custom resource's."""
    kind = ref.kind.lower()
    return kind if kind_of(ref) is not Object or not ref.group else f"{kind}.{ref.group}"


def has_placeholder(words: Iterable[str]) -> bool:
    """Whether a word has something in angle brackets that somebody would have to fill in."""
    return any(_PLACEHOLDER.search(word) for word in words)


def check_words(ref: Ref) -> tuple[str, ...]:
    """Return the command that shows whether an object is well now."""
    word = type_word(ref)
    if ref.kind in _ROLLED and ref.group == "apps":
        return "rollout", "status", f"{word}/{ref.name}", "--timeout=120s"
    if word == "pod":
        return "wait", "--for=condition=Ready", f"pod/{ref.name}", "--timeout=120s"
    if word == "job":
        return "wait", "--for=condition=Complete", f"job/{ref.name}", "--timeout=120s"
    if word == "service":
        return "get", "endpointslices", "-l", f"kubernetes.io/service-name={ref.name}"
    return "get", word, ref.name


class Commands(Struct, frozen=True):
    """Writes commands; ``flags`` are the connection flags that were given, repeated in each."""

    flags: tuple[str, ...] = ()

    def kubectl(self, namespace: str, *words: str) -> str:
        """Return one kubectl command; the namespace is left out for what is in none."""
        in_namespace = ("-n", namespace) if namespace and words[0] not in _CLUSTER_VERBS else ()
        where = (*in_namespace, *self._public_flags())
        # kubectl refuses flags before the name of a plugin.
        parts = (*words, *where) if words[0] in _PLUGINS else (*where, *words)
        return " ".join(map(_shell, ("kubectl", *parts)))

    def patch(self, ref: Ref, kind: str, body: Any) -> str:
        """Return the command that patches an object."""
        return self.kubectl(ref.namespace, "patch", type_word(ref), ref.name, f"--type={kind}", "-p", compact(body))

    def recreate(self, ref: Ref, kind: str, body: Any) -> str:
        """Return the command that deletes an object and makes it again with a patch applied."""
        read = self.kubectl(ref.namespace, "get", type_word(ref), ref.name, "-o", "json")
        change = shlex.join(("kubectl", "patch", "--local", "-f", "-", f"--type={kind}", "-p", compact(body), "-o", "json"))
        return f"{read} | {change} | {self.kubectl(ref.namespace, 'replace', '--force', '-f', '-')}"

    def delete(self, refs: Iterable[Ref]) -> str:
        """Return the command that deletes objects of one kind and namespace, '' for none."""
        found = sorted(refs)
        if not found:
            return ""
        gone = ("--ignore-not-found",) if found[0].kind == "Job" else ()  # its CronJob may have dropped it meanwhile
        return self.kubectl(found[0].namespace, "delete", type_word(found[0]), *(r.name for r in found), *gone)

    def check(self, ref: Ref) -> str:
        """Return the command that shows whether an object is well now."""
        return self.kubectl(ref.namespace, *check_words(ref))

    def _public_flags(self) -> Iterable[str]:
        """The flags without a credential that must not be printed."""
        secret = False
        for flag in self.flags:
            if not secret and not flag.startswith(_SECRET_FLAGS):
                yield flag
            secret = flag in _SECRET_FLAGS
