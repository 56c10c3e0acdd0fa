"""Finds days in a text, and months if only the year may be read: in words, in figures, by holidays, times of day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import regex

from incidents.publishing.revealing_text.calendar_words import (
    HOLIDAYS,
    NO_MONTH_ALONE,
    ORDINALS,
    OTHER_MONTHS,
    is_weekday,
    months_of,
    short_months,
)
from incidents.publishing.revealing_text.day_patterns import PART_OF_MONTH, PARTS_OF_YEAR, POSSIBLE, RELATIVE
from incidents.publishing.revealing_text.figures import dates_in_figures, hidden_day
from incidents.publishing.revealing_text.findings import Finding

_TOKEN = regex.compile(r"\d{1,4}(?!\d)|\p{L}[\p{L}\p{M}'’ʼ]*+")
_GAP = regex.compile(r"[\s.,\-–—]{0,4}")
_CONNECTIVES = "of de del the a st nd rd th го те е є й ий ый ое числа день ter er den am à le d di dell il من شهر"
_JOINING = frozenset(_CONNECTIVES.split())
"""Words between a day and its month."""

_PREPOSITIONS = "in since of by early late mid until till during last this next from through and в у з із с"
_BEFORE_MONTH = frozenset(_PREPOSITIONS.split())

_Token = tuple[int, int, str]


def find(text: str, days: Sequence[date], level: str) -> list[Finding]:
    """All that says or may say on which day it was, or in which month if the level is “year”."""
    months = level == "year"
    tokens = [(*found.span(), found[0].lower()) for found in _TOKEN.finditer(text)]
    findings = [*dates_in_figures(text, days, months=months), *_in_words(text, tokens, days, months=months)]
    findings += [_found(each, "names a day of the week") for each in _weekdays(text, tokens)]
    findings += [_possible(text, *each.span(), "is a holiday") for each in HOLIDAYS.finditer(text)]
    findings += [_possible(text, *each.span(), why) for why, pattern in POSSIBLE for each in pattern.finditer(text)]
    if findings or any(months_of(word) for _, _, word in tokens):
        findings += [_possible(text, *each.span(), "names a part of a month") for each in _parts_of_months(text)]
        findings += [_possible(text, *each.span(), "counts from another day") for each in RELATIVE.finditer(text)]
    if months:
        findings += [_possible(text, *each.span(), "names a part of the year") for each in PARTS_OF_YEAR.finditer(text)]
    return findings


def _found(where: tuple[int, int, str], why: str) -> Finding:
    start, end, words = where
    return Finding(start, end, "day", words, "", why)


def _possible(text: str, start: int, end: int, why: str) -> Finding:
    return Finding(start, end, "day", text[start:end], "", why, possible=True)


def _weekdays(text: str, tokens: Sequence[_Token]) -> Iterator[_Token]:
    for start, end, word in tokens:
        if is_weekday(word):
            yield start, end, text[start:end]


def _in_words(text: str, tokens: Sequence[_Token], days: Sequence[date], *, months: bool) -> Iterator[Finding]:
    """Months with a day next to them; if months are hidden too, months alone."""
    for at, (start, end, word) in enumerate(tokens):
        named = months_of(word)
        short = short_months().get(word)
        if word in OTHER_MONTHS and not named:
            yield from _in_another_calendar(text, tokens, at)
            continue
        if not named and short is None:
            continue
        known = named or frozenset({short or 0})
        beside = _day_beside(text, tokens, at)
        if beside is not None:
            day, first, last = beside
            hidden = hidden_day(days, day, known) if day else ""
            why = "is the hidden day" if hidden else "names a day"
            yield Finding(first, last, "day", text[first:last], hidden, why)
        elif months and named and _names_month(text, tokens, at):
            yield Finding(start, end, "day", text[start:end], "", "names a month")


def _parts_of_months(text: str) -> Iterator[regex.Match[str]]:
    """Words such as “early” with the name of a month after them."""
    for found in PART_OF_MONTH.finditer(text):
        if found["month"] is None or months_of(found["month"].lower()):
            yield found


def _in_another_calendar(text: str, tokens: Sequence[_Token], at: int) -> Iterator[Finding]:
    """A month of another calendar with a day next to it; the words mean other things too."""
    if (beside := _day_beside(text, tokens, at)) and beside[0]:
        yield _possible(text, *beside[1:], "may be a day of another calendar")


def _day_beside(text: str, tokens: Sequence[_Token], at: int) -> tuple[int | None, int, int] | None:
    """Day of the month next to the name of a month, and from where to where both reach; the day is None in words."""
    for step in (-1, 1):
        last = at
        for _ in range(4):
            other = last + step
            if not 0 <= other < len(tokens) or not _close(text, tokens, min(last, other)):
                break
            word = tokens[other][2]
            reach = min(tokens[at][0], tokens[other][0]), max(tokens[at][1], tokens[other][1])
            if word.isdecimal() and len(word) < 3 and 1 <= int(word) <= 31:
                return int(word), *reach
            if ORDINALS.fullmatch(word):
                return None, *reach
            if word not in _JOINING:
                break
            last = other
    return None


def _close(text: str, tokens: Sequence[_Token], at: int) -> bool:
    return bool(_GAP.fullmatch(text, tokens[at][1], tokens[at + 1][0]))


def _names_month(text: str, tokens: Sequence[_Token], at: int) -> bool:
    """Whether a word that can mean a month does so here."""
    start, _, word = tokens[at]
    if len(word) < 4 and word.isascii() and word != "may":
        return False
    if word not in NO_MONTH_ALONE:
        return True
    before = tokens[at - 1][2] if at else ""
    after = tokens[at + 1][2] if at + 1 < len(tokens) else ""
    return text[start].isupper() and (before in _BEFORE_MONTH or after.isdecimal())
