"""What can be asked for: one object, a list, a log."""

from msgspec import Struct

from kubectl_diagnose.collect.kinds import BY_KIND, KindInfo
from kubectl_diagnose.collect.transport import Query
from kubectl_diagnose.model import Container, Ref

TAIL = 200


class Request(Struct, frozen=True):
    """
    One thing to ask for.

    ``what`` names it in a gap. ``ref`` is set where one object is asked for by name, ``container`` for a log.
    ``whole`` lists are those that say what is not there. A ``quiet`` one leaves no gap; the target itself is
    ``critical``: not reading it ends the diagnosis. ``others`` are paths to try where the first is not served.
    """

    what: str
    path: str
    query: Query = ()
    info: KindInfo | None = None
    namespace: str = ""
    ref: Ref | None = None
    container: str = ""
    previous: bool = False
    whole: bool = False
    names_only: bool = False
    most: int = 2000
    critical: bool = False
    quiet: bool = False
    patient: bool = True
    others: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, Query, bool]:
        """What makes two requests the same."""
        return self.path, self.query, self.names_only

    @property
    def listing(self) -> bool:
        """Whether a list is asked for."""
        return self.info is not None and self.ref is None


def one(info: KindInfo, namespace: str, name: str, *, critical: bool = False, quiet: bool = False) -> Request:
    """Ask for an object by name."""
    scope = namespace if info.namespaced else ""
    ref = Ref(info.group, info.kind, scope, name)
    what = _what(info, scope)
    return Request(what, info.path(scope, name), (), info, scope, ref, critical=critical, quiet=quiet)


def every(
    kind: str | KindInfo,
    namespace: str = "",
    *,
    labels: str = "",
    fields: str = "",
    names_only: bool = False,
    most: int = 2000,
    critical: bool = False,
    quiet: bool = False,
) -> Request:
    """Ask for a list: of a namespace, or of the cluster where it is ''; whole unless a selector narrows it."""
    info = BY_KIND[kind] if isinstance(kind, str) else kind
    scope = namespace if info.namespaced else ""
    query: Query = (("labelSelector", labels),) if labels else ()
    query += (("fieldSelector", fields),) if fields else ()
    whole = not labels and not fields
    return Request(
        _what(info, scope),
        info.path(scope),
        query,
        info,
        scope,
        whole=whole,
        names_only=names_only,
        most=most,
        critical=critical,
        quiet=quiet,
    )


def log(container: Container, previous: bool) -> Request:
    """Ask for the last lines of a container, of its present run or of the one before."""
    ref = container.ref
    query: Query = (("container", container.name), ("tailLines", str(TAIL)), ("timestamps", "false"))
    query += (("previous", "true"),) if previous else ()
    path = f"{BY_KIND['Pod'].path(ref.namespace, ref.name)}/log"
    return Request(
        f"logs in namespace {ref.namespace}",
        path,
        query,
        namespace=ref.namespace,
        ref=ref,
        container=container.name,
        previous=previous,
    )


def metrics(kind: str, namespace: str = "", labels: str = "") -> Request:
    """Ask for usage samples, of whichever version of the metrics API is served."""
    info = BY_KIND[kind]
    path = info.path(namespace)
    query = (("labelSelector", labels),) if labels else ()
    return Request(
        "metrics",
        path,
        query,
        info,
        namespace,
        most=5000,
        patient=False,
        others=(path.replace("/v1beta1/", "/v1/"),),
    )


def version() -> Request:
    """Ask for the version of the server."""
    return Request("the server's version", "/version", quiet=True, patient=False)


def _what(info: KindInfo, namespace: str) -> str:
    if namespace:
        return f"{info.plural} in namespace {namespace}"
    return f"{info.plural} of all namespaces" if info.namespaced else info.plural
