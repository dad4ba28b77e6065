"""Where the target itself cannot be read, that is an error and not a gap."""

from kubectl_diagnose.collect.errors import UserError
from kubectl_diagnose.collect.reading import Reader, Result
from kubectl_diagnose.collect.requests import Request, every
from kubectl_diagnose.snapshot import Target, nearest


def check_target(target: Target, results: list[Result], reader: Reader) -> None:
    """
    Raise UserError where the target was refused, or where nothing that was named is there.

    Where only some of the named objects are there, the others are in the snapshot's ``missing``.
    """
    asked = [r for r in results if r.request.critical]
    for result in asked:
        if result.why and not result.objects:
            raise UserError(_refused(result))
    gone = [r for r in results if r.missing and r.request.ref is not None and r.request.ref.kind == "Namespace"]
    if gone and not any(r.objects for r in asked):
        raise UserError(_not_found([gone[0].request], reader))
    if target.refs and asked and all(r.missing for r in asked):
        raise UserError(_not_found([r.request for r in asked], reader))


def _refused(result: Result) -> str:
    request = result.request
    info = request.info
    plural = info.plural if info else "objects"
    if result.status == 403:
        verb = "list" if request.listing else "get"
        scope = f" -n {request.namespace}" if request.namespace else " -A" if info and info.namespaced else ""
        return f"cannot read {request.what}: {result.why}: see 'kubectl auth can-i {verb} {plural}{scope}'"
    return f"cannot read {request.what}: {result.why}"


def _not_found(requests: list[Request], reader: Reader) -> str:
    """Say it as kubectl does, with the names that come near."""
    request = requests[0]
    assert request.ref is not None
    assert request.info is not None
    names = ", ".join(f'"{r.ref.name}"' for r in requests if r.ref is not None)
    where = f' in namespace "{request.namespace}"' if request.namespace else ""
    there = sorted(o.name for o in reader.read(every(request.info, request.namespace, names_only=True)).objects)
    near = nearest(request.ref.name, there)
    said = " or ".join(f'"{name}"' for name in near)
    instead = f": did you mean {said}?" if near else f": see 'kubectl get {request.info.plural}'"
    return f"{request.info.plural} {names} not found{where}{instead}"
