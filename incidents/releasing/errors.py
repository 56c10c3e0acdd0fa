"""Errors of releases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from incidents.releasing.paths import root


class ReleaseError(ValueError):
    """A release cannot be created; the message has the reason and the expected value."""


@contextmanager
def in_words() -> Iterator[None]:
    """Say as a ReleaseError what the system says of the files, such as that the disk is full."""
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        raise ReleaseError(
            f"Release files cannot be written to {root()}: {said}. Earlier releases are unchanged."
        ) from error
