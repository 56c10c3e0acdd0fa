"""Exact counts: a count belongs to a query at a moment, is made once, and kept.

`exact_count` counts whatever it takes. `cheap_count` counts only what costs little beside a page, whichever way a query
is asked: it looks at no more than `MOST` entries of an index, `MOST_IN_WINDOW` if days are tested, `MOST_IN_CELLS` of a
grid, or `MOST_ROWS` rows, however few of them match.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from django.core.cache import cache

from incidents.ledger.models import LONG_DAYS, YEARS_DAYS
from incidents.ledger.store import words_table
from incidents.query.entries import Condition, EntryQuery, database, entries, fetch
from incidents.query.moment import Moment

KEPT_SECONDS = 86_400

MOST = 10_000
"""The largest count that is made without being asked for, and the entries of an index that are looked at for it."""
MOST_IN_WINDOW = 1_000
"""Entries that are looked at for a window of days; each is tested, which takes three times as long."""
MOST_IN_CELLS = 500
"""Entries of the cells that cover a box; each is tested for its point, and there are many ranges of them."""
MOST_ROWS = 100
"""Rows that are looked at where an index alone does not tell what matches; each costs ten times an entry."""
MOST_WAYS = 2
"""Indexes that are tried for one count."""
TOO_MANY = -1
"""Kept for a query whose count is not cheap, so that the next page of its kind does not try again."""


def exact_count(query: EntryQuery, moment: Moment, key: str) -> int:
    """Number of matches as of a publication; counts if it is not cached."""
    known: int | None = cache.get(key)
    if known is not None:
        return known
    count = _count(query, moment) if moment.at else 0
    cache.set(key, count, KEPT_SECONDS)
    return count


def cheap_count(query: EntryQuery, moment: Moment, key: str, *, is_pinned: bool) -> int | None:
    """Number of matches if it is cheap to count, else None; the same for the same query, moment and `is_pinned`.

    All of a small table is counted. Of a large one, a count of the current state goes by an index; a past state has
    none that leaves out what came later, so its count is not cheap.
    """
    known: int | None = cache.get(key)
    if known is None:
        known = _cheap(query, moment, is_pinned=is_pinned)
        cache.set(key, known, KEPT_SECONDS)
    return None if known == TOO_MANY else known


def _cheap(query: EntryQuery, moment: Moment, *, is_pinned: bool) -> int:
    if _is_small(moment, query.kind):
        return _count(query, moment)
    if is_pinned or not moment.is_now:
        return TOO_MANY
    for way in islice(_ways(query), MOST_WAYS):
        if (found := _try(way)) is not None:
            head, count = found
            # Where a publication came in between, the past is counted: it is about as much.
            return count if head == moment.head else _count(query, moment)
    return TOO_MANY


def _is_small(moment: Moment, kind: str) -> bool:
    total = moment.total(kind)
    return total is not None and total <= MOST


class _Part(NamedTuple):
    """Candidates, which an index finds; the query that they are tested for; and how many of them may be looked at."""

    candidates: EntryQuery
    by: str
    tested: EntryQuery
    most: int


_Way = list[_Part]
"""Parts that share no entry and together hold all matches."""


def _ways(query: EntryQuery) -> Iterator[_Way]:
    """Yield the ways to count live matches, each by one of the indexes of its conditions."""
    if query.groups:
        yield from _by_words(query)
        return
    bare, on_days = entries(query.model), _on_days(query)
    has_others = len(query.conditions) > len(on_days)
    for driver in sorted(query.drivers):
        begun = bare.where(driver.condition, *driver.params).live()
        if driver.has_days:
            is_covered = len(query.conditions) == 1 + len(on_days) and query.box is None
            has_window = query.after is not None or on_days
            most = (MOST_IN_WINDOW if has_window else MOST) if is_covered else MOST_ROWS
            yield _within_days(query, begun, driver.by, most)
        else:
            yield [_Part(begun, driver.by, _all(query), MOST_ROWS)]
    if query.model.gridded and (query.after is not None or on_days):
        yield _within_days(query, bare, "inc_by_day", MOST_ROWS if has_others else MOST_IN_WINDOW)
    if covered := query.cover():
        begun = bare.where(covered.condition).where(f"{covered.level.column} IS NOT NULL")
        yield [_Part(begun, covered.level.index, _all(query), MOST_ROWS if has_others else MOST_IN_CELLS)]


def _all(query: EntryQuery) -> EntryQuery:
    return query.matching_box().matching_days().live()


ON_DAYS = ("day_from <= %s", "day_from >= %s", "day_to <= %s")


def _on_days(query: EntryQuery) -> list[Condition]:
    """Conditions on days alone, each with its parameter."""
    return [(condition, given) for condition, given in _conditions(query) if condition in ON_DAYS]


def _conditions(query: EntryQuery) -> list[Condition]:
    """Conditions, each with its parameters."""
    params = iter(query.params)
    return [(condition, tuple(islice(params, condition.count("%s")))) for condition in query.conditions]


def _within_days(query: EntryQuery, begun: EntryQuery, index: str, most: int) -> _Way:
    """Candidates that an index finds by its first column and by the day on which they begin."""
    for condition, params in _on_days(query):
        if condition.startswith("day_from"):
            begun = begun.where(condition, *params)
    if query.after is None:
        return [_Part(begun, index, _all(query), most)]
    (short, _), (months, in_months), (years, in_years) = query.by_length()
    first = query.after - YEARS_DAYS
    starting = [(name, params) for name, params in _on_days(query) if name == "day_from <= %s"]
    long, longest = (
        entries(query.model).where('"long"'),
        entries(query.model).where(f"day_to > day_from + {YEARS_DAYS}"),
    )
    for condition, params in starting:
        long, longest = long.where(condition, *params), longest.where(condition, *params)
    return [
        _Part(begun.where("day_from >= %s", query.after - LONG_DAYS), index, _all(short), most),
        _Part(long.where("day_from >= %s", first), in_months, _all(months), most),
        _Part(longest, in_years, _all(years), most),
    ]


def _by_words(query: EntryQuery) -> Iterator[_Way]:
    """Yield a way for each group of tokens that few entries hold, of the past too.

    SQLite would read all that hold the others as well, so it is asked first how many hold this one.
    """
    vendor = database().vendor
    bare, whole = entries(query.model), _all(query).matching_words(vendor)
    for group in query.groups:
        alone = bare._but(groups=(group,))
        if vendor == "sqlite":
            if _are_few(alone):
                yield [_Part(bare._but(groups=query.groups).matching_words(vendor), "", _all(query), MOST_ROWS)]
        else:
            yield [_Part(alone.matching_words(vendor), "", whole, MOST_ROWS)]


def _are_few(query: EntryQuery) -> bool:
    words = words_table(query.model)
    found = f"SELECT 1 FROM {words} WHERE {words} MATCH %s LIMIT {MOST_ROWS + 1}"
    ((number,),) = fetch(database(), f"SELECT count(*) FROM ({found})", [query.terms().fts5()])
    return int(number) <= MOST_ROWS


def _try(way: _Way) -> tuple[int, int] | None:
    """The head and the number of matches, in one statement; None if there are too many candidates."""
    connection = database()
    found, params = [], []
    for at, part in enumerate(way):
        hint = f" INDEXED BY {part.by}" if part.by and connection.vendor == "sqlite" else ""
        is_told = set(_conditions(part.tested)) <= set(_conditions(part.candidates))
        tested = "1 AS matches" if is_told else f"CASE WHEN {part.tested.sql()} THEN 1 ELSE 0 END AS matches"
        looked = (
            f"SELECT {tested} FROM {part.candidates.table}{hint} WHERE {part.candidates.sql()} LIMIT {part.most + 1}"
        )
        found.append(f"(SELECT count(*) AS looked, sum(matches) AS matched FROM ({looked}) AS candidates) AS part_{at}")
        params += [*(() if is_told else part.tested.params), *part.candidates.params]
    columns = ", ".join(f"part_{at}.looked, coalesce(part_{at}.matched, 0)" for at in range(len(way)))
    sql = f"SELECT seq, {columns} FROM ledger_head CROSS JOIN {' CROSS JOIN '.join(found)} WHERE id = 1"
    ((head, *counted),) = fetch(connection, sql, params)
    if any(looked > part.most for looked, part in zip(counted[::2], way, strict=True)):
        return None
    return int(head), sum(map(int, counted[1::2]))


def _count(query: EntryQuery, moment: Moment) -> int:
    """Count in one statement that also reads the head: where it moved meanwhile, the past is counted instead."""
    connection = database()
    for live in (True, False) if moment.is_now else (False,):
        summed = parts(query.live() if live else query.valid_at(moment.at), connection.vendor)
        counts = " + ".join(
            f"(SELECT count(*) FROM {part.table}{part.hint(connection.vendor)} WHERE {part.sql()})" for part in summed
        )
        with connection.cursor() as cursor:
            params = [param for part in summed for param in part.params]
            cursor.execute(f"SELECT seq, {counts} FROM ledger_head WHERE id = 1", params)
            head, count = cursor.fetchone()
        if not live or head == moment.head:
            break
    return int(count)


def parts(query: EntryQuery, vendor: str) -> list[EntryQuery]:
    """Disjoint queries that together are the matches: short and long intervals of a window."""
    query = query.matching_box().matching_cells()
    found = [query] if query.after is None else [part for part, _ in query.by_length()]
    return [part.matching_words(vendor) for part in found]
