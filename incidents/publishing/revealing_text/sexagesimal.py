"""Finds coordinates whose degrees, minutes and seconds are parted by other signs, or are written out in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from incidents.publishing.revealing_text.findings import Finding, Point
from incidents.publishing.revealing_text.geography import nearest_km, whereabouts

_PARTED = (
    r"(?P<{0}d>\d{{1,3}})(?P<{0}s>[\s:\-–’'°º˚*_do]{{1,2}})(?P<{0}m>[0-5]?\d)"
    r"(?:[\s:\-–’'m_]{{1,2}}(?P<{0}t>[0-5]?\d(?:[.,]\d{{1,4}})?))?[\"″”“’'s]{{0,2}}"
)
"""An angle of degrees, minutes and seconds; the sign after the degrees, and groups that begin with a letter."""
_SIDED = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}.,])(?:{_PARTED.format('a')}\s?(?P<aside>[NSEW])(?!\p{{L}})|(?P<aside>[NSEW])\s?{_PARTED.format('a')}(?!\d))"
)
_TWO = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}.,:-]){_PARTED.format('a')}[\s,;/]{{1,3}}{_PARTED.format('b')}(?![\p{{L}}\p{{N}}:])"
)
_WORDS = regex.compile(
    r"(?i)(?<!\p{L})(?:degrees?|gr[aá]d(?:os?|i)?|degrés?|градус\p{L}{0,3}|гр\.|درجة|درجات)(?!\p{L}|\sof\s)"
    r"[\p{L}\p{N}\s.,'’-]{0,70}?"
    r"(?:north|south|east|west|latitude|longitude|latitud|longitud|nord|sud|norte|sur|(?:с|ю|пн|пд)\.?\s?ш|(?:в|з|сх|зх)\.?\s?д"
    r"|широт\p{L}|долгот\p{L}|довгот\p{L}|[сз]хідн|північн|південн|شمال\p{L}?|جنوب\p{L}?|شرق\p{L}?|غرب\p{L}?)(?!\p{L})\.?"
)
_POINT = regex.compile(
    r"(?i)(?<![\p{L}\p{N}])\d{1,3}\s(?:point|decimal|punto|virgule|coma|целых|цілих)\s\d{1,6}(?:\s(?:degrees\s)?(?:north|south|east|west))?"
)
_PAIR_OF_FIGURES = regex.compile(r"(?<![\p{N}.,-])(?P<a>\d{5,9})[\s,;/]{1,3}(?P<b>\d{5,9})(?![\p{N}.,]\d)(?!\p{N})")


def find(text: str, points: Sequence[Point]) -> list[Finding]:
    """All that is or may be such a coordinate."""
    return [*_sided(text, points), *_two(text, points), *_in_words(text), *_without_a_mark(text, points)]


def _degrees(found: regex.Match[str], which: str) -> float:
    seconds = (found[f"{which}t"] or "0").replace(",", ".")
    return int(found[f"{which}d"]) + int(found[f"{which}m"]) / 60 + float(seconds) / 3600


def _sided(text: str, points: Sequence[Point]) -> Iterator[Finding]:
    """Angles with a letter for the side; a number of minutes or of seconds tells them from streets and classes."""
    for found in _SIDED.finditer(text):
        if found["at"] is None and found["as"].strip(" -") == "":
            continue  # 5 12 N is a house as well
        near = any(abs(abs(axis) - _degrees(found, "a")) < 0.1 for point in points for axis in point)
        why = "is a latitude or longitude" + (", close to that of the hidden point" if near else "")
        yield Finding(*found.span(), "coordinate", found[0], "", why, possible=not near)


def _two(text: str, points: Sequence[Point]) -> Iterator[Finding]:
    """Two angles without a side; they may as well be times, so only those near a hidden point count."""
    for found in _TWO.finditer(text):
        if near := _near(_degrees(found, "a"), _degrees(found, "b"), points):
            yield Finding(*found.span(), "coordinate", found[0], *near, possible=True)


def _near(one: float, other: float, points: Sequence[Point]) -> tuple[str, str] | None:
    """The hidden point that two values without signs are close to, and why; None if there is none."""
    signed = [(a * up, b * across) for a, b in ((one, other), (other, one)) for up in (1, -1) for across in (1, -1)]
    on_earth = [each for each in signed if abs(each[0]) <= 90 and abs(each[1]) <= 180]
    if not on_earth or not points:
        return None
    near = whereabouts(min(on_earth, key=lambda point: nearest_km(point, points) or 0.0), points)
    return (near.hidden, near.why) if near.close else None


def _in_words(text: str) -> Iterator[Finding]:
    for pattern in (_WORDS, _POINT):
        for found in pattern.finditer(text):
            yield Finding(
                *found.span(), "coordinate", found[0], "", "is or may be a coordinate in words", possible=True
            )


def _without_a_mark(text: str, points: Sequence[Point]) -> Iterator[Finding]:
    """Two numbers that are the degrees of a hidden point once their decimal marks are put in."""
    for found in _PAIR_OF_FIGURES.finditer(text):
        for scale in (10**power for power in range(3, 8)):
            if near := _near(int(found["a"]) / scale, int(found["b"]) / scale, points):
                yield Finding(*found.span(), "coordinate", found[0], *near, possible=True)
                break
