"""The regular expressions of profiles: as Python's `re` has them, but within a limit of time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import regex

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits

IGNORECASE, DOTALL = regex.IGNORECASE, regex.DOTALL

LONGEST = 2_000
"""Characters of a pattern."""

SECONDS = 1.0
"""Time that a pattern may take on one text."""

SLOW = 0.05
"""Seconds from which on a text counts as slow …"""

SLOW_SECONDS = 3.0
"""… and how long all slow texts of a pattern may take."""


class PatternError(ValueError):
    """A text is no regular expression; the message says why."""


class Pattern:
    """A regular expression of a profile; `key` is the profile key that has it.

    Each method raises LoadError, which names the key, where the expression takes too long.
    """

    def __init__(self, key: str, text: str, flags: int = 0) -> None:
        if len(text) > LONGEST:
            raise PatternError(f"has {len(text):,} characters; {LONGEST:,} are the most for a regular expression")
        try:
            self._pattern: regex.Pattern[str] = regex.compile(text, flags)
        except (regex.error, OverflowError, RecursionError) as error:
            raise PatternError(f"is no regular expression: {error}") from None
        self.key, self.text, self._flags = key, text, flags
        self._slow = 0.0

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is copied."""
        return Pattern, (self.key, self.text, self._flags)

    @property
    def groupindex(self) -> Mapping[str, int]:
        """The numbers of the named groups."""
        return self._pattern.groupindex

    def search(self, text: str) -> regex.Match[str] | None:
        """Return where it is found in a text."""
        found: regex.Match[str] | None = self._timed(self._pattern.search, text)
        return found

    def fullmatch(self, text: str) -> regex.Match[str] | None:
        """Return how it matches a whole text."""
        found: regex.Match[str] | None = self._timed(self._pattern.fullmatch, text)
        return found

    def sub(self, by: str, text: str) -> str:
        """Return a text in which what is found is replaced."""
        try:
            result: str = self._timed(self._pattern.sub, by, text)
        except (regex.error, IndexError) as error:
            raise LoadError(f"{self.key}: {by!r} cannot replace what {self.text!r} finds: {error}.") from None
        if len(result) > file_limits.MAX_LINE:
            raise LoadError(f"{self.key}: replacing {self.text!r} makes a text of {len(result):,} characters.")
        return result

    def _timed(self, method: Any, *texts: str) -> Any:
        began = time.perf_counter()
        try:
            return method(*texts, timeout=SECONDS)
        except TimeoutError:
            raise self._too_slow(f"took more than {SECONDS:g} s on one text of {len(texts[-1]):,} characters") from None
        finally:
            if (took := time.perf_counter() - began) > SLOW:
                self._slow += took
                if self._slow > SLOW_SECONDS:
                    raise self._too_slow(f"took more than {SLOW_SECONDS:g} s on texts that are slow for it")

    def _too_slow(self, how: str) -> LoadError:
        return LoadError(
            f"{self.key}: the regular expression {self.text!r} {how}. Repetitions within repetitions, such as (a+)+, "
            "take very long; write it without them."
        )
