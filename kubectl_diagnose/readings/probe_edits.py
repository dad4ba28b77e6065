"""What a probe should ask instead, from facts; and whether facts support what a probe asks."""

from collections.abc import Iterable
from typing import Any

from kubectl_diagnose.findings import Basis, Fix, Safety, TemplateEdit
from kubectl_diagnose.model import Container, Probe
from kubectl_diagnose.model.patterns import regex
from kubectl_diagnose.readings.facts import Fact
from kubectl_diagnose.readings.probe import ProbeReading
from kubectl_diagnose.readings.right_port import right_port
from kubectl_diagnose.snapshot import Snapshot

WEAKER = "a TCP probe is weaker: it passes as soon as the port is open, whatever the program answers"
_URL = regex(r"https?://(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(?::(\d+))?(/\S*)?")


def container_edit(container: Container, fields: dict[str, Any]) -> TemplateEdit:
    """Return the edit of one container of the template, by its name."""
    return TemplateEdit({"initContainers" if container.init else "containers": [{"name": container.name, **fields}]})


def probe_edit(probe: Probe, fields: dict[str, Any]) -> TemplateEdit:
    """Return the edit of one probe."""
    return container_edit(probe.container, {f"{probe.kind}Probe": fields})


def _statuses(facts: Iterable[Fact], port: int) -> dict[str, int]:
    """What each path of a port answered; a good answer overrules a bad one."""
    found: dict[str, int] = {}
    for fact in facts:
        if fact.what == "answers" and fact.port == port and fact.path and fact.status:
            found[fact.path] = min(found.get(fact.path, 999), fact.status)
    return found


def good_path(facts: Iterable[Fact], port: int) -> str | None:
    """Return a path that a port is known to answer without an error, or None."""
    return next((path for path, status in sorted(_statuses(facts, port).items()) if status < 400), None)


def _tcp(probe: Probe, port: int) -> dict[str, Any]:
    instead: dict[str, Any] = {} if probe.handler == "tcpSocket" else {probe.handler: None}
    return {**instead, "tcpSocket": {"port": port}}


def ask_elsewhere(snapshot: Snapshot, reading: ProbeReading) -> list[Fix]:
    """Return the fixes that make a probe ask the right port, by a path that is not known to fail there."""
    probe = reading.probe
    right = right_port(snapshot, probe, reading.facts)
    if right is None:
        title = f"Ask the port that container {probe.container.name!r} listens on"
        return [Fix(title, safety=Safety.MANUAL, value_from="no source names its port")]
    proven = any(f.what in ("accepts", "listens") and f.port == right.port for f in reading.facts)
    basis = Basis.PROVEN if proven else Basis.DEFAULT
    path_status = _statuses(reading.facts, right.port).get(probe.http_path, 200)
    if probe.handler == "httpGet" and path_status >= 400:
        return ask_path(reading, right.port, right.because)
    field = "httpGet" if probe.handler in ("httpGet", "exec") else probe.handler
    title = f"Let the {probe.kind} probe ask port {right.port}"
    return [Fix(title, probe_edit(probe, {field: {"port": right.port}}), basis=basis, value_from=right.because)]


def ask_path(reading: ProbeReading, port: int, because: str = "") -> list[Fix]:
    """Return the fixes for a path that is not served: one known to be, else the port alone, else ``/`` as a guess."""
    probe = reading.probe
    path = good_path(reading.facts, port)
    change: dict[str, Any] = {"port": port} if port != probe.port else {}
    if path is not None:
        said = next(f for f in reading.facts if f.what == "answers" and (f.port, f.path) == (port, path))
        title = f"Let the {probe.kind} probe ask {path!r} on port {port}"
        edit = probe_edit(probe, {"httpGet": {"path": path, **change}})
        return [Fix(title, edit, value_from=f"{said.because}; its path is {path!r}")]
    why = because or f"{port} answered the probe, so it takes connections; no path is known to answer without an error"
    tcp = Fix(
        f"Let the {probe.kind} probe only connect to port {port}",
        probe_edit(probe, _tcp(probe, port)),
        value_from=why,
        warnings=(WEAKER,),
    )
    if probe.http_path == "/":
        return [tcp]
    guess = probe_edit(probe, {"httpGet": {"path": "/", **change}})
    title = f"Let the {probe.kind} probe ask '/'"
    return [tcp, Fix(title, guess, basis=Basis.DEFAULT, value_from="a usual path; nothing proves it")]


def without_command(snapshot: Snapshot, reading: ProbeReading) -> list[Fix]:
    """Return the fixes for a command that the image lacks: the URL that it would ask, else the port alone."""
    probe = reading.probe
    url = _URL.search(" ".join(probe.command))
    right = right_port(snapshot, probe, reading.facts)
    if url is not None:
        port = int(url[1] or (443 if url[0].startswith("https") else 80))
        proven = any(f.what in ("accepts", "listens") and f.port == port for f in reading.facts)
        get: dict[str, Any] = {"path": url[2] or "/", "port": port}
        if url[0].startswith("https"):
            get["scheme"] = "HTTPS"
        edit = probe_edit(probe, {"exec": None, "httpGet": get})
        why = "the URL in the command" + (f"; {right.because}" if right and right.port == port else "")
        # That the path answers is the command's word alone, unless a probe was seen to be answered there.
        answers = _statuses(reading.facts, port).get(get["path"], 999) < 400
        basis = Basis.PROVEN if answers else Basis.BOUNDED if proven else Basis.DEFAULT
        return [Fix("Let the kubelet ask the URL that the command asks", edit, basis=basis, value_from=why)]
    if right is None:
        title = "Use a command that the image has, or an httpGet or tcpSocket probe"
        return [Fix(title, safety=Safety.MANUAL, value_from="no source names its port")]
    basis = Basis.PROVEN if any(f.port == right.port for f in reading.facts) else Basis.DEFAULT
    tcp = probe_edit(probe, {"exec": None, "tcpSocket": {"port": right.port}})
    return [Fix(f"Let the probe connect to port {right.port}", tcp, basis=basis, value_from=right.because, warnings=(WEAKER,))]


def port_supported(probe: Probe, facts: Iterable[Fact]) -> bool:
    """Whether facts say that the port of a probe takes connections, and none says that it refuses."""
    found = [f for f in facts if f.port == probe.port and f.container == probe.container.name]
    return probe.port is not None and any(f.what in ("accepts", "listens") for f in found)


def answer_supported(probe: Probe, facts: Iterable[Fact]) -> bool:
    """Whether facts support what a probe asks: the port, and that its path is not known to answer with an error."""
    facts = tuple(facts)
    if not port_supported(probe, facts) or probe.port is None:
        return False
    return probe.handler != "httpGet" or _statuses(facts, probe.port).get(probe.http_path, 200) < 400


def path_supported(probe: Probe, facts: Iterable[Fact]) -> bool:
    """Whether facts say that the path of a probe answers without an error, or that it only connects to an open port."""
    facts = tuple(facts)
    if not port_supported(probe, facts) or probe.port is None:
        return False
    return probe.handler == "tcpSocket" or _statuses(facts, probe.port).get(probe.http_path, 999) < 400


def scheme_supported(probe: Probe, facts: Iterable[Fact]) -> bool:
    """Whether facts say that the port of a probe speaks its scheme."""
    found = [f for f in facts if f.what == "accepts" and f.port == probe.port and f.container == probe.container.name]
    return bool(found) and all(f.scheme == probe.scheme for f in found if f.scheme)
