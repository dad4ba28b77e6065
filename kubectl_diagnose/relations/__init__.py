"""How objects lean on each other. Every relation is a pure function of the snapshot and one Ref."""

from collections.abc import Callable, Iterable

from kubectl_diagnose.model import Ref
from kubectl_diagnose.relations.leaning import (
    backends_of,
    pods_mounting,
    pods_on,
    services_behind,
    services_of,
    targets_of,
)
from kubectl_diagnose.relations.owners import (
    children,
    controller_of,
    custom_owner,
    inferred,
    newest_revision,
    outdated,
    owner,
    owners_of,
    pods_of,
    replica_sets,
    template_of,
)
from kubectl_diagnose.relations.replicas import (
    itself,
    replicas_like,
    representatives,
    templates,
    workload_of,
)
from kubectl_diagnose.snapshot import Snapshot

Relation = Callable[[Snapshot, Ref], Iterable[Ref]]

__all__ = [
    "Relation",
    "backends_of",
    "children",
    "controller_of",
    "custom_owner",
    "inferred",
    "itself",
    "newest_revision",
    "outdated",
    "owner",
    "owners_of",
    "pods_mounting",
    "pods_of",
    "pods_on",
    "replica_sets",
    "replicas_like",
    "representatives",
    "services_behind",
    "services_of",
    "targets_of",
    "template_of",
    "templates",
    "workload_of",
]
