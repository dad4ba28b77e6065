"""The edit that corrects an address where a container was given it."""

import re

from kubectl_diagnose.findings import Basis, Fix, ObjectEdit, Safety, TemplateEdit
from kubectl_diagnose.model import Container
from kubectl_diagnose.readings.addresses import Given
from kubectl_diagnose.readings.misaddressed import Misaddressed


def corrected(container: Container, found: Misaddressed, title: str, right: str, why: str) -> Fix:
    """Return the fix that writes another address (``host`` or ``host:port``), manual where it is not known where to."""
    given, host = found.address.given, found.address.host
    old = f"{host}:{found.address.port}" if ":" in right else host
    pattern = rf"(?<![\w.-]){re.escape(old)}(?!://)(?=[:/,;?)\s]|$)"
    text = re.sub(pattern, right, given.text) if given and right else ""
    if given is None or text in ("", given.text):
        return Fix(title, safety=Safety.MANUAL)
    return Fix(title, _edit(container, given, text), basis=Basis.BOUNDED, value_from=why)


def _edit(container: Container, given: Given, text: str) -> TemplateEdit | ObjectEdit:
    if given.holder != container.ref:
        before = {"data": {given.field: given.text}}
        return ObjectEdit(given.holder, "merge", {"data": {given.field: text}}, before)
    if given.field == "env":
        change: object = [{"name": given.name, "value": text}]
    else:
        change = [text if word == given.text else word for word in container.items(given.field)]
    kind = "initContainers" if container.init else "containers"
    return TemplateEdit({kind: [{"name": container.name, given.field: change}]})
