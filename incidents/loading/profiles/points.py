"""Points as cells write them: two numbers, well-known text, GeoJSON, degrees with minutes and seconds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import orjson

from incidents.loading.dates.readings import ascii_digits

LATITUDE_FIRST, LONGITUDE_FIRST = "latitude", "longitude"

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_DECIMAL = re.compile(rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?")
_WKT = re.compile(
    rf"(?:SRID\s*=\s*(?P<srid>[0-9]+)\s*;\s*)?POINT\s*(?:ZM?|M)?\s*\(\s*(?P<longitude>{_NUMBER})\s+"
    rf"(?P<latitude>{_NUMBER})(?:\s+{_NUMBER}){{0,2}}\s*\)",
    re.IGNORECASE,
)
WGS84 = "4326"
_ENCLOSED = re.compile(r"\((.*)\)|\[(.*)\]|geo:([^?;]*)(?:[?;].*)?", re.DOTALL | re.IGNORECASE)
_PAIRS = (
    re.compile(rf"({_NUMBER})\s*[,;/|\s]\s*({_NUMBER})"),
    # Decimal commas: the numbers must be parted by something other than a bare comma.
    re.compile(r"([+-]?[0-9]+(?:,[0-9]+)?)\s*(?:[;/|]|,?\s)\s*([+-]?[0-9]+(?:,[0-9]+)?)"),
)
_ANGLE = (
    r"(?P<degrees{0}>[+-]?[0-9]{{1,3}}(?:[.,][0-9]+)?)\s*(?:°|º|˚|deg\b|d\b)?\s*"
    r"(?:(?P<minutes{0}>[0-9]{{1,2}}(?:[.,][0-9]+)?)\s*(?:'(?!')|′|’|min\b|m\b|(?<=\s)|(?=[NSEW]))\s*)?"
    r"(?:(?P<seconds{0}>[0-9]{{1,2}}(?:[.,][0-9]+)?)\s*(?:\"|″|”|''|sec\b|s\b|(?<=\s)|(?=[NSEW]))\s*)?"
)
_FORMS = (rf"(?P<letter{{0}}>[NSEW])\s*{_ANGLE}", rf"{_ANGLE}\s*(?P<letter{{0}}>[NSEW])?")
"""An angle after its letter, and before it."""

_ONE_ANGLE = [re.compile(form.format(1), re.IGNORECASE) for form in _FORMS]
_TWO_ANGLES = [re.compile(rf"{form.format(1)}\s*[,;/\s]?\s*{form.format(2)}", re.IGNORECASE) for form in _FORMS]
_LETTER = re.compile("[°º˚NSEWnsew]")

Point = tuple[float, float]
"""Latitude and longitude, in degrees."""


def angle(text: str, letters: str, most: float) -> float:
    """Return the degrees of a latitude (letters `NS`) or a longitude (`EW`), at most so many; raises ValueError."""
    text = _plain(text)
    if _DECIMAL.fullmatch(text):
        value = float(text)
    else:
        match = _first_match(_ONE_ANGLE, text.strip()) if _LETTER.search(text) else None
        value, letter = _degrees(match, 1) if match else (most + 1, "")
        if letter and letter not in letters:
            raise ValueError(letter)
    if not -most <= value <= most:
        raise ValueError(text)
    return value


def point(text: str, order: str = LATITUDE_FIRST) -> Point:
    """Return the point that a text gives; raises ValueError.

    `order` is that of two bare numbers; well-known text and GeoJSON have the longitude first, letters tell it.
    """
    text = _plain(text)
    found = _well_known(text) or _geojson(text) or _angles(text) or _pair(text, order)
    if found is None or not (-90 <= found[0] <= 90 and -180 <= found[1] <= 180):
        raise ValueError(text)
    return found


def _plain(text: str) -> str:
    """Return a text with the digits and the marks of ASCII."""
    if text.isascii():
        return text
    return ascii_digits(text).replace("\N{MINUS SIGN}", "-").replace("٫", ".").replace("،", ",")


def _well_known(text: str) -> Point | None:
    match = _WKT.fullmatch(text.strip())
    if match is None:
        return None
    if (match["srid"] or WGS84) != WGS84:
        raise ValueError(text)
    return float(match["latitude"]), float(match["longitude"])


def _geojson(text: str) -> Point | None:
    if text[:1] != "{":
        return None
    try:
        shape: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    place = shape.get("coordinates") if shape.get("type") == "Point" else None
    numbers = place[:2] if isinstance(place, list) else []
    if len(numbers) < 2 or not all(isinstance(each, int | float) for each in numbers):
        return None
    return float(numbers[1]), float(numbers[0])


def _angles(text: str) -> Point | None:
    match = _first_match(_TWO_ANGLES, _bare(text)) if _LETTER.search(text) else None
    if match is None:
        return None
    (first, first_letter), (second, second_letter) = _degrees(match, 1), _degrees(match, 2)
    if first_letter in ("", "N", "S") and second_letter in ("", "E", "W"):
        return first, second
    if first_letter in ("E", "W") and second_letter in ("N", "S"):
        return second, first
    return None


def _degrees(match: re.Match[str], number: int) -> tuple[float, str]:
    """Return an angle with its sign, and the letter that gives it; raises ValueError for 60 minutes and more."""
    letter = str(match[f"letter{number}"] or "").upper()
    texts = [str(match[f"{name}{number}"] or "0").replace(",", ".") for name in ("degrees", "minutes", "seconds")]
    degrees, minutes, seconds = map(float, texts)
    if minutes >= 60 or seconds >= 60 or (letter and texts[0][0] in "+-"):
        raise ValueError(match[0])
    value = abs(degrees) + minutes / 60 + seconds / 3600
    return (-value if letter in ("S", "W") or texts[0][0] == "-" else value), letter


def _pair(text: str, order: str) -> Point | None:
    bare = _bare(text)
    match = _first_match(_PAIRS, bare)
    if match is None:
        return None
    first, second = (float(each.replace(",", ".")) for each in match.groups())
    return (second, first) if order == LONGITUDE_FIRST else (first, second)


def _bare(text: str) -> str:
    match = _ENCLOSED.fullmatch(text.strip())
    return next((each for each in match.groups() if each is not None), "").strip() if match else text.strip()


def _first_match(forms: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((found for form in forms if (found := form.fullmatch(text))), None)
