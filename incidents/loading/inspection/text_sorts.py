"""What a text in a cell can be: a number, a day, a point, a link, a figure in words, names of persons."""

from __future__ import annotations

import re
from typing import NamedTuple

from incidents.loading.inspection.day_formats import CELLS, formats_of, is_in_words
from incidents.loading.profiles import points

LONGEST = 200
"""Characters of a text that is looked at for names, points and figures."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}(\.0+)?")
_POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_LINK = re.compile(r"https?://\S+([;|,]\s*https?://\S+)*")
_POINT_LIKE = re.compile(r"[0-9].*[\s,;/°|].*[0-9]", re.DOTALL)
"""What may be a point in one cell."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?( ?[AaPp][Mm])?")
_PERSON = re.compile(r"[^\W\d_a-zа-яіїєґ][^\W\d_]+([ -][^\W\d_a-zа-яіїєґ][^\W\d_]+|[ ][^\W\d_]\.){1,3}")
"""Two to four words that begin with capitals: it may be the name of a person."""

_FIGURE = re.compile(
    r"[<>≤≥~+±]*\s*[0-9]{1,3}([0-9]*|([ ,.][0-9]{3})*)(\.[0-9]+)?\s*(([-–/]|to|or)\s*[0-9]+)?\s*\+?"
    r"|(about|at least|up to|over|more than|ca\.?|circa|около|близько|понад|unos|más de|environ|plus de|etwa)\s*[0-9]+"
    r"|" + "|".join(map(re.escape, CELLS["figures"]))
)

_AND = re.compile(r"[;,/&\n]|\b(?:and|y|et|und|oraz|и|й|та|і|و)\b")
_SURNAME_FIRST = re.compile(r"[^\W\d_a-zа-яіїєґ][^\W\d_]+, [^\W\d_a-zа-яіїєґ][^\W\d_]+( [^\W\d_]+)?")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_GROUP = re.compile(
    r"\b(army|arm(ed|ée)|forces?|fuerzas?|group|grupo|groupe|state|police|policía|polic\w*|militia|milicia|government|brigade|front|"
    r"frente|movement|movimiento|party|partido|union|guards?|troops|battalion|regiment|command|unit|council|ministry|civilians?|"
    r"protesters|rioters|communit\w*|tribe|clan|cartel|gang|organi[sz]ation|company|workers|students|school|hospital|church|mosque)\b"
    r"|(арм|сил|груп|груп|полі[цк]|поли[цк]|міліц|милиц|бригад|батальйон|батальон|уряд|правит|цивіл|гражданск|партія|партия)\w*"
)
"""Words that groups have and persons have not."""


class Sort(NamedTuple):
    """What a text can be."""

    name: str
    value: float | None
    formats: tuple[str, ...]
    in_words: bool = False
    is_figure: bool = False
    """It is a figure though no whole number."""

    is_person: bool = False
    """It may be the names of persons."""


def sort_of(text: str) -> Sort:
    """Return what a text can be."""
    formats = formats_of(text)
    if _INTEGER.fullmatch(text):
        return Sort("integer", float(text), formats)
    if _POINT.fullmatch(text):
        return Sort("number", float(text), formats)
    if _COMMA.fullmatch(text):
        return Sort("comma", float(text.replace(",", ".")), formats, is_figure=_is_figure(text))
    if text[0] == "[" and text[-1] == "]":
        return Sort("json list", None, ())
    if _CLOCK.fullmatch(text):
        return Sort("clock", None, ())
    if not formats and len(text) < LONGEST and _POINT_LIKE.search(text) and _is_point(text):
        return Sort("point", None, ())
    if _LINK.fullmatch(text):
        return Sort("link", None, ())
    short = len(text) < LONGEST
    return Sort(
        "text",
        None,
        formats,
        in_words=not formats and is_in_words(text),
        is_figure=short and _is_figure(text),
        is_person=short and _are_persons(text),
    )


def _is_figure(text: str) -> bool:
    return len(text) < 30 and _FIGURE.fullmatch(text.casefold()) is not None


def _are_persons(text: str) -> bool:
    """Tell whether a text may be the names of one or more persons, with what is said of them in brackets."""
    if _SURNAME_FIRST.fullmatch(text.strip()):
        return True
    parts = [part for part in _AND.split(_BRACKETS.sub("", text)) if part.strip()]
    return bool(parts) and all(_PERSON.fullmatch(part.strip()) and not _GROUP.search(part.casefold()) for part in parts)


def _is_point(text: str) -> bool:
    try:
        points.point(text)
    except ValueError:
        return False
    return True
