"""The JSON Schema of ``-o json``, as it is printed by ``kubectl diagnose schema``."""

import json
from importlib.resources import files
from typing import Any


def schema_text() -> str:
    """Return the schema as text."""
    return (files("kubectl_diagnose.report") / "schema.json").read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    """Return the schema."""
    found: dict[str, Any] = json.loads(schema_text())
    return found
