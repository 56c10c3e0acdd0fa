"""What a text in a cell can be: a number, a day, a point, a link, a figure in words, names of persons."""

from __future__ import annotations

import re
from typing import NamedTuple

from incidents.loading.files.flattening import split_list
from incidents.loading.inspection.day_formats import CELLS, formats_of, is_in_words, is_rough
from incidents.loading.profiles import points
from incidents.loading.profiles.cell_types import bare_number

LONGEST = 200
"""Characters of a text that is looked at for names, points and figures."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}(\.0+)?")
_POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
"""A number that says nothing more than its value, as `007`, `+380 44` and `1e5` may."""

_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_LINK = re.compile(r"https?://\S+([;|,]\s*https?://\S+)*", re.IGNORECASE)
_POINT_LIKE = re.compile(r"[0-9].*[\s,;/°|].*[0-9]", re.DOTALL)
"""What may be a point in one cell."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(\s?[AaPp]\.?\s?[Mm]\.?)?")
_PERSON = re.compile(r"[^\W\d_a-zа-яіїєґ][^\W\d_]+([ -][^\W\d_a-zа-яіїєґ][^\W\d_]+|[ ][^\W\d_]\.){1,3}")
"""Two to four words that begin with capitals: it may be the name of a person."""


def _any_of(words: str) -> str:
    return "|".join(map(re.escape, CELLS[words]))


_FIGURE = re.compile(
    r"[<>≤≥~+±]*\s*[0-9]{1,3}([0-9]*|([ ,.][0-9]{3})*)(\.[0-9]+)?\s*"
    rf"(([-–/]|{_any_of('between_figures')})\s*[0-9]+)?\s*\+?"
    rf"|({_any_of('before_figures')})\s*[0-9]+"
    rf"|{_any_of('figures')}"
)

_CASELESS = re.compile(r"[\u0590-\u06ff]{2,}( [\u0590-\u06ff]{2,}){1,3}")
"""Two to four words in Hebrew or Arabic, which have no capitals: only the name of the column tells what they are."""

_PERSON_BEFORE = re.compile(rf"(?:{_PERSON.pattern})(?=\s*[,;(–—-])")
"""What may be the name of a person, with more said after it."""

_PHONE = re.compile(r"(?:[^\W\d_]+ ){0,2}(?:(?:\+|0|\()[0-9()./ -]{7,20}[0-9]|\(?[0-9]{3}\)?[ -][0-9]{3}-[0-9]{4})")
_PAIR = re.compile(r"\[\s*-?[0-9]+\.[0-9]+\s*,\s*-?[0-9]+\.[0-9]+\s*\]")
"""A point in brackets."""

_DAY_LIKE = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}")
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_HANDLE = re.compile(r"@[A-Za-z0-9_.]{2,30}")
_HOME_PAGE = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|vk|ok|linkedin|tiktok)\.(?:com|ru)/(?:in/)?@?[\w.-]+/?(?:\?.*)?",
    re.IGNORECASE,
)
"""The page of a person in a network, and not one of its posts."""

REACHED = {
    "addresses of mail": _EMAIL,
    "telephone numbers": _PHONE,
    "accounts in networks": _HANDLE,
    "pages of persons in networks": _HOME_PAGE,
    "numbers of bank accounts": _ACCOUNT,
}
"""How a person can be reached, by what it is."""

_AND = re.compile(r"[;,/&\n]|\b(?:and|y|et|und|oraz|и|й|та|і|و)\b")
_PARTS = re.compile(r"[;,،؛/&\n]")
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
    is_rough: bool = False
    """It is a date that is known about only."""

    is_figure: bool = False
    """It is a figure though no whole number."""

    is_person: bool = False
    """It may be the names of persons."""

    starts_with_person: bool = False
    is_caseless: bool = False
    """It begins with what may be the name of a person; it may be names in a script without capitals."""

    reaches: str = ""
    """The key in `REACHED` of what it may be."""

    has_links: bool = False
    """It is a list of links."""

    is_code: bool = False
    """It is a number, and the way in which it is written may mean something."""


def sort_of(text: str) -> Sort:
    """Return what a text can be."""
    formats = formats_of(text)
    number = bare_number(text)
    if _INTEGER.fullmatch(number):
        return Sort(
            "integer", float(number), formats, is_code=not _PLAIN.fullmatch(text), reaches=_phone(text, formats)
        )
    if _POINT.fullmatch(number):
        return Sort("number", float(number), formats, is_code=not _PLAIN.fullmatch(text))
    if _COMMA.fullmatch(number):
        return Sort("comma", float(number.replace(",", ".")), formats, is_figure=_is_figure(text))
    if text[0] == "[" and text[-1] == "]" and not _PAIR.fullmatch(text):
        return Sort("json list", None, (), has_links=_lists_links(text))
    if _CLOCK.fullmatch(text):
        return Sort("clock", None, ())
    if not formats and len(text) < LONGEST and _POINT_LIKE.search(text) and _is_point(text):
        return Sort("point", None, ())
    if _LINK.fullmatch(text):
        return Sort("link", None, (), reaches="pages of persons in networks" if _HOME_PAGE.fullmatch(text) else "")
    short = len(text) < LONGEST
    return Sort(
        "text",
        None,
        formats,
        in_words=not formats and is_in_words(text),
        is_rough=not formats and is_rough(text),
        is_figure=short and _is_figure(text),
        is_person=short and _are_persons(text),
        starts_with_person=_PERSON_BEFORE.match(text) is not None and not _GROUP.search(text.casefold()[:60]),
        is_caseless=short and all(_CASELESS.fullmatch(part.strip()) for part in _PARTS.split(text)),
        reaches=_reached(text) if short else "",
    )


def _lists_links(text: str) -> bool:
    items = [item for item in split_list(text, "json") if item]
    return bool(items) and all(_LINK.fullmatch(item) for item in items)


def _phone(text: str, formats: tuple[str, ...]) -> str:
    """Return what a number is that is written as those of telephones are."""
    is_phone = not formats and len(text) >= 9 and text[0] in "+0" and text[1:2] != "." and text.strip("+0 ")
    return "telephone numbers" if is_phone else ""


def _reached(text: str) -> str:
    if _DAY_LIKE.fullmatch(text):
        return ""
    return next((what for what, form in REACHED.items() if form.fullmatch(text)), "")


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
