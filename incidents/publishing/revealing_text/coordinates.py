"""Finds coordinates in degrees in a text, in any notation, and says whether they lie near a hidden point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import regex

from incidents.publishing.revealing_text.findings import MOST_FINDINGS, Finding, Point
from incidents.publishing.revealing_text.geography import nearest_km, whereabouts

CLOSE_DEGREES = 0.1
"""How near to a hidden latitude or longitude a single number has to be to be taken for it."""

_SIDE = r"""
  [NSEW](?!\p{L})
  | (?:[сю]|пн|пд)\.?\s?ш(?!\p{L})\.? | (?:[вз]|сх|зх)\.?\s?д(?!\p{L})\.?
  | (?:северн|южн|восточн|западн|північн|південн|східн|західн)\p{L}{1,4}\s(?:широт|долгот|довгот)\p{L}{0,3}
  | (?:nördlicher|südlicher|östlicher|westlicher|nördl\.|südl\.|östl\.|westl\.)\s(?:Breite|Länge|Br|L)
  | (?:شمال|جنوب|شرق|غرب)(?:ا|اً|ًا)?(?!\p{L})
  | (?:latitude|latitud|longitude|longitud)\s(?:north|south|east|west|nord|sud|est|ouest|norte|sur|este|oeste)(?!\p{L})
  | (?:north|south|east|west|Nord|Süd|Sud|Ost|Est|Ouest|Oeste|Este|Norte|Sur)(?!\p{L})
"""
_LEAD = r"""
  (?<![\p{L}\p{N}])(?:m?lat(?:itude)?|m?lon(?:g(?:itude)?)?|lng|широт\p{L}?|долгот\p{L}?|довгот\p{L}?|шир|довг|долг
  |[NSEW]|[СЮВЗ](?=\s?\d{1,3}(?:[.,]\d{1,16})?\s?[°º˚]))["'.]?(?:\s(?:of|is|was|at|de))?\s{0,2}[:=]?\s{0,2}
  | (?<!\p{L})(?:وخط|خط|دائرة)\s(?:ال)?(?:عرض|طول)\s
"""
_ANGLE = regex.compile(
    rf"""
  (?:(?P<lead>{_LEAD}) | (?<![\p{{L}}\p{{N}}_]) | (?<=![34]d) | (?<=[NSEW]))
  (?<!\d\.)
  (?P<sign>[-+−–])?
  (?P<degrees>\d{{1,3}}(?:[.,]\d{{1,16}})?)(?!\d)(?!\.\d)(?!d\d)
  (?:
    \s{{0,2}}(?P<mark>[°º˚∘]|&deg;|deg(?:rees?)?(?!\p{{L}})|град\p{{L}}{{0,6}}|гр\.|درجة)(?!\s?[CFСФ](?![\p{{L}}\p{{N}}]))
    (?:
      \s{{0,2}}(?P<minutes>\d{{1,2}}(?:[.,]\d{{1,10}})?)(?!\d)\s{{0,2}}(?:['′’ʹ‘´`]|min(?:ut\p{{L}}{{0,3}})?\b|мин\p{{L}}{{0,4}}|хв\p{{L}}{{0,5}})?
      (?:\s{{0,2}}(?P<seconds>\d{{1,2}}(?:[.,]\d{{1,10}})?)(?!\d)\s{{0,2}}(?:["″”“]|['′’]{{2}}|s(?!\p{{L}})|сек\p{{L}}{{0,4}})?)?
    )?
  )?
  (?:[\s,]{{0,2}}(?P<side>{_SIDE}))?
  """,
    regex.VERBOSE,
)
_BETWEEN = regex.compile(
    r"(?:[\s,;:/|()\[\]=&!\"'{}]|%2C|%20|and|y|та|і|и|et|und|[34]d|m?lon(?:g(?:itude)?)?|lng|довгот\p{L}?|долгот\p{L}?){0,12}+"
)
_PACKED = regex.compile(
    r"(?<![\p{L}\p{N}])(?:\d{4,6}(?:\.\d{1,6})?\s?[NS][\s,/]{0,3}\d{4,7}(?:\.\d{1,6})?\s?[EW]"
    r"|\d{1,3}:\d{1,2}(?::\d{1,2}(?:\.\d{1,6})?)?\s?[NSEW])(?![\p{L}\p{N}])"
)
_ADDRESS = frozenset("@=/:!")
"""What stands before a pair in addresses of maps."""


_NEGATIVE = regex.compile(
    r"[SWЮЗ]|[юз]|пд|зх|юж|запад|півд|захід|south|west|süd|westl|جنوب|غرب|.*\s(?:south|west|sud|ouest|sur|oeste)$"
)


@dataclass(slots=True)
class _Angle:
    """A number of a text that may be a latitude or a longitude."""

    start: int
    end: int
    value: float
    decimals: int
    marked: bool
    side: str
    minutes: bool

    @property
    def alone(self) -> bool:
        """Whether it is a coordinate by its notation."""
        return self.minutes or bool(self.side and (self.marked or self.decimals))


_PLAIN = str.maketrans(
    {
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10) for digit in range(10)},
        **dict(zip("٫،，．·", ".,,..", strict=True)),
    }
)


def in_plain_figures(text: str) -> str:
    """The text with the digits and marks of other scripts as in English, and each sign where it was."""
    return text.translate(_PLAIN)


def find(text: str, points: Sequence[Point]) -> list[Finding]:
    """All that is or may be a coordinate in degrees."""
    angles = [each for found in _ANGLE.finditer(text) if (each := _angle(found))]
    findings = list(islice(_pairs(text, angles, points), MOST_FINDINGS))
    paired = {place for each in findings for place in (each.start, each.end)}
    for each in angles:
        if not {each.start, each.end} & paired and (reason := _single(each, points)):
            words = text[each.start : each.end]
            findings.append(Finding(each.start, each.end, "coordinate", words, *reason, possible=not each.marked))
    findings += [
        Finding(*found.span(), "coordinate", found[0], "", "is a coordinate") for found in _PACKED.finditer(text)
    ]
    return findings[: 5 * MOST_FINDINGS]


def _angle(found: regex.Match[str]) -> _Angle | None:
    lead, side = (found["lead"] or "").strip(" \t:=\"'."), found["side"] or ""
    axis = side or lead
    if not (axis or found["mark"]) and found["degrees"].isdecimal():
        return None
    value = _number(found["degrees"]) + _number(found["minutes"]) / 60 + _number(found["seconds"]) / 3600
    if value > 180:
        return None
    start, end = found.span()
    if (found["sign"] or "+") in "-−–" or (axis and _NEGATIVE.match(axis)):
        value = -value
    decimals = len(found["degrees"].replace(",", ".").partition(".")[2])
    return _Angle(start, end, value, decimals, bool(found["mark"]), axis, found["minutes"] is not None)


def _number(digits: str | None) -> float:
    return float(digits.replace(",", ".")) if digits else 0.0


def _pairs(text: str, angles: Sequence[_Angle], points: Sequence[Point]) -> Iterator[Finding]:
    for one, other in pairwise(angles):
        plain = min(one.decimals, other.decimals)
        certain = _certain(text, one, other)
        if not (certain or plain >= 2 or (plain and _may_be_close(one, other, points))):
            continue
        if other.start - one.end > 24 or not _BETWEEN.fullmatch(text, one.end, other.start):
            continue
        orders = [(a, b) for a, b in ((one.value, other.value), (other.value, one.value)) if abs(a) <= 90]
        if orders:
            near = whereabouts(min(orders, key=lambda order: nearest_km(order, points) or 0.0), points)
            words = text[one.start : other.end]
            yield Finding(one.start, other.end, "coordinate", words, near.hidden, near.why, not (certain or near.close))


def _may_be_close(one: _Angle, other: _Angle, points: Sequence[Point]) -> bool:
    return any(
        abs(a.value - north) < 1 and abs(b.value - east) < 1
        for north, east in points
        for a, b in ((one, other), (other, one))
    )


def _certain(text: str, one: _Angle, other: _Angle) -> bool:
    if (one.alone and other.alone) or (one.marked and other.marked) or (one.side and other.side):
        return True
    if min(one.decimals, other.decimals) >= 3:
        return True
    return text[one.start - 1 : one.start] in _ADDRESS and min(one.decimals, other.decimals) >= 1


def _single(each: _Angle, points: Sequence[Point]) -> tuple[str, str] | None:
    """What a number reveals that stands by itself: the hidden value, and why."""
    near = next((axis for point in points for axis in point if abs(abs(axis) - abs(each.value)) < CLOSE_DEGREES), None)
    if each.alone:
        close = ", close to that of the hidden point" if near is not None else ""
        return ("" if near is None else f"{near:g}"), f"is a latitude or longitude{close}"
    if near is not None and each.decimals >= 3:
        return f"{near:g}", "is close to the latitude or longitude of the hidden point"
    return None
