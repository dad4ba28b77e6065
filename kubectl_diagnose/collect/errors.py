"""What ends a diagnosis before it begins."""


class UserError(Exception):
    """A diagnosis cannot be made; the text is one sentence for the user, with what to do about it."""


class TransportError(Exception):
    """A request got no answer; the text is one clause that says why."""
