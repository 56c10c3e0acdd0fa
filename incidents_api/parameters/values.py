"""Typed values of query parameters, as form fields that say what would have been right."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from incidents_api.parameters.errors import ErrorCode
from incidents_api.parameters.filtersets import Parameter, RefusedValueError

MAX_ITEMS = 1000
MAX_TEXT = 500

_NUMBER = re.compile(r"-?\d{1,18}")
_WHOLE = re.compile(r"-?\d{1,16}(\.\d{0,16})?([eE]\+?\d{1,2})?")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

# What the schema says of a day and a time: the form that is recommended, of the several that are read.
_MONTH, _DAY_OF_MONTH = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
_MOMENT = rf"^([0-9]{{1,12}}|[0-9]{{4}}-{_MONTH}-{_DAY_OF_MONTH}(T{_TIME})?)$"


class TextParameter(Parameter):
    """Free text of bounded length."""

    def __init__(self, max_length: int = MAX_TEXT, **kwargs: Any) -> None:
        super().__init__(schema={"type": "string", "minLength": 1, "maxLength": max_length}, **kwargs)
        self.max_length = max_length

    def read(self, value: str) -> str:
        """Check the length; the text is not changed."""
        if len(value) > self.max_length:
            raise RefusedValueError(f"Must have at most {self.max_length} characters.", code="too_long")
        return value


class DigestParameter(Parameter):
    """The name of something stored: 32 digits and letters a to f."""

    PATTERN = re.compile("[0-9a-f]{32}")

    def __init__(self, hint: str = "", **kwargs: Any) -> None:
        """`hint` says what else may have been meant."""
        super().__init__(schema={"type": "string", "pattern": _anchored(self.PATTERN.pattern)}, **kwargs)
        self.hint = hint

    def read(self, value: str) -> str:
        """Check the form alone."""
        if not self.PATTERN.fullmatch(value):
            raise RefusedValueError(f"Must be a digest: 32 digits and letters a to f. {self.hint}".rstrip())
        return value


class ChoiceParameter(Parameter):
    """One of a few words."""

    def __init__(self, choices: Sequence[str], open_ended: str = "", **kwargs: Any) -> None:
        """`open_ended`: a pattern of further words, which data declares and whoever reads the value has to check."""
        super().__init__(schema={"type": "string", "enum": list(choices)}, **kwargs)
        self.known = dict.fromkeys(choices)
        self.open_ended = re.compile(open_ended) if open_ended else None

    def read(self, value: str) -> str:
        """Check that the value is one of the choices."""
        if value not in self.known and not (self.open_ended and self.open_ended.fullmatch(value)):
            raise RefusedValueError(f"Must be one of: {', '.join(self.known)}.", self.known)
        return value


_SPACE = r"\s\x1c-\x1f\x85"
"""What Python takes for a space: expressions of JSON Schema count fewer characters."""
LIST_ITEM = rf'^([{_SPACE}]*"([^"]|"")*[^"{_SPACE}]([^"]|"")*"[{_SPACE}]*|[{_SPACE}]*[^,"{_SPACE}][^,]*)$'
"""A value of a list, which commas join: a text without a comma, or one in quotation marks, as in CSV."""

_ITEM = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:,|$)|([^,]*)(?:,|$)')


QUOTES = (
    'A value with a comma stands in quotation marks, as in CSV: "Town, County". '
    f"Each value has at most {MAX_TEXT} characters."
)
PLAIN_ITEM = f"[^{_SPACE}]"
"""A value of a list of JSON, as it is: there must be something in it."""


def split_list(text: str) -> list[str]:
    """Split a text at its commas into values without spaces around them; one may stand in quotation marks.

    Raises RefusedValueError for a quotation mark that is not closed, or is followed by something else than a comma.
    """
    return [each.strip() for each in _parts(text)]


def _parts(text: str) -> list[str]:
    """The values between commas with the spaces around them, without quotation marks."""
    values: list[str] = []
    at = 0
    while at <= len(text):
        found = _ITEM.match(text, at)
        if found is None or (found[1] is None and found[2].lstrip().startswith('"')):
            rest = text[at:].strip()
            raise RefusedValueError(
                f"“{rest[:80]}” begins with a quotation mark, so it must end with one before the next comma. "
                'A value with a comma is written as "Town, County", a quotation mark within it twice.',
                value=rest,
                code="unreadable_value",
            )
        values.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        at = found.end() + (found.end() == len(text) and not found[0].endswith(","))
    return values


def _anchored(pattern: str) -> str:
    """Anchor a pattern, because JSON Schema searches anywhere in a text."""
    return pattern if pattern.startswith("^") else f"^{pattern}$"


def _refuse_long(values: Sequence[str]) -> None:
    """Refuse a value that is too long; spaces around it count."""
    for value in values:
        if len(value) > MAX_TEXT:
            message = f"Each value must have at most {MAX_TEXT} characters."
            raise RefusedValueError(message, value=value, code="too_long")


class ListParameter(Parameter):
    """Words joined by commas, each known or of the right form; one with a comma in it stands in quotation marks."""

    def __init__(
        self,
        choices: Sequence[str] = (),
        pattern: str = "",
        form: str = "",
        max_items: int = MAX_ITEMS,
        open_ended: str = "",
        **kwargs: Any,
    ) -> None:
        """`open_ended`: as of a `ChoiceParameter`."""
        items: dict[str, Any] = {"type": "string"}
        if choices:
            items["enum"] = list(choices)
        else:
            # A value in quotation marks is longer in an address than the value that may have so many characters.
            items |= {"pattern": _anchored(pattern), "maxLength": MAX_TEXT} if pattern else {"pattern": LIST_ITEM}
        super().__init__(schema={"type": "array", "items": items, "minItems": 1, "maxItems": max_items}, **kwargs)
        self.in_address = "" if choices or pattern else QUOTES
        self.known = dict.fromkeys(choices)
        self.pattern = re.compile(pattern) if pattern else None
        self.form = form
        self.open_ended = re.compile(open_ended) if open_ended else None
        self.max_items = max_items

    def read(self, value: str) -> list[str]:
        """Split the list at commas, without duplicates, in the order sent."""
        parts = _parts(value)
        if len(parts) > self.max_items:
            message = f"Must have at most {self.max_items} values (got {len(parts)})."
            raise RefusedValueError(message, code="too_many_values")
        _refuse_long(parts)
        items = list(dict.fromkeys(part.strip() for part in parts))
        for item in items:
            if not item:
                raise RefusedValueError(
                    "Must not contain an empty value: two commas in a row, or a comma at the start or end.",
                    value=value,
                    code="empty_value",
                )
            if self.open_ended and self.open_ended.fullmatch(item):
                continue
            if self.known and item not in self.known:
                raise RefusedValueError(f"“{item[:80]}” must be one of: {', '.join(self.known)}.", self.known, item)
            if self.pattern and not self.pattern.fullmatch(item):
                raise RefusedValueError(f"“{item[:80]}” must be {self.form}.", value=item)
        return items


class IntegerParameter(Parameter):
    """A whole number within bounds."""

    def __init__(self, minimum: int, maximum: int, *, above: ErrorCode = "out_of_range", **kwargs: Any) -> None:
        """`above`: the code of the error of a number that is too large."""
        super().__init__(schema={"type": "integer", "minimum": minimum, "maximum": maximum}, **kwargs)
        self.minimum, self.maximum = minimum, maximum
        self.above = above

    def read(self, value: str) -> int:
        """Parse the number and check its range. `5.0` and `1e+05` are whole: so R and pandas write columns."""
        number = int(value) if _NUMBER.fullmatch(value) and value.isascii() else _whole(value)
        if number is None:
            raise RefusedValueError(f"Must be a whole number from {self.minimum} to {self.maximum}.")
        if not self.minimum <= number <= self.maximum:
            code = self.above if number > self.maximum else "out_of_range"
            raise RefusedValueError(f"Must be from {self.minimum} to {self.maximum}.", code=code)
        return number


def _whole(text: str) -> int | None:
    """Whole number that is written with a point or an exponent; None for all else."""
    if not _WHOLE.fullmatch(text) or not text.isascii():
        return None
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else None


class DecimalParameter(Parameter):
    """A number within bounds."""

    def __init__(self, minimum: float, maximum: float, **kwargs: Any) -> None:
        super().__init__(schema={"type": "number", "minimum": minimum, "maximum": maximum}, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def read(self, value: str) -> float:
        """Parse the number and check its range."""
        return self.decimal(value, "The number", self.minimum, self.maximum)


class DayParameter(Parameter):
    """A day, or a month or year that stands for its first or last day."""

    def __init__(self, *, last: bool, **kwargs: Any) -> None:
        super().__init__(
            schema={"type": "string", "pattern": rf"^[0-9]{{4}}(-{_MONTH}(-{_DAY_OF_MONTH})?)?$"}, **kwargs
        )
        self.last = last

    def read(self, value: str) -> date:
        """Parse a date; a month or a year becomes its first or last day."""
        match = _DAY.fullmatch(value)
        wanted = "Must be a date: YYYY-MM-DD, for example 2022-08-04. YYYY-MM and YYYY stand for their "
        wanted += "last day." if self.last else "first day."
        if not match or not value.isascii():
            raise RefusedValueError(wanted)
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if day is not None:
                return date(year or 0, month or 0, day)
            at = date(year or 0, month or (12 if self.last else 1), 1)
        except ValueError as error:
            raise RefusedValueError(wanted) from error
        return at.replace(day=calendar.monthrange(at.year, at.month)[1]) if self.last else at


class TimeParameter(Parameter):
    """A time of day."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
        super().__init__(schema={"type": "string", "pattern": pattern}, **kwargs)
        self._form = re.compile(pattern)

    def read(self, value: str) -> str:
        """Return the time as it is written: texts of this form are in the order of the day."""
        if not self._form.fullmatch(value):
            raise RefusedValueError("Is not a time of day. Use HH:MM or HH:MM:SS, for example 14:30.")
        return value


class MomentParameter(Parameter):
    """A whole number, or an ISO 8601 time; returns int or an aware datetime."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(schema={"type": "string", "pattern": _MOMENT}, **kwargs)

    def read(self, value: str) -> int | datetime:
        """Parse the number of a publication, or a time."""
        if value.isascii() and value.isdigit() and len(value) <= 12:
            return int(value)
        # A + that was not escaped arrives as a space.
        text = re.sub(r"(T[\d:.]+) (\d\d:?\d\d)$", r"\1+\2", value)
        try:
            if len(text) == 10:
                return datetime.combine(date.fromisoformat(text), time(), UTC)
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise RefusedValueError(
                "Must be the number of a publication, such as 12, or a time, such as 2026-11-23T09:00:00Z."
            ) from error
