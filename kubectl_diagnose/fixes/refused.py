"""Why a fix cannot be made a command."""

import json
from typing import Any

REDACTED = "<redacted>"


class RefusedError(Exception):
    """A fix that has to stay manual; its text says why, in the words of a warning."""


def redacted(body: Any) -> bool:
    """Whether a patch has a value in it that was hidden when the snapshot was taken."""
    return REDACTED in json.dumps(body, ensure_ascii=False)
