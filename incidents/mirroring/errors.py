"""What keeps a mirror from going on."""

from __future__ import annotations


class MirrorError(Exception):
    """Asking again would not help; the message says what is wrong."""


class UnreachableError(MirrorError):
    """The origin did not respond after all retries; it may later."""


class RefusedError(MirrorError):
    """The origin refused a question; `parameters` are those that it names."""

    def __init__(self, message: str, parameters: frozenset[str] = frozenset()) -> None:
        super().__init__(message)
        self.parameters = parameters
