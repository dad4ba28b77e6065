"""What a rule says: a finding, how bad, how sure, and what would repair it."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from kubectl_diagnose.model import Evidence, Ref
from kubectl_diagnose.snapshot import Absence

if TYPE_CHECKING:
    from kubectl_diagnose.rules import Rule

Proof = Evidence | Absence


class Severity(IntEnum):
    """How much it hurts."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Confidence(IntEnum):
    """How sure it is."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


class Safety(StrEnum):
    """What a fix does besides repairing."""

    SAFE = "safe"
    """Rolls pods at most; nothing is lost."""
    UNSAFE = "unsafe"
    """Drops data, capacity or protection; its warnings say which."""
    MANUAL = "manual"
    """Needs a value that nobody can know from here."""


class Basis(StrEnum):
    """Where the value in a fix comes from."""

    PROVEN = "proven"
    """A fact of the snapshot says it."""
    BOUNDED = "bounded"
    """Evidence only bounds it; a documented formula chose it."""
    DEFAULT = "default"
    """A usual value, not supported by evidence."""


class TemplateEdit(Struct, frozen=True, eq=False):
    """A strategic merge patch of the spec of the pod template (``{"containers": [{"name": …}]}``)."""

    pod_spec: dict[str, Any]


class ObjectEdit(Struct, frozen=True, eq=False):
    """A patch of one object as it is: type ``strategic``, ``merge`` or ``json``, and the inverse patch if known."""

    ref: Ref
    type: str
    body: Any
    undo: Any = None


class Kubectl(Struct, frozen=True, eq=False):
    """Another kubectl command, as words without ``kubectl`` and without namespace and connection flags."""

    words: tuple[str, ...]
    ref: Ref | None = None
    undo: tuple[str, ...] = ()


class RolloutUndo(Struct, frozen=True, eq=False):
    """Go back to the revision that worked before (an image, a template)."""


Change = TemplateEdit | ObjectEdit | Kubectl | RolloutUndo


class Fix(Struct, frozen=True, eq=False):
    """
    What would repair a finding, as an intent on the object that the rule looked at.

    ``fixes/`` turns it into a command for the owner that keeps the template. ``change`` is None where it is manual.
    """

    title: str
    change: Change | None = None
    safety: Safety = Safety.SAFE
    basis: Basis = Basis.PROVEN
    value_from: str = ""
    warnings: tuple[str, ...] = ()


class Refutation(Struct, frozen=True, eq=False):
    """What would show that a finding is wrong, and the command that looks (words as in ``Kubectl``)."""

    means: str
    words: tuple[str, ...]


class Finding(Struct, frozen=True, eq=False):
    """
    One thing that a rule found about one object.

    ``subject`` is the object that the rule looked at (a pod stands for all that are like it); ``key`` tells apart
    findings of one rule on one container (which probe, port, variable). ``current`` is False for what is over.
    ``explains`` narrows the rule's own: None leaves it, otherwise only these symptoms. Compared by identity.
    """

    rule: "Rule"
    subject: Ref
    message: str
    severity: Severity
    confidence: Confidence
    evidence: tuple[Proof, ...]
    container: str | None = None
    key: str | None = None
    fixes: tuple[Fix, ...] = ()
    current: bool = True
    since: datetime | None = None
    refuted_by: Refutation | None = None
    explains: frozenset[str] | None = None
    details: tuple[str, ...] = ()


class Repair(Struct, frozen=True, eq=False):
    """
    A fix made concrete: the command that applies it to the object that has to change.

    ``type`` is ``strategic``, ``merge`` or ``json`` for a patch, None for another command; ``command`` is None where
    the fix is manual. ``verified`` is ``no``, ``simulated`` or ``server-dry-run``.
    """

    title: str
    safety: Safety
    basis: Basis
    value_from: str
    target: Ref | None
    type: str | None = None
    patch: Any = None
    command: str | None = None
    undo: str | None = None
    check: str | None = None
    verified: str = "no"
    warnings: tuple[str, ...] = ()
