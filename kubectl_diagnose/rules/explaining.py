"""Which symptoms a kind of fault explains: what the rules' ``explains`` are made of, by the moment at which it strikes."""

from collections.abc import Mapping
from types import MappingProxyType

from kubectl_diagnose.relations import Relation, itself, services_behind, workload_of

DOWNSTREAM: dict[str, Relation] = {
    "rollout-stuck": workload_of,
    "service-without-endpoints": services_behind,
}

NOT_MADE: Mapping[str, Relation] = MappingProxyType(
    {"replicas-missing": workload_of, "job-failed": workload_of, **DOWNSTREAM},
)
"""A pod was refused: the subject is the workload, or the object that refused."""

UNSCHEDULED: Mapping[str, Relation] = MappingProxyType(
    {"pod-unschedulable": itself, "replicas-missing": workload_of, "job-failed": workload_of, **DOWNSTREAM},
)
"""No node takes a pod."""

NOT_STARTED: Mapping[str, Relation] = MappingProxyType(
    {"container-not-started": itself, "pod-not-ready": itself, "job-failed": workload_of, **DOWNSTREAM},
)
"""Something keeps a container from starting."""

CRASHING: Mapping[str, Relation] = MappingProxyType(
    {
        "container-not-started": itself,
        "container-restarting": itself,
        "pod-not-ready": itself,
        "job-failed": workload_of,
        **DOWNSTREAM,
    },
)
"""Something ends a container again and again."""

UNREADY: Mapping[str, Relation] = MappingProxyType({"pod-not-ready": itself, **DOWNSTREAM})
"""A container runs and is not ready."""

PROBE_FAILS: Mapping[str, Relation] = CRASHING
"""A probe fails: what a readiness probe cannot bring about is left out by each finding (``Finding.explains``)."""

DOWNSTREAM_OF_CRASH: Mapping[str, Relation] = MappingProxyType(
    {"pod-not-ready": itself, "job-failed": workload_of, **DOWNSTREAM}
)
"""What follows from a container that ends again and again."""

__all__ = ["CRASHING", "DOWNSTREAM", "DOWNSTREAM_OF_CRASH", "NOT_MADE", "NOT_STARTED", "PROBE_FAILS", "UNREADY", "UNSCHEDULED"]
