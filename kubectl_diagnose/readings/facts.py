"""What the replicas of one container, of one revision, have proven by what they did."""

from dataclasses import dataclass

from kubectl_diagnose.model import Evidence, Ref
from kubectl_diagnose.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """
    One proven thing about a container of an owner's newest revision.

    ``what`` is one of ``accepts`` (a port takes connections), ``refuses`` (it does not, in a run in which the process was
    up), ``answers`` (an HTTP path answered with ``status`` under ``scheme``), ``listens`` (two or more sources, no proof,
    agree on the port), ``exceeded`` (a memory limit in bytes, in ``amount``), ``used`` (memory in bytes), ``took``
    (seconds until it listened).
    """

    owner: Ref
    container: str
    what: str
    port: int | None = None
    path: str | None = None
    scheme: str | None = None
    status: int | None = None
    amount: float | None = None
    evidence: tuple[Evidence, ...] = ()
    because: str = ""


def facts_of(snapshot: Snapshot, owner: Ref, container: str | None = None) -> tuple[Fact, ...]:
    """Return what is proven about the containers of an owner's pods, or about one of them."""
    return ()
