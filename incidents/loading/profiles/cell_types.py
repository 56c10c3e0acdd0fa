"""Types of cells: how each is read from the text of a cell, and what is expected where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from incidents.loading.dates.formats import ISO
from incidents.loading.dates.reader import DateReader
from incidents.loading.dates.readings import ascii_digits, clock
from incidents.loading.dates.words import month_of
from incidents.loading.profiles import points
from incidents.models import Incident
from incidents.schema.fields import Field
from incidents.text_checks import (
    ADDRESS,
    LONG_TEXT,
    TIME_FORM,
    WORD,
    ZONE_FORM,
    is_time_zone,
    is_web_address,
    length_expected,
)
from incidents.vocabulary import Vocabulary
from incidents.vocabulary.countries import three_letters

LARGEST = 2_147_483_647
"""The largest figure that the databases hold."""

_WHOLE = re.compile(r"([+-]?[0-9]+)(?:\.0+)?")
_WRITTEN_DECIMAL = {".": re.compile(r"([+-]?[0-9]+)\.0+"), ",": re.compile(r"([+-]?[0-9]+),0+")}
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?P<mark>[ \u00a0\u2009\u202f'’٬])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:\.[0-9]+)?"
)
"""A number with separators of thousands that can be nothing else, as a comma and a point can."""

_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?:\s*(?P<half>[ap])\.?\s?m\.?)?",
    re.IGNORECASE,
)
ISO_DAY = (ISO,)
_YES, _NO = ("true", "yes", "y", "1"), ("false", "no", "n", "0")


class CellType(NamedTuple):
    """A type of value; `read` takes text that is not empty, and raises ValueError with what would be right."""

    name: str
    read: Callable[[str], Any]
    empty: Any = None
    fraction: bool = False
    """A decimal comma may stand in it."""
    words: bool = False
    """Most of its texts differ, so that it does not pay to remember them."""


def whole(text: str, decimal: str = ".") -> str:
    """Return a whole number that was written as a decimal one (`101.0`) without its zeros, any other text as it is."""
    if not text.endswith("0") or decimal not in text:
        return text
    match = _WRITTEN_DECIMAL[decimal].fullmatch(text)
    return match[1] if match else text


def bare_number(text: str) -> str:
    """Return a number in the digits of ASCII and without separators of thousands, any other text as it is."""
    if text.isascii() and " " not in text and "'" not in text:
        return text
    plain = ascii_digits(text).replace("\N{MINUS SIGN}", "-").replace("٫", ".")
    match = _GROUPED.fullmatch(plain)
    return plain.replace(match["mark"], "") if match else plain


def one_line(text: str) -> str:
    """Return a text with one space for each white space between words."""
    # Of all white space only the space itself is printable, and most cells hold single ones already.
    return text.strip() if text.isprintable() and "  " not in text else " ".join(text.split())


def text(longest: int) -> CellType:
    """Return the type of texts of at most so many characters; white space between words counts as one space."""

    def read(text: str) -> str:
        line = one_line(text)
        if len(line) > longest:
            raise ValueError(length_expected(longest, len(line)))
        return line

    return CellType("text", read, "", words=True)


def paragraphs(longest: int) -> CellType:
    """Return the type of texts as they are, of at most so many characters; a line break is one character."""

    def read(text: str) -> str:
        as_is = text.replace("\r\n", "\n").replace("\r", "\n").strip() if "\r" in text else text.strip()
        if len(as_is) > longest:
            raise ValueError(length_expected(longest, len(as_is)))
        return as_is

    return CellType("text", read, "", words=True)


def code_text(longest: int) -> CellType:
    """Return the type of codes that are no vocabulary of ours: a whole number written as a decimal one is the same."""
    line = text(longest)
    return line._replace(read=lambda text: line.read(whole(text)))


def address(longest: int) -> CellType:
    """Return the type of addresses of web pages."""

    def read(text: str) -> str:
        if not is_web_address(text := text.strip(" ")):
            raise ValueError(ADDRESS)
        if len(text) > longest:
            raise ValueError(length_expected(longest, len(text)))
        return text

    return CellType("address", read, "", words=True)


def _country(text: str) -> str:
    if len(text) == 3 and text.isascii() and text.isalpha():
        return text.upper()  # also those that are no country of ISO's any more, or not yet
    if code := three_letters(text):
        return code
    raise ValueError("a code of ISO 3166-1, for example UKR, UA or 804")


def integer(lowest: int = -LARGEST, highest: int = LARGEST) -> CellType:
    """Return the type of whole numbers within bounds; `5.0` is one, `5.5` and `about 5` are none."""
    expected = f"a whole number from {lowest} to {highest}"

    def read(text: str) -> int:
        match = _WHOLE.fullmatch(bare_number(text))
        if not match or not lowest <= (number := int(match[1])) <= highest:
            raise ValueError(expected)
        return number

    return CellType("integer", read)


def number(lowest: float, highest: float) -> CellType:
    """Return the type of decimal numbers within bounds."""
    expected = f"a number from {lowest:g} to {highest:g}"

    def read(text: str) -> float:
        # float() also takes 1_000, nan and infinity, which no file means
        text = bare_number(text)
        if not _DECIMAL.fullmatch(text) or not lowest <= (value := float(text)) <= highest:
            raise ValueError(expected)
        return value

    return CellType("number", read, fraction=True)


def _angle(letters: str, most: float) -> CellType:
    """Return the type of latitudes or longitudes: decimal degrees, or degrees, minutes and seconds with a letter."""
    expected = f"a number from -{most:g} to {most:g}"

    def read(text: str) -> float:
        try:
            return points.angle(text, letters, most)
        except ValueError:
            raise ValueError(expected) from None

    return CellType("number", read, fraction=True)


def point(order: str = points.LATITUDE_FIRST) -> CellType:
    """Return the type of points in one cell; `order` is that of two bare numbers."""
    example = "48.5, 37.9" if order == points.LATITUDE_FIRST else "37.9, 48.5"
    expected = f"a point such as {example}, POINT (37.9 48.5) or 48°30'00\"N 37°54'00\"E, in degrees (WGS 84)"

    def read(text: str) -> points.Point:
        try:
            return points.point(text, order)
        except ValueError:
            raise ValueError(expected) from None

    return CellType("point", read)


def dates(reader: DateReader) -> CellType:
    """Return the type of dates of any precision, as a reader takes them."""
    return CellType("date", reader.read)


def day(formats: Sequence[str] = ISO_DAY) -> CellType:
    """Return the type of days in one of several formats (those of strptime); a time of day is dropped."""
    reader = DateReader(formats)

    def read(text: str) -> date:
        reading = reader.read(text)
        if reading.start != reading.end:
            raise ValueError(f"a day: {reader.expected}")
        return reading.start

    return CellType("date", read)


def _month(text: str) -> int:
    return month_of(text) or FIGURE.read(text)


def _clock(text: str) -> str:
    match = _CLOCK.fullmatch(ascii_digits(text))
    if match is None or (match["half"] and not 1 <= int(match["hour"]) <= 12):
        raise ValueError(TIME_FORM)
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] in "pP")
    try:
        return clock(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        raise ValueError(TIME_FORM) from None


def _boolean(text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES and folded not in _NO:
        raise ValueError("true or false (or yes, no, 1, 0)")
    return folded in _YES


def _formed(is_right: Callable[[str], object], expected: str) -> Callable[[str], str]:
    """Return what reads a text as it is, if a check takes it."""

    def read(text: str) -> str:
        if not is_right(text):
            raise ValueError(expected)
        return text

    return read


def listed(name: str, codes: Collection[str], empty: Any = None) -> CellType:
    """Return the type of the codes of a list."""
    return CellType(name, _formed(codes.__contains__, f"one of {', '.join(codes)}"), empty)


def coded(vocabulary: Vocabulary, empty: Any = None) -> CellType:
    """Return the type of codes of a vocabulary."""
    return listed(vocabulary.name, vocabulary, empty)


TEXT = CellType("text", one_line, "", words=True)
LONG = paragraphs(LONG_TEXT)
LINE = text(LONG_TEXT)
BOOLEAN = CellType("boolean", _boolean)
FIGURE = integer(0)
MONTH = CellType("month", _month)
WHOLE = integer()
DECIMAL = number(-1e300, 1e300)
LATITUDE = _angle("NS", 90)
LONGITUDE = _angle("EW", 180)
COUNTRY = CellType("country code", _country, "")
LINK = 1000
"""Characters of an address."""

BY_TYPE: dict[str, CellType] = {
    "words": text(WORD),
    "link": address(LINK),
    "number": DECIMAL,
    "boolean": BOOLEAN,
    "date": day(),
    "clock": CellType("time of day", _clock, ""),
    "zone": CellType("time zone", _formed(is_time_zone, ZONE_FORM), ""),
}
"""The types of cells of declared fields, by the type of the field; others need more of the declaration."""


def of_field(field: Field) -> CellType:
    """Return how the cell of a declared field is read; of a list, how each of its items is."""
    if field.vocabulary:
        # A list has no item that is empty, and a code that is always there has no cell that is.
        return coded(field.vocabulary, "" if field.null else None)
    if field.type == "text":
        longest = getattr(Incident._meta.get_field(field.stored), "max_length", None)
        return text(longest) if longest else LONG
    if field.type == "integer":
        return integer(-LARGEST if field.lowest is None else field.lowest)
    if field.type not in BY_TYPE:
        raise ValueError(f"{field.name} is of type {field.type}, which no cell holds.")
    return BY_TYPE[field.type]
