"""Checks of values that an origin sends: each returns one sentence on what is wrong, or ""."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from incidents.fields import PUBLIC_ID_LENGTH, PUBLIC_ID_PATTERN, RESERVED_IDS

Check = Callable[[Any], str]
"""Checks a value; returns the error, starting with the path in the value, or "" if it is valid."""

LARGEST = 2**63 - 1

CODE_LENGTH = 80

_ID = re.compile(PUBLIC_ID_PATTERN)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")


def text(value: Any) -> str:
    """Check a text."""
    return "" if isinstance(value, str) else " must be a text"


def code(value: Any) -> str:
    """Check a coded value, which may be one of a later version."""
    return "" if isinstance(value, str) and 0 < len(value) <= CODE_LENGTH else " must be a code"


def public_id(value: Any) -> str:
    """Check an id."""
    known = isinstance(value, str) and len(value) <= PUBLIC_ID_LENGTH and _ID.fullmatch(value)
    return "" if known and value not in RESERVED_IDS else " must be an id"


def whole(value: Any, least: int = 0) -> str:
    """Check a whole number that fits into a column."""
    return "" if type(value) is int and least <= value <= LARGEST else f" must be a whole number from {least}"


def day(value: Any) -> str:
    """Check a day."""
    return _of_calendar(value, _DAY, date.fromisoformat, "a date, such as 2022-08-04")


def moment(value: Any) -> str:
    """Check a time with its zone."""
    return _of_calendar(value, _TIME, datetime.fromisoformat, "a time with its zone, such as 2022-08-04T12:00:00Z")


def flag(value: Any) -> str:
    """Check a yes or no."""
    return "" if isinstance(value, bool) else " must be true or false"


def number(value: Any, limit: float = float("inf")) -> str:
    """Check a number between minus and plus a limit."""
    return "" if type(value) in (int, float) and abs(value) <= limit and abs(value) < 1e300 else " must be a number"


def mapping(value: Any) -> str:
    """Check an object."""
    return "" if isinstance(value, dict) else " must be an object"


def anything(value: Any) -> str:
    """Take every value."""
    return ""


def null_or(check: Check) -> Check:
    """Make a check that also accepts null."""
    return lambda value: "" if value is None else check(value)


def one_of(codes: Iterable[str]) -> Check:
    """Make a check for codes that this version knows."""
    known = frozenset(codes)
    return lambda value: "" if isinstance(value, str) and value in known else " is unknown to this version"


def each(check: Check) -> Check:
    """Make a check that applies another check to each item of a list."""

    def list_of(value: Any) -> str:
        if not isinstance(value, list):
            return " must be a list"
        return next((f".{place}{wrong}" for place, item in enumerate(value) if (wrong := check(item))), "")

    return list_of


def values(check: Check) -> Check:
    """Make a check that applies another check to each value of an object."""

    def object_of(value: Any) -> str:
        return mapping(value) or next(
            (f".{name[:80]}{wrong}" for name, item in value.items() if (wrong := check(item))), ""
        )

    return object_of


def members(checks: Mapping[str, Check]) -> Check:
    """Make a check for objects with exactly these required members."""

    def object_with(value: Any) -> str:
        if not isinstance(value, dict):
            return " must be an object"
        for name, check in checks.items():
            if name not in value:
                return f".{name} is missing"
            if wrong := check(value[name]):
                return f".{name}{wrong}"
        return ""

    return object_with


def null_character(value: Any, path: str = "") -> str:
    """Path of the first text with a NUL character; empty if there is none."""
    if isinstance(value, str):
        return path if "\0" in value else ""
    if isinstance(value, dict):
        found = (null_character(item, f"{path}.{name}") or null_character(name, path) for name, item in value.items())
    elif isinstance(value, list):
        found = (null_character(item, f"{path}.{place}") for place, item in enumerate(value))
    else:
        return ""
    return next(filter(None, found), "")


def _of_calendar(value: Any, form: re.Pattern[str], read: Callable[[str], object], words: str) -> str:
    try:
        if isinstance(value, str) and form.fullmatch(value) and read(value):
            return ""
    except ValueError:
        pass
    return f" must be {words}"
