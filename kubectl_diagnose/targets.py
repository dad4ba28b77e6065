"""From the words of a command line to the Target that they mean."""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.collect.kinds import TABLE, KindInfo
from kubectl_diagnose.model import Ref
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.model.selector import parse_selector
from kubectl_diagnose.snapshot import Gap, Snapshot, Target, nearest

KindOf = Callable[[str], KindInfo | None]
_LABEL_VALUE = regex(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_LABEL_KEY = regex(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_ALL = ("po", "svc", "ds", "deploy", "rs", "sts", "hpa", "cj", "job")


class Asked(Struct, frozen=True):
    """What a command line says of its target, before any kind or name was looked up."""

    words: tuple[str, ...] = ()
    selector: str = ""
    field_selector: str = ""
    all_namespaces: bool = False
    filenames: tuple[str, ...] = ()
    recursive: bool = False
    kustomize: str = ""
    flags: tuple[str, ...] = ()
    context: str = ""

    @property
    def manifests(self) -> bool:
        """Whether the objects are those that manifests name."""
        return bool(self.filenames or self.kustomize)

    def checked(self) -> "Asked":
        """Return itself where its parts go together; raises UserError otherwise, in kubectl's words."""
        if self.manifests and self.words:
            raise UserError("when manifests are given with -f or -k, no resource may be named as well")
        if self.filenames and self.kustomize:
            raise UserError("only one of -f and -k can be given")
        if self.manifests and (self.selector or self.field_selector):
            raise UserError("a selector cannot be used together with -f or -k: name the type instead")
        for part in filter(None, self.field_selector.split(",")):
            if "=" not in part:
                raise UserError(f"invalid field selector {self.field_selector!r}: {part!r} lacks '=', '==' or '!='")
        _check_selector(self.selector)
        return self


def _check_selector(selector: str) -> None:
    """Refuse what the API server would refuse; no label has such a key or value."""
    try:
        requirements = parse_selector(selector)
    except ValueError as error:
        raise UserError(f"invalid selector {selector!r}: {error}") from None
    for key, _, values in requirements:
        if not _LABEL_KEY.fullmatch(key):
            raise UserError(f"invalid selector {selector!r}: {key!r} cannot be the key of a label")
        for value in values:
            if not _LABEL_VALUE.fullmatch(value):
                raise UserError(f"invalid selector {selector!r}: {value!r} cannot be the value of a label")


def target_of(asked: Asked, namespace: str, kind_of: KindOf) -> Target:
    """Return the Target that words, manifests and selectors mean in a namespace. Raises UserError."""
    kinds, named = _parse(asked.words, kind_of)
    if named and (asked.selector or asked.field_selector):
        raise UserError("a name cannot be given together with a selector: leave out one of the two")
    if named and asked.all_namespaces:
        raise UserError("a resource cannot be named across all namespaces: give its namespace with -n instead of -A")
    refs = tuple(Ref(kind.group, kind.kind, namespace if kind.namespaced else "", name) for kind, name in named)
    if asked.manifests:
        refs = _in_manifests(asked, namespace)
        kinds = []
    return Target(
        kinds=tuple(dict.fromkeys([kind.kind for kind in kinds] + [ref.kind for ref in refs])),
        refs=tuple(dict.fromkeys(refs)),
        namespace="" if asked.all_namespaces else namespace,
        selector=asked.selector,
        field_selector=asked.field_selector,
        all_namespaces=asked.all_namespaces,
        flags=asked.flags,
        context=asked.context,
    )


def target_offline(asked: Asked, namespace: str, path: str, snapshot: Snapshot, kind_of: KindOf) -> Target:
    """
    Return the Target in a recording: in the namespace given, else in the only one it has, else in all of them.

    Raises UserError where the recording has nothing in the namespace that was given.
    """
    from kubectl_diagnose.collect.files import namespaces_in, recorded_namespace

    there = namespaces_in(snapshot)
    recorded = recorded_namespace(path)
    if namespace and namespace not in (*there, recorded):
        raise UserError(f'namespace "{namespace}" is not in {path!r}: it has {_quoted(there) or "none"}')
    chosen = namespace or recorded or (there[0] if len(there) == 1 else "")
    target = target_of(asked, chosen, kind_of)
    several = not chosen and not target.refs
    return replace(target, all_namespaces=True) if several else target


def _in_manifests(asked: Asked, namespace: str) -> tuple[Ref, ...]:
    from kubectl_diagnose.collect.manifests import refs_in_files, refs_in_kustomization

    if asked.kustomize:
        return refs_in_kustomization(asked.kustomize, namespace)
    return refs_in_files(asked.filenames, asked.recursive, namespace)


def _parse(words: tuple[str, ...], kind_of: KindOf) -> tuple[list[KindInfo], list[tuple[KindInfo, str]]]:
    """Read ``TYPE[,TYPE] [NAME…]`` or ``TYPE/NAME…``."""
    if not any("/" in word for word in words):
        kinds = [kind for word in words[:1] for kind in _kinds(word, kind_of)]
        return kinds, [(kind, name) for kind in kinds for name in words[1:]]
    named = []
    for word in words:
        type_word, _, name = word.partition("/")
        if not name and "/" not in word:
            raise UserError("there is no need for a type of its own where arguments have the form TYPE/NAME")
        if not type_word or not name or "/" in name or "," in type_word:
            raise UserError(f"{word!r} is not of the form TYPE/NAME")
        named += [(kind, name) for kind in _kinds(type_word, kind_of)]
    return [kind for kind, _ in named], named


def _kinds(words: str, kind_of: KindOf) -> list[KindInfo]:
    found = []
    for word in words.split(","):
        for single in _ALL if word == "all" else (word,):
            kind = kind_of(single)
            if kind is None:
                raise UserError(_unknown_type(single))
            found.append(kind)
    return found


def _unknown_type(word: str) -> str:
    near = nearest(word, _type_words(), most=1)
    meant = f': did you mean "{near[0]}"?' if near else ": see 'kubectl api-resources', and write TYPE NAME or TYPE/NAME"
    return f'the server doesn\'t have a resource type "{word}"{meant}'


def _type_words() -> list[str]:
    return [word for kind in TABLE for word in (kind.kind.lower(), kind.plural)]


def kinds_known_to(snapshot: Snapshot, kind_of: KindOf) -> KindOf:
    """Return a look-up of kinds that also knows those that a snapshot has objects of (custom resources)."""

    def look_up(word: str) -> KindInfo | None:
        known = kind_of(word)
        if known is not None:
            return known
        plain = word.partition(".")[0].lower()
        for ref in snapshot.resources:
            kind = ref.kind.lower()
            if plain in (kind, f"{kind}s", f"{kind}es", f"{kind.removesuffix('y')}ies"):
                return KindInfo(ref.kind, ref.group, "", f"{kind}s", namespaced=bool(ref.namespace))
        return None

    return look_up


def settled(
    target: Target, snapshot: Snapshot, kind_of: KindOf, *, manifests: bool, where: str = ""
) -> tuple[Target, Snapshot]:
    """
    Check that the named objects are in the snapshot, and take their names from it.

    Raises UserError with the nearest names where one is not there. Of those that manifests name, some may be missing:
    they become gaps.
    """
    found = {ref: _found(ref, snapshot) for ref in target.refs}
    missing = [ref for ref, at in found.items() if at is None]
    if missing and (not manifests or len(missing) == len(found)):
        raise UserError(_not_found(missing, snapshot, kind_of, where))
    gaps = tuple(Gap(str(ref), f"it is not found in {where or 'the cluster'}") for ref in missing)
    refs = tuple(at for at in found.values() if at is not None)
    spaces = {ref.namespace for ref in refs if ref.namespace}
    namespace = spaces.pop() if len(spaces) == 1 else target.namespace
    target = replace(target, refs=refs, namespace=namespace)
    return target, replace(snapshot, gaps=(*snapshot.gaps, *gaps)) if gaps else snapshot


def _found(ref: Ref, snapshot: Snapshot) -> Ref | None:
    """
    Return the Ref under which the snapshot has an object; the group of its API may be another than today's.

    Raises UserError where no namespace was given and several have one of that name.
    """
    if ref in snapshot.resources:
        return ref
    same = [r for r in snapshot.resources if (r.kind, r.name) == (ref.kind, ref.name)]
    here = [r for r in same if ref.namespace in ("", r.namespace)]
    if len({r.namespace for r in here}) > 1:
        places = _quoted(sorted(r.namespace for r in here))
        raise UserError(f'{ref.kind.lower()} "{ref.name}" is in several namespaces: give {places} with -n')
    return here[0] if here else None


def _not_found(missing: list[Ref], snapshot: Snapshot, kind_of: KindOf, where: str) -> str:
    ref = missing[0]
    known = kind_of(ref.kind.lower())
    plural = known.plural if known else f"{ref.kind.lower()}s"
    names = ", ".join(f'"{r.name}"' for r in missing if r.kind == ref.kind)
    scope = f' in namespace "{ref.namespace}"' if ref.namespace else ""
    return f"{plural} {names} not found{scope}{f' in {where}' if where else ''}{_instead(ref, plural, snapshot)}"


def _instead(ref: Ref, plural: str, snapshot: Snapshot) -> str:
    same = [r for r in snapshot.resources if r.kind == ref.kind]
    elsewhere = sorted({r.namespace for r in same if r.name == ref.name})
    if elsewhere:
        return f": it is in namespace {_quoted(elsewhere)}, give it with -n"
    here = sorted(r.name for r in same if ref.namespace in ("", r.namespace))
    near = nearest(ref.name, here)
    if near := near or _others_named(ref, snapshot):
        return f": did you mean {_quoted(near)}?"
    return f": there are {_quoted(here[:5])}" if here else f": see 'kubectl get {plural}'"


def _others_named(ref: Ref, snapshot: Snapshot) -> tuple[str, ...]:
    """Return objects of other kinds that have the name (events aside), as people type them."""
    same = [r for r in snapshot.resources if r.name == ref.name and r.kind not in ("Event", "Endpoints", "PodMetrics")]
    return tuple(sorted(str(r) for r in same if ref.namespace in ("", r.namespace))[:3])


def _quoted(names: Iterable[str]) -> str:
    return " or ".join(f'"{name}"' for name in names)


__all__ = ["Asked", "KindOf", "kinds_known_to", "settled", "target_of", "target_offline"]
