"""How commands end that fail or are interrupted: with one sentence and an exit status, without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError


@contextmanager
def reported(*errors: type[Exception], nothing_was: str) -> Iterator[None]:
    """Raise CommandError for one of these errors, and for an interruption, after which nothing was done."""
    try:
        yield
    except errors as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError(f"Interrupted; nothing was {nothing_was}.", returncode=130) from None
