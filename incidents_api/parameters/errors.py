"""What is wrong with parameters, and what would be right; the REST layer answers it with 400."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from rapidfuzz import fuzz, process

LONGEST_ECHO = 200
"""Characters of a refused value that an answer repeats."""


class ParameterError(TypedDict):
    """What is wrong with one parameter, and the nearest name or value that would be right."""

    parameter: str
    value: str
    message: str
    suggestion: str | None


class InvalidParametersError(ValueError):
    """A question of which some parameters cannot be taken; `errors` names each, and the nearest that would be right."""

    def __init__(self, errors: Sequence[ParameterError]) -> None:
        super().__init__(", ".join(error["parameter"] for error in errors))
        self.errors = list(errors)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Closest known name or value to a mistyped one; None if none is close."""
    match = process.extractOne(word[:LONGEST_ECHO].casefold(), list(known), scorer=fuzz.ratio, score_cutoff=60)
    return match[0] if match else None


def parameter_error(parameter: str, value: str, message: str, known: Iterable[str] = ()) -> ParameterError:
    """Error of one parameter, which suggests the closest of the `known` values."""
    echo = value if len(value) <= LONGEST_ECHO else f"{value[:LONGEST_ECHO]}…"
    return {"parameter": parameter, "value": echo, "message": message, "suggestion": nearest(value, known)}
