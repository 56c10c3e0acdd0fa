"""Finds codes of map grids, links to maps and three-word addresses in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import regex

from incidents.publishing.revealing_text import geography
from incidents.publishing.revealing_text.findings import Finding, Point
from incidents.publishing.revealing_text.geography import whereabouts

_MAPS = regex.compile(
    r"(?i)(?<![\p{L}\p{N}.-])(?:https?://)?(?:[a-z0-9-]{1,20}\.){0,3}?"
    r"(?:google\.[a-z.]{2,6}/maps|goo\.gl/maps|maps\.app\.goo\.gl|maps\.google|maps\.apple|openstreetmap\.org|osm\.org"
    r"|yandex\.[a-z]{2,3}/maps|maps\.yandex|bing\.com/maps|here\.com|wikimapia\.org|2gis\.|waze\.com|w3w\.co"
    r"|what3words\.com|liveuamap\.com|deepstatemap\.live|mapy\.c|geohack|zoom\.earth|satellites\.pro|sentinel-hub\.com|plus\.codes|mapillary\.com"
    r"|wikimapia|earth\.google|baidu\.com/maps?|amap\.com|naver\.com/map|mapbox\.com|arcgis\.com|copernicus\.eu)[^\s<>\"']{0,500}|(?<![\p{L}])geo:[-+\d.,]{3,60}"
)
_MGRS = regex.compile(
    r"(?<![\p{L}\p{N}])(?P<zone>\d{1,2})\s?(?P<band>[C-HJ-NP-X])\s?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])\s?"
    r"(?P<digits>\d{1,5}\s\d{1,5}|\d{2,10})(?![\p{L}\p{N}])"
)
_UTM = regex.compile(
    r"(?<![\p{L}\p{N}])(?P<zone>\d{1,2})\s?(?P<band>[C-HJ-NP-X])[\s,]{1,3}(?P<east>\d{6}(?:\.\d{1,4})?)\s?m?\s?E?[\s,]{1,3}"
    r"(?P<north>\d{6,7}(?:\.\d{1,4})?)"
)
_PLUS_CODE = regex.compile(
    r"(?i)(?<![\p{L}\p{N}])(?:(?:[23456789CFGHJMPQRVWX0]{2}){1,4}\+[23456789CFGHJMPQRVWX]{2,5}(?!\w)"
    r"|[23456789CFGHJMPQRVWX]{8}\+(?!\w)|[23456789CFGHJMPQRVWX]{4,6}0{2,4}\+(?!\w))"
)
_GEOHASH = regex.compile(r"(?i)(?<![\p{L}\p{N}])[0-9b-hjkmnp-z]{5,12}(?![\p{L}\p{N}])")
_THREE_WORDS = regex.compile(
    r"(?<![\p{L}\p{N}@./-])(?P<slashes>///)?"
    r"(?P<words>\p{Ll}{3,20}\.\p{Ll}{3,20}\.(?P<last>\p{Ll}{3,20}))(?![\p{L}\p{N}@/-]|\.\p{L})"
)
_THREE_PARTED = regex.compile(
    r"(?i)(?<![\p{L}\p{N}/])(?:///\s{0,2}|(?:what3words|w3w|what\sthree\swords)[:\s]{1,3}(?:///)?)"
    r"\p{L}{3,20}[\s.,·]{1,3}\p{L}{3,20}[\s.,·]{1,3}\p{L}{3,20}"
)
_MAIDENHEAD = regex.compile(r"(?i)(?<![\p{L}\p{N}])[A-R]{2}\d\d[A-X]{2}(?:\d\d(?:[A-X]{2})?)?(?![\p{L}\p{N}])")
_METRES = r"(?P<{0}>\d{{6,7}}(?:[.,]\d{{1,3}})?)"
_LABELLED = regex.compile(
    r"(?i)(?<![\p{L}\p{N}])(?:"
    rf"(?:x|y|e|n|easting|northing|vostok|sever)\s?[:=]?\s?{_METRES.format('a')}\s?m?[\s,;/]{{1,3}}(?:and\s)?(?:x|y|e|n|easting|northing)\s?[:=]?\s?{_METRES.format('b')}"
    rf"|{_METRES.format('a')}\s?m?\s?[EN][\s,;/]{{1,3}}{_METRES.format('b')}\s?m?\s?[EN](?!\p{{L}})"
    rf"|{_METRES.format('a')}\s?[,;/]?\s{{1,2}}{_METRES.format('b')})(?![\p{{N}}])"
)
"""Metres of a grid whose zone may not be said."""

_ENDINGS = "com org net info news edu gov mil int biz online site html htm php pdf png jpg jpeg"
_DOMAINS = frozenset(_ENDINGS.split())


def find(text: str, points: Sequence[Point]) -> list[Finding]:
    """All that is or may be a place on a map, other than degrees."""
    return [
        *_links(text),
        *_grids(text, points),
        *_metres(text, points),
        *_geohashes(text, points),
        *_three_words(text),
    ]


def _links(text: str) -> Iterator[Finding]:
    for found in _MAPS.finditer(text):
        yield Finding(*found.span(), "coordinate", found[0], "", "is a link to a map")


def _grids(text: str, points: Sequence[Point]) -> Iterator[Finding]:
    readers: list[tuple[regex.Pattern[str], Callable[[regex.Match[str]], Point | None]]] = [
        (_MGRS, _of_mgrs),
        (_UTM, _of_utm),
        (_PLUS_CODE, lambda found: geography.of_plus_code(found[0])),
    ]
    for pattern, read in readers:
        for found in pattern.finditer(text):
            near = whereabouts(read(found), points)
            yield Finding(*found.span(), "coordinate", found[0], near.hidden, near.why)


def _of_mgrs(found: regex.Match[str]) -> Point | None:
    digits = regex.sub(r"\s", "", found["digits"])
    return geography.of_mgrs(int(found["zone"]), found["band"], found["square"], digits)


def _of_utm(found: regex.Match[str]) -> Point | None:
    return geography.of_utm(int(found["zone"]), found["band"], float(found["east"]), float(found["north"]))


def _metres(text: str, points: Sequence[Point]) -> Iterator[Finding]:
    """Two numbers of metres: with names they are a coordinate, without them only near a hidden point."""
    for found in _LABELLED.finditer(text):
        one, other = (float(found[name].replace(",", ".")) for name in ("a", "b"))
        read = (geography.of_metres(*order, near=hidden) for hidden in points for order in ((one, other), (other, one)))
        near = next((each for point in read if (each := whereabouts(point, points)).close), None)
        named = not found[0][0].isdecimal() or found[0][-1].isalpha()
        if near or named:
            why = near.why if near else "is a coordinate in metres"
            yield Finding(*found.span(), "coordinate", found[0], near.hidden if near else "", why, possible=not near)


def _geohashes(text: str, points: Sequence[Point]) -> Iterator[Finding]:
    """Geohashes and squares of radio amateurs near a hidden point; any other word could be one far away."""
    for found in _MAIDENHEAD.finditer(text):
        near = whereabouts(geography.of_maidenhead(found[0]), points)
        if near.close:
            yield Finding(*found.span(), "coordinate", found[0], near.hidden, near.why, possible=True)
    for found in _GEOHASH.finditer(text):
        code = found[0]
        near = whereabouts(geography.of_geohash(code), points)
        if near.close and any(letter.isdigit() for letter in code) and not code.isdecimal():
            yield Finding(*found.span(), "coordinate", code, near.hidden, f"as a geohash {near.why}", possible=True)


def _three_words(text: str) -> Iterator[Finding]:
    for found in _THREE_PARTED.finditer(text):
        yield Finding(*found.span(), "coordinate", found[0], "", "is three words that stand for a place on a map")
    for found in _THREE_WORDS.finditer(text):
        if found["slashes"] or not (found["words"].startswith("www.") or found["last"] in _DOMAINS):
            why = "may be three words that stand for a place on a map"
            yield Finding(*found.span(), "coordinate", found[0], "", why, possible=True)
