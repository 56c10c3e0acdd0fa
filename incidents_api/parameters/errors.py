"""What is wrong with parameters, and what would be right; the REST layer answers it with 400."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypedDict

from rapidfuzz import fuzz, process

LONGEST_ECHO = 200
"""Characters of a refused value that an answer repeats."""

ErrorCode = Literal[
    "unknown_parameter",
    "repeated_parameter",
    "missing_parameter",
    "conflicting_parameters",
    "empty_value",
    "unreadable_value",
    "invalid_value",
    "unknown_value",
    "out_of_range",
    "limit_too_large",
    "too_long",
    "too_many_values",
    "too_many_results",
    "not_in_format",
    "invalid_cursor",
    "slow_parameter",
]

ERROR_CODES: Mapping[str, str] = {
    "unknown_parameter": "This URL has no parameter of this name.",
    "repeated_parameter": "The parameter takes a single value and is given several times.",
    "missing_parameter": "The parameter requires another one, which is missing.",
    "conflicting_parameters": "The value contradicts another parameter, or the two cannot be combined.",
    "empty_value": "The value, or a value of the list, is empty.",
    "unreadable_value": "The value is not valid UTF-8 or contains a null character.",
    "invalid_value": "The value does not have the required form.",
    "unknown_value": "The value is not one of those that exist.",
    "out_of_range": "The number is below the minimum or above the maximum.",
    "limit_too_large": "`limit` is above its maximum.",
    "too_long": "The text is longer than the maximum.",
    "too_many_values": "The list has more values than the maximum.",
    "too_many_results": "The result has more rows, groups or characters than this format or URL allows.",
    "not_in_format": "The parameter or the value has no meaning in this format.",
    "invalid_cursor": "The cursor was not made by this server, or belongs to another query or another `as_of`.",
    "slow_parameter": "The parameter makes the query slow.",
}
"""Code of an error of one parameter → its meaning. Codes do not change."""


class ParameterError(TypedDict):
    """What is wrong with one parameter, and the nearest name or value that would be right."""

    parameter: str
    value: str
    code: ErrorCode
    message: str
    suggestion: str | None


class InvalidParametersError(ValueError):
    """A question of which some parameters cannot be taken; `errors` names each, and the nearest that would be right."""

    def __init__(self, errors: Sequence[ParameterError]) -> None:
        super().__init__(", ".join(error["parameter"] for error in errors))
        self.errors = list(errors)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Closest known name or value to a mistyped one; None if none is close."""
    match = process.extractOne(
        word[:LONGEST_ECHO], list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=60
    )
    return match[0] if match else None


def parameter_error(
    parameter: str, value: str, message: str, known: Iterable[str] = (), *, code: ErrorCode = "invalid_value"
) -> ParameterError:
    """Error of one parameter, which suggests the closest of the `known` values."""
    echo = value if len(value) <= LONGEST_ECHO else f"{value[:LONGEST_ECHO]}…"
    return {
        "parameter": parameter,
        "value": echo,
        "code": code,
        "message": message,
        "suggestion": nearest(value, known),
    }
