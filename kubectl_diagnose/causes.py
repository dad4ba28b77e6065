"""Link findings to the cause that explains them, and rank what remains."""

from dataclasses import dataclass
from typing import NamedTuple

from kubectl_diagnose.findings import Finding, Repair
from kubectl_diagnose.model import Ref


class Rank(NamedTuple):
    """Where a problem stands; compared field by field, smallest first."""

    past: bool
    """Whether it is over."""
    impact: int
    """0 nothing serves, 1 fewer serve than asked for, 2 nothing is lost yet."""
    doubt: int
    """0 certain, 1 likely, 2 possible."""
    stage: int
    """How far the pod came to life before it, an index into ``rules.STAGES``."""
    unchanged: bool
    """Whether the newest revision left alone what it is about."""
    spread: int
    """The number of instances affected, negative."""
    rule: str
    subject: Ref


@dataclass(frozen=True, eq=False)
class Problem:
    """
    A root cause with what it explains.

    ``owner`` is the object to change (the owner that keeps the template); ``findings`` are those of the replicas that
    were folded into one, the cause first; ``instances`` the objects that show it, of ``total``.
    """

    cause: Finding
    owner: Ref
    findings: tuple[Finding, ...]
    symptoms: tuple[Finding, ...]
    instances: tuple[Ref, ...]
    total: int
    rank: Rank
    repairs: tuple[Repair, ...] = ()
