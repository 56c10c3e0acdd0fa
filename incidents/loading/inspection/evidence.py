"""What the content of a column says for or against a role, from 0 (it cannot be) to 1, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from incidents.loading.dates.words import month_of
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.day_formats import CELLS
from incidents.loading.inspection.event_terms import UNKNOWN, term_of
from incidents.vocabulary.countries import countries, three_letters

NUMBERS = ("integer", "number", "number with decimal comma")
WORDS = ("text", "list", "integer", "clock", "point", "json list")
MONTHS = frozenset(f"{number:{form}}" for number in range(1, 13) for form in ("", "02"))
MOSTLY, FEW_DAYS = 0.5, 0.3
CONTINENTS = frozenset(CELLS["continents"])
LONG = 15
"""Rows from which on a value that never changes says something."""


class Evidence(NamedTuple):
    """How much speaks for a role, from 0 to 1, and what."""

    score: float
    why: str


AGAINST = Evidence(0.0, "")
Test = Callable[[ColumnFacts], Evidence]


def _within(most: float, sign: str) -> Test:
    def test(column: ColumnFacts) -> Evidence:
        low, high = column.low, column.high
        if column.share("integer", "number", "comma") < 1:
            dms = column.share("text") > MOSTLY and any(sign in text for text in column.sample)
            return Evidence(0.8, "degrees with minutes") if dms else AGAINST
        if low is None or high is None or not -most <= low <= high <= most:
            return AGAINST
        is_whole = column.share("integer") == 1
        return Evidence(0.75 if is_whole else 1.0, f"numbers from {low:g} to {high:g}")

    return test


def _point(column: ColumnFacts) -> Evidence:
    share = column.share("point")
    return Evidence(share, f"{share:.0%} are points") if share > MOSTLY else AGAINST


def _days(column: ColumnFacts) -> Evidence:
    share, serials = column.share_of_days, column.share_of_serials
    if share > MOSTLY or (share and share + serials == 1):
        return Evidence(share + serials, f"{share + serials:.0%} are days")
    if serials == 1:
        return Evidence(0.7, "numbers as spreadsheets count days")
    if share + column.rough / max(column.filled, 1) > FEW_DAYS:
        return Evidence(0.6, f"{share:.0%} are days, others nearly")
    return AGAINST


def _whole(low: float, high: float) -> Test:
    def test(column: ColumnFacts) -> Evidence:
        if column.type != "integer" or (column.low or 0) < low or (column.high or 0) > high:
            return AGAINST
        return Evidence(0.95, f"whole numbers from {column.low:g} to {column.high:g}")

    return test


def _month(column: ColumnFacts) -> Evidence:
    if column.values and column.type != "integer" and all(month_of(text) or text in MONTHS for text in column.values):
        return Evidence(0.95, "names of months")
    return _whole(-99, 12)(column)


def _clock(column: ColumnFacts) -> Evidence:
    share = column.share("clock")
    return Evidence(share, f"{share:.0%} are times of day") if share > MOSTLY else AGAINST


def _kinds(column: ColumnFacts) -> Evidence:
    if column.type in ("date", "link", "json list", "number", "point") or column.average > 80:
        return AGAINST
    number = "500 and more" if column.many else f"{len(column.values):,}"
    if column.vocabulary:
        known = sum(term_of(text).event_type != UNKNOWN for text in column.values)
        share = known / len(column.values)
        return Evidence(0.9 + 0.1 * share, f"{number} different values" + (f", {known} of them known" if known else ""))
    return Evidence(0.7, f"{number} different values") if column.average < 40 else AGAINST


def _told(column: ColumnFacts) -> Evidence:
    if column.type not in ("text", "list") or column.share("text") < MOSTLY:
        return AGAINST
    length = column.average
    return Evidence(0.55 + 0.45 * min(length / 60, 1), f"texts of {length:.0f} characters on average")


def _country_code(column: ColumnFacts) -> Evidence:
    texts = list(column.values)
    share = sum(three_letters(text) is not None for text in texts) / max(len(texts), 1)
    if column.longest > 3 or column.many or share < MOSTLY:
        return AGAINST
    return Evidence(share, f"{share:.0%} of its values are codes of countries")


_NAMES = frozenset(each.name.casefold() for each in countries().values())


def _country(column: ColumnFacts) -> Evidence:
    if column.type not in ("text", "list") or column.average <= 3 or column.average > 60:
        return AGAINST
    share = sum(text.casefold() in _NAMES for text in column.values) / max(len(column.values), 1)
    return Evidence(0.85 + 0.15 * share, f"{share:.0%} of its values are names of countries" if share else "names")


def _area(column: ColumnFacts) -> Evidence:
    if column.type not in ("text", "list") or column.average > 80 or column.share("text") < MOSTLY:
        return AGAINST
    many = f"{column.filled:,} names, {len(column.values):,} different" if not column.many else "names"
    if all(text.casefold() in CONTINENTS for text in column.values):
        return AGAINST
    # A region that is the same in every row of a longer file holds all of it: more likely a part of the world.
    return Evidence(0.8 if len(column.values) == 1 and column.filled > LONG else 1.0, many)


def _place(column: ColumnFacts) -> Evidence:
    if column.type not in ("text", "list") or column.share("text") < MOSTLY or column.average > 150:
        return AGAINST
    # Names are shorter than descriptions.
    return Evidence(1.0 - 0.3 * min(max(column.average - 15, 0) / 60, 1), f"texts of {column.average:.0f} characters")


def _codes(column: ColumnFacts) -> Evidence:
    few = not column.many and len(column.values) <= 15 and column.average <= 40
    return Evidence(0.9, f"{len(column.values)} different values") if few and column.type != "date" else AGAINST


def _count(column: ColumnFacts) -> Evidence:
    # A few cells such as "about 3" are told by the trial, and hide no casualties.
    share = (column.sorts["integer"] + column.figures) / max(column.filled, 1)
    if share <= MOSTLY or (column.low or 0) < -9999 or (column.high or 0) >= 1_000_000 or column.type == "date":
        return AGAINST
    return Evidence(0.6 + 0.4 * share, f"{share:.0%} are whole numbers" + (" or nearly" if column.figures else ""))


def _speaker(column: ColumnFacts) -> Evidence:
    if column.type == "json list" and not column.lists_of_links and column.average < 300:
        return Evidence(0.9, "lists of texts")
    if column.type not in ("text", "list") or column.share("text") < MOSTLY or column.average > 300:
        return AGAINST
    return Evidence(1.0 if column.average < 80 else 0.8, f"texts of {column.average:.0f} characters")


def _link(column: ColumnFacts) -> Evidence:
    share = column.share_of_links
    if share < MOSTLY:
        return AGAINST
    if column.pictures > column.sorts["link"] * 0.3:
        return AGAINST
    return Evidence(share, f"{share:.0%} are web addresses")


def _list(column: ColumnFacts) -> Evidence:
    return Evidence(1.0, f"lists with {column.separator!r}") if column.separator else AGAINST


def _party(column: ColumnFacts) -> Evidence:
    if column.type not in ("text", "list") or column.share("text") < MOSTLY or column.average > 120:
        return AGAINST
    return Evidence(0.9, f"texts of {column.average:.0f} characters")


def _key(column: ColumnFacts) -> Evidence:
    if not column.is_unique or column.longest > 60 or column.type not in ("integer", "text", "number"):
        return AGAINST
    return Evidence(1.0, "every one is different")


def _group(column: ColumnFacts) -> Evidence:
    if column.is_unique or column.longest > 60 or column.share("integer", "text") < 1 or column.empty or column.markers:
        return AGAINST
    return Evidence(0.9, "it repeats") if column.hashes is None else AGAINST


def _like(column: ColumnFacts) -> Evidence:
    return Evidence(0.95, "codes") if column.type in ("text", "integer") and column.longest <= 20 else AGAINST


def _tongue(column: ColumnFacts) -> Evidence:
    return Evidence(0.9, "codes") if column.longest <= 10 and column.type == "text" else AGAINST


TESTS: dict[str, Test] = {
    "latitude": _within(90, "°"),
    "longitude": _within(180, "°"),
    "point": _point,
    "start": _days,
    "end": _days,
    "report_date": lambda column: _days(column) if not column.separator else Evidence(0.8, "lists"),
    "year": _whole(1000, 2200),
    "month": _month,
    "day": _whole(-99, 31),
    "date_precision": _codes,
    "time": _clock,
    "event_type": _kinds,
    "event_subtype": _kinds,
    "summary": _told,
    "country_code": _country_code,
    "country": _country,
    "admin1": _area,
    "admin2": _area,
    "admin3": _area,
    "place": _place,
    "as_reported": lambda column: _told(column)._replace(score=0.8) if _told(column).score else AGAINST,
    "location_precision": _codes,
    "killed": _count,
    "injured": _count,
    "source": _speaker,
    "report_title": _told,
    "url": _link,
    "language": _tongue,
    "tags": _list,
    "actor": _party,
    "target": _party,
    "id": _key,
    "group_id": _group,
    "geonames_id": _whole(1, 10**9),
    "pcode": _like,
    "katotth": _like,
    "wikidata_id": _like,
}


def no_degrees(column: ColumnFacts, role: str) -> bool:
    """Tell whether a column that is called latitude or longitude holds numbers that are no degrees."""
    numbers = column.share("integer", "number", "comma") == 1
    return numbers and role in ("latitude", "longitude") and not TESTS[role](column).score
