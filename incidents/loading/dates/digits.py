"""Dates in digits with the year first, as in ISO 8601 and EDTF; decades, quarters, weeks and seasons by numbers."""

from __future__ import annotations

import re
from datetime import date, timedelta

from incidents.loading.dates.readings import month_end

SEASONS = ("spring", "summer", "autumn", "winter")
_NUMERIC = re.compile(r"(?P<year>\d{4})(?:([-/.])(?P<month>\d{1,2}|XX)(?:\2(?P<day>\d{1,2}|XX))?)?")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_WEEK = re.compile(r"(\d{4})-?W(\d{2})(?:-?([1-7]))?")
_DECADE = re.compile(
    r"(?:(?:the|los años|les années|в) )?(\d{3})0(?:'?s|-?(?:е|х|ті|их))"
    r"(?: (?:годы|годов|годах|гг\.?|роки|років|роках))?"
    r"|(\d{3})X",
    re.IGNORECASE,
)
_ORDINALS = (
    ("FIRST", "PRIMER", "PREMIER", "ПЕРВЫЙ", "ПЕРШИЙ", "الأول", "ERSTES", "I"),
    ("SECOND", "SEGUNDO", "DEUXIÈME", "ВТОРОЙ", "ДРУГИЙ", "الثاني", "ZWEITES", "II"),
    ("THIRD", "TERCER", "TROISIÈME", "ТРЕТИЙ", "ТРЕТІЙ", "الثالث", "DRITTES", "III"),
    ("FOURTH", "CUARTO", "QUATRIÈME", "ЧЕТВЁРТЫЙ", "ЧЕТВЕРТЫЙ", "ЧЕТВЕРТИЙ", "الرابع", "VIERTES", "IV"),
)
_ORDINAL = re.compile(rf"(?:الربع )?\b(?:{'|'.join(word for words in _ORDINALS for word in words)})\b")
_QUARTERS = (
    re.compile(r"[QT](?P<quarter>[1-4])[ ,/-]*(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[ ,/-]*[QT](?P<quarter>[1-4])"),
    re.compile(
        r"(?P<quarter>[1-4])(?:st|nd|rd|th|er|e|-?й)? (?:quarter|trimestre|квартал|quartal)(?: of| de| du| من)? "
        r"(?P<year>\d{4})"
        r"(?: г\.?| года| р\.?| року)?",
        re.IGNORECASE,
    ),
)
TO = re.compile(r"\s*(?:/|\.\.)\s*|\s+(?:-|to|until|till|and|or|al?|hasta|y|au?|à|et|по|до|и|та|إلى)\s+")
"""Between two dates in digits."""

OPEN = re.compile(r"-\s*\d{4}(?:-\d\d)*|\d{4}(?:-\d\d)*\s*-")


class UnreadableError(ValueError):
    """A date that cannot be taken for a reason worth telling."""


def numeric(text: str, *, southern: bool = False) -> tuple[date, date] | None:
    """Return the days of a date in digits with the year first, None if it is none; raises ValueError."""
    text = text.upper()
    if found := _DECADE.fullmatch(text):
        decade = int(found[1] or found[2]) * 10
        return date(decade, 1, 1), date(decade + 9, 12, 31)
    if found := _WEEK.fullmatch(text):
        first = date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))
        return first, first if found[3] else first + timedelta(days=6)
    if quarter := _quarter(text):
        return quarter
    found = _COMPACT.fullmatch(text) or _NUMERIC.fullmatch(text)
    if found is None:
        return None
    numbers = {name: _number(found[name]) for name in ("year", "month", "day")}
    year, month, day = numbers["year"], numbers["month"], numbers["day"]
    _refuse_lone_day(found["month"], day)
    if month and 21 <= month <= 24 and not day:  # EDTF
        return season_days(year or 0, SEASONS[month - 21], southern=southern)
    if "/" in text and month and year and not found["day"] and month == (year + 1) % 100:
        raise UnreadableError("this can be a month or two years: write 2003-04 or 2003-2004, or name the format %Y/%m")
    return _span(year or 0, month, day if month else None)


def _quarter(text: str) -> tuple[date, date] | None:
    text = _ORDINAL.sub(lambda said: _quarter_number(said[0]), text, count=1)
    found = next((found for form in _QUARTERS if (found := form.fullmatch(text))), None)
    if found is None:
        return None
    last = 3 * int(found["quarter"])
    return date(int(found["year"]), last - 2, 1), month_end(int(found["year"]), last)


def _quarter_number(said: str) -> str:
    word = said.removeprefix("الربع ")
    number = next(at for at, words in enumerate(_ORDINALS, start=1) if word in words)
    return f"{number} QUARTER" if word != said else str(number)


def _refuse_lone_day(month: str | None, day: int | None) -> None:
    if month == "00" and day:
        raise ValueError


def _number(text: str | None) -> int | None:
    return None if text in (None, "XX", "00") else int(text or 0)


def _span(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if day is not None:
        return date(year, month or 0, day), date(year, month or 0, day)
    return date(year, month or 1, 1), month_end(year, month or 12)


def season_days(year: int, season: str, *, southern: bool = False, over_new_year: bool = False) -> tuple[date, date]:
    """Return the first and the last day of a season: spring is from March to May in the north.

    The season that lasts over the new year has months at both ends of a year: of it alone the whole year is meant,
    and `over_new_year` means the one that begins in December of the year.
    """
    begin = (3, 6, 9, 12)[(SEASONS.index(season) + 2 * southern) % 4]
    if begin < 12:
        if over_new_year:
            raise UnreadableError(f"a {season} lies within one year")
        return date(year, begin, 1), month_end(year, begin + 2)
    if over_new_year:
        return date(year, 12, 1), month_end(year + 1, 2)
    return date(year, 1, 1), date(year, 12, 31)
