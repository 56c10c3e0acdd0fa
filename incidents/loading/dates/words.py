"""Dates in words, such as `Apr. 2022`, `summer 1993` and `May 9 or 10, 2010`, and those of ISO 8601 and EDTF.

What they leave open stays open: a month is all of its days. Days and months in digits alone are taken only where the
year comes first, since 03/04/2022 is a day in March to some and in April to others.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from incidents.loading.dates.digits import OPEN, SEASONS, TO, UnreadableError, numeric, season_days
from incidents.loading.dates.readings import DateReading, ascii_digits, clock, latest_today, month_end, year_of, zone_of

LONGEST = 100
"""Characters of a date; a longer text is a text."""

WORDS_TOLD = "…"
"""Stands for the text until it is put there as it was written."""

_JOIN = "|"
_HYPHENS = re.compile("[‐‑‒–—−]")
_TOKEN = re.compile(r"'?\d+|[^\W\d_]+(?:'[^\W\d_]+)?|\S")
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|er|º|ª|-?го|-?е|-?ого)\b")
_TIME = re.compile(
    r"[\sT,]+(?:at |a las |à |в |о |um )?(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:^à )?\b[ld]'(?=\w)")
_BEFORE_HYPHEN = re.compile(r"([^\W\d]+)-(?=[^\W\d])")

_NIGHT = re.compile(
    r"(?:(?:in|on|en|dans|в|у|في) )?(?:the |la |l')?(?:night|nuit|noche|ночь|ночью|ніч|вночі|ليلة|nacht)"
    r"(?P<eve> на| vom| zum)?(?: of| du| de la| del| de| from| с| со| з| із| від)?(?: the)? "
)
"""What stands before the days of a night; in Russian and Ukrainian `на` means the night before the day."""

_UNSURE = re.compile(
    r"[?~%≈]|\b(?:circa|ca|c|about|approximately|around|hacia|vers|environ|около|близько|حوالي)\b\.?", re.IGNORECASE
)


class WordsReader:
    """Reads dates in words; `first_short` and `southern` are those of `DateReader`."""

    has_day = False
    example = "22 January 2014, January 2014, 2014, summer 2014 and 9 or 10 May 2014"

    def __init__(self, first_short: int | None = None, *, southern: bool = False) -> None:
        self._first_short, self._southern = first_short, southern

    def read(self, text: str) -> DateReading:
        """Return the days that a text can mean; raises ValueError."""
        if len(text) > LONGEST:
            raise ValueError
        if _UNSURE.search(text):
            raise UnreadableError("which days an approximate date can mean nobody says")
        plain = _plain(text)
        found = _TIME.search(plain)
        reading = self._days(plain[: found.start()] if found else plain)
        if reading.words:
            reading = reading._replace(words=" ".join(text.split()))
        if found is None:
            return reading
        if reading.start != reading.end:
            raise ValueError
        return _with_time(reading, found)

    def _days(self, text: str) -> DateReading:
        if night := _NIGHT.match(text):
            return self._night(text[night.end() :], is_eve=night["eve"] == " на")
        if (found := numeric(text, southern=self._southern)) is not None:
            return DateReading(*found)
        ends = TO.split(text)
        if len(ends) == 2 and (start := numeric(ends[0])) and (end := numeric(ends[1])):
            is_plain = "/" in text or ".." in text
            return _interval(start[0], end[1])._replace(words="" if is_plain else WORDS_TOLD)
        if OPEN.fullmatch(text):
            raise UnreadableError("a hyphen at one end can mean since, until, or before our era")
        for spelling in _spellings(text):
            points, is_exact = _points(spelling)
            if points is not None:
                return self._joined(points, is_exact=is_exact)
        raise ValueError

    def _night(self, text: str, *, is_eve: bool) -> DateReading:
        """Return both days of a night; of one day nobody says whether it is the first or the second."""
        reading = self._days(re.sub(r"(?<=\d) на (?=\d)", " по ", text))
        days = (reading.end - reading.start).days + 1
        start = reading.start - timedelta(days=is_eve and days == 1)
        if (reading.end - start).days != 1:
            raise UnreadableError("a night has two days: write both")
        return reading._replace(start=start, words=WORDS_TOLD)

    def _joined(self, points: list[_Point], *, is_exact: bool) -> DateReading:
        is_short = any(each.is_short for each in points)
        points = [self._with_year(each) for each in _completed(points)]
        spans = [each.span(southern=self._southern) for each in points]
        if is_short and spans[0][0] > latest_today():
            points = [replace(each, year=(each.year or 0) - 100) for each in points]
            spans = [each.span(southern=self._southern) for each in points]
        reading = _interval(spans[0][0], spans[-1][1])
        is_plain = is_exact and len(points) == 1 and not points[0].season
        return reading._replace(words="" if is_plain else WORDS_TOLD, is_short=is_short)

    def _with_year(self, point: _Point) -> _Point:
        if not point.is_short or point.year is None or point.year > 99:
            return point
        return replace(point, year=year_of(point.year, self._first_short))


@dataclass(frozen=True)
class _Point:
    """A day, month, season or year as far as it is told."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: str = ""
    ends_next_year: bool = False
    is_short: bool = False

    def span(self, *, southern: bool) -> tuple[date, date]:
        """Return the first and the last day; raises ValueError."""
        year = self.year or 0
        if self.season:
            return season_days(year, self.season, southern=southern, over_new_year=self.ends_next_year)
        if self.day is not None:
            day = date(year, self.month or 0, self.day)
            return day, day
        return date(year, self.month or 1, 1), month_end(year, self.month or 12)


def _interval(start: date, end: date) -> DateReading:
    if start > end:
        raise ValueError
    return DateReading(start, end)


def _plain(text: str) -> str:
    """Return a text in lower case, with one sort of hyphen, apostrophe and digit."""
    folded = _HYPHENS.sub("-", unicodedata.normalize("NFC", text).casefold()).replace("’", "'").replace("،", ",")
    return ascii_digits(folded).strip()


def _with_time(reading: DateReading, found: re.Match[str]) -> DateReading:
    hour, half = int(found["hour"]), found["half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + 12 * half.startswith("p")
    time = clock(hour, int(found["minute"]), int(found["second"] or 0))
    if time == "00:00":
        return reading._replace(is_midnight=True)
    zone, offset = zone_of(_offset(found["zone"]))
    return reading._replace(time=time, zone=zone, offset=offset)


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    digits = re.sub(r"[^0-9+-]", "", zone)
    if not digits:
        return timedelta()
    hours, minutes = (digits[1:3], digits[3:5]) if len(digits) > 3 else (digits[1:], "0")
    return timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if digits[0] == "-" else 1)


def _spellings(text: str) -> Iterator[str]:
    """Yield a text with its hyphens as they can be meant: parts of one date, or between two."""
    text, parts = _ARTICLE.sub("", _ORDINAL.sub(r"\1", text)), _words().parts
    text = _BEFORE_HYPHEN.sub(lambda found: f"{found[1]} " if found[1] in parts else found[0], text)
    between = re.sub(r"(?<=\d)\s*-\s*(?=\d)|\s+-\s+|(?<=[^\W\d])-(?=[^\W\d])", f" {_JOIN} ", text)
    yield between.replace("-", " ")
    yield between.replace("-", f" {_JOIN} ")


def _points(text: str) -> tuple[list[_Point] | None, bool]:
    """Return what is named, as far as it is, and whether nothing else is said; None if it is no date."""
    known, kinds, points, is_exact = _words(), [""], [_Point()], True
    for phrase, name in known.phrases:
        text = text.replace(phrase, name)
    words = _TOKEN.findall(text.replace(".", " ").replace("/", f" {_JOIN} "))
    for at, word in enumerate(words):
        if word in known.joining or (word == "," and _between_days(words, at)):
            _begin_another(kinds, points, is_part=not is_exact)
        elif (named := _named(word, kinds[-1], known)) is not None:
            kinds[-1] += named[0]
            points[-1] = replace(points[-1], **named[1])
        elif word in known.parts:
            is_exact = False
        elif word not in known.filling:
            return None, False
    if any(_contradicts(kind) for kind in kinds) or not (is_exact or "d" not in "".join(kinds)):
        return None, False
    return _with_seasons(points, kinds), is_exact


def _begin_another(kinds: list[str], points: list[_Point], *, is_part: bool) -> None:
    if kinds[-1] or not is_part:  # in `early to mid July` nothing is named yet
        kinds.append("")
        points.append(_Point())


def _contradicts(kind: str) -> bool:
    """Tell whether a point names one thing twice, or a season beside a month or a day."""
    return len(set(kind)) < len(kind) or ("s" in kind and not set(kind) <= {"s", "y"})


def _between_days(words: list[str], at: int) -> bool:
    return 0 < at < len(words) - 1 and all(_is_day(each) for each in (words[at - 1], words[at + 1]))


def _is_day(word: str) -> bool:
    return word.isdecimal() and len(word) <= 2


def _named(word: str, before: str, known: _Words) -> tuple[str, dict[str, Any]] | None:
    """Return what a word names, year, month, day or season, with the fields of a point; None if it names nothing."""
    if month := known.months.get(word):
        return "m", {"month": month}
    if season := known.seasons.get(word):
        return "s", {"season": season}
    digits = word.removeprefix("'")
    if not digits.isdecimal():
        return None
    number = int(digits)
    if len(digits) == 4:
        return "y", {"year": number}
    if len(digits) > 2:
        return None
    is_year = word != digits or "d" in before or (("m" in before or "s" in before) and not 1 <= number <= 31)
    if is_year and len(digits) == 2:
        return "y", {"year": number, "is_short": True}
    return "d", {"day": number}


def _with_seasons(points: list[_Point], kinds: list[str]) -> list[_Point] | None:
    """Return the points of which something is told; `winter 1993/94` is one. None where a point says nothing."""
    if kinds[0] in ("sy", "ys") and len(points) == 2 and kinds[1] in ("d", "y"):
        following = points[1].year if kinds[1] == "y" else points[1].day
        year = points[0].year or 0
        if following is not None and following % 100 == (year + 1) % 100:
            return [replace(points[0], ends_next_year=True)]
    return points if all(kinds) else None


def _completed(points: list[_Point]) -> list[_Point]:
    """Return points with the month and the year that they share with their neighbours; raises ValueError."""
    for number in range(1, len(points)):
        points[number] = _filled(points[number], points[number - 1], backwards=False)
    for number in range(len(points) - 2, -1, -1):
        points[number] = _filled(points[number], points[number + 1], backwards=True)
    for each in points:
        if each.year is None or (each.day is not None and each.month is None):
            raise UnreadableError("the year in four digits, or the month in letters, is not told")
    return points


def _filled(point: _Point, other: _Point, *, backwards: bool) -> _Point:
    year, month, is_short = point.year, point.month, point.is_short
    if month is None and point.day is not None:
        month = other.month
    if year is None and other.year is not None:
        year, is_short = other.year, other.is_short
        if backwards and month and other.month and month > other.month:
            year -= 1  # 30 December to 2 January 2011
    return replace(point, year=year, month=month, is_short=is_short)


def month_of(text: str) -> int | None:
    """Return the month that a word names, None if it names none."""
    known, said = _words(), _plain(text).strip(".")
    return known.months.get(said) or known.months.get(
        next((name for phrase, name in known.phrases if phrase == said), "")
    )


def is_approximate(text: str) -> bool:
    """Tell whether a text is a date that is known about only, such as `c. 1998`."""
    if len(text) > LONGEST or not _UNSURE.search(text):
        return False
    try:
        WordsReader().read(_UNSURE.sub(" ", text).strip())
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class _Words:
    months: Mapping[str, int]
    seasons: Mapping[str, str]
    joining: frozenset[str]
    filling: frozenset[str]
    parts: frozenset[str]
    phrases: tuple[tuple[str, str], ...]
    """Names of more than one word, each with one word for it."""


@cache
def _words() -> _Words:
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    whole = {name: number for number, names in enumerate(table["months"], 1) for name in names}
    meant: dict[str, set[int]] = {}
    for name, number in whole.items():
        for length in range(3, len(name) + 1):
            meant.setdefault(name[:length], set()).add(number)
    months = {name: next(iter(numbers)) for name, numbers in meant.items() if len(numbers) == 1} | whole
    phrases = tuple((name, table["months"][number - 1][0]) for name, number in whole.items() if " " in name)
    return _Words(
        months,
        {name: season for season in SEASONS for name in table[season]},
        frozenset((*table["joining"], _JOIN)),
        frozenset((*table["filling"], *table["weekdays"], ",")),
        frozenset(table["parts"]),
        phrases,
    )
