"""Adds up the incidents of each group, in one statement that both databases take; what it costs is one scan.

Actors and sources stand in one column each, joined by spaces. Incidents are first grouped by that column as it is,
which leaves few rows, and only those are parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from incidents.ledger.index import FIRST_DAY, LAST_DAY
from incidents.query.aggregate.units import Unit
from incidents.query.count import parts
from incidents.query.entries import EntryQuery, database
from incidents.query.moment import Moment
from incidents.schema.fields import listed
from incidents.schema.incident import INCIDENT
from incidents_api.parameters.errors import InvalidParametersError, parameter_error

MAX_KEYS = 3
MAX_GROUPS = 20_000
"""Groups of one answer, empty ones too; bounds the memory of a request."""

FIGURES = ("killed_low", "killed_best", "killed_high", "injured_low", "injured_best", "injured_high")
COUNT, SPANNING = 0, 1
SUMS, REPORTED = 2, 2 + len(FIGURES)
"""Where a group's numbers are: count, spanning, the sums of the figures, and how many incidents report each."""

WIDTH = REPORTED + len(FIGURES)
Numbers = list[int]

MANY = {"actor": "actor_ids", "source": "source_ids"}
"""Dimensions in which one incident may be in several groups → column of the entry."""

_COLUMNS = INCIDENT.grouped | MANY
DIMENSIONS = {name: _COLUMNS[name] for name in listed(_COLUMNS, INCIDENT.groups)}
"""What may be grouped by besides time → column of the entry."""

ORDERS = {"key": None, "count": COUNT, "killed": SUMS + 1, "injured": SUMS + 4}
"""Name of an order → the number that it goes by."""

SPREADS = ("start", "every", "within")


class Window(NamedTuple):
    """The first and the last day that were asked for, where they were."""

    first: int | None
    last: int | None


class Grouping(NamedTuple):
    """What to group by, and where an incident of several units counts."""

    unit: Unit | None
    dimensions: tuple[str, ...]
    spread: str

    @property
    def name(self) -> str:
        """Return what is grouped by, in words of the parameter."""
        return ",".join([*([self.unit.name] if self.unit else []), *self.dimensions])

    @property
    def overlapping(self) -> list[str]:
        """Return the dimensions in which one incident may be in several groups."""
        return [name for name in self.dimensions if name in MANY]


class Group(NamedTuple):
    """One group: the number of its unit of time, if any, the values of its dimensions ("": none), and its numbers."""

    at: int | None
    values: tuple[str, ...]
    numbers: Numbers


def add(one: Numbers, other: Iterable[int]) -> Numbers:
    """Return the numbers of both together."""
    return [a + b for a, b in zip(one, other, strict=True)]


def tally(query: EntryQuery, moment: Moment, grouping: Grouping, window: Window) -> list[Group]:
    """Return the groups in which incidents begin (or that hold them, with `within`); raises InvalidParametersError."""
    time = ""
    if grouping.unit:
        first = _clipped("day_from", "<", window.first if grouping.spread == "every" else None)
        time = f"CASE WHEN day_from = {FIRST_DAY} THEN NULL {{}}ELSE {grouping.unit.sql(first)} END"
        within = f"WHEN {_spans(grouping.unit)} THEN NULL "
        time = time.format(within if grouping.spread == "within" else "")
    return _groups(query, moment, grouping, time)


def tally_ends(query: EntryQuery, moment: Moment, grouping: Grouping, window: Window) -> list[Group]:
    """Return the groups in which incidents with a known start are told to end, as far as the window reaches."""
    last = LAST_DAY - 1 if window.last is None else window.last
    query = query.where(f"day_from > {FIRST_DAY} AND day_to <= %s", last)
    return _groups(query, moment, grouping, grouping.unit.sql("day_to") if grouping.unit else "")


def total(query: EntryQuery, moment: Moment, grouping: Grouping) -> Numbers:
    """Return the numbers of all matches, each incident once."""
    ((_, _, numbers),) = _groups(query, moment, grouping._replace(dimensions=()), "") or [Group(None, (), [])]
    return numbers or [0] * WIDTH


def too_many(grouping: Grouping, number: int, known: str = "") -> InvalidParametersError:
    """Return the answer to a question that has too many groups."""
    message = f"Would give {known}{number} groups; at most {MAX_GROUPS} are answered. Group by less, or ask for less."
    return InvalidParametersError([parameter_error("by", grouping.name, message)])


def _clipped(day: str, sign: str, bound: int | None) -> str:
    return day if bound is None else f"(CASE WHEN {day} {sign} {bound} THEN {bound} ELSE {day} END)"


def _spans(unit: Unit) -> str:
    """Return the condition that an incident of known start touches more than one unit."""
    return f"(day_to > day_from AND {unit.sql('day_to')} > {unit.sql('day_from')})"


def _groups(query: EntryQuery, moment: Moment, grouping: Grouping, time: str) -> list[Group]:
    """Run the statement; it reads the head too, and where that moved meanwhile, the past is added up instead."""
    connection = database()
    if moment.at == 0:
        return []
    timed = int(bool(time))
    with sorting_on_disk(connection), connection.cursor() as cursor:
        for live in (True, False) if moment.is_now else (False,):
            state = query.live() if live else query.valid_at(moment.at)
            sql, params = _statement(state, grouping, time, connection.vendor)
            cursor.execute(
                f"SELECT head.seq, found.* FROM ledger_head AS head LEFT JOIN ({sql} LIMIT %s) AS found ON 1 = 1 "
                "WHERE head.id = 1",
                [*params, MAX_GROUPS + 1],
            )
            rows = cursor.fetchall()
            if not live or rows[0][0] == moment.head:
                break
        if len(rows) > MAX_GROUPS:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS found WHERE 1 = %s", [*params, 1])
            raise too_many(grouping, cursor.fetchone()[0], "at least " if grouping.spread == "every" else "")
    keys = timed + len(grouping.dimensions)
    return [
        Group(row[1] if timed else None, row[1 + timed : 1 + keys], [int(number) for number in row[1 + keys :]])
        for row in rows
        if row[1 + keys]  # no row of a group, but that of the head alone, or a total of nothing
    ]


@contextmanager
def sorting_on_disk(connection: Any) -> Iterator[None]:
    """Let SQLite write out what it sorts beyond its cache: to group a million incidents in memory takes 100 MB.

    It is set for these statements alone, and cannot be within a transaction.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA temp_store")
        (before,) = cursor.fetchone()
        cursor.execute("PRAGMA temp_store = FILE")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA temp_store = {int(before)}")


def _statement(query: EntryQuery, grouping: Grouping, time: str, vendor: str) -> tuple[str, list[Any]]:
    spanning = "0"
    if grouping.unit:
        spanning = f"CASE WHEN day_from > {FIRST_DAY} AND {_spans(grouping.unit)} THEN 1 ELSE 0 END"
    columns = [f"{time} AS unit"] if time else []
    # With the + SQLite cannot walk an index of the column to have groups in order, reading the table at random.
    plain = "+" if vendor == "sqlite" else ""
    columns += [f"{plain}{DIMENSIONS[name]} AS {name}" for name in grouping.dimensions]
    columns += [f"{spanning} AS spanning", *FIGURES]
    found = parts(query, vendor)
    picked = " UNION ALL ".join(f"SELECT {', '.join(columns)} FROM {part.table} WHERE {part.sql()}" for part in found)
    params = [param for part in found for param in part.params]
    keys = [*(["unit"] if time else []), *grouping.dimensions]
    sums = ["count(*) AS incidents", "coalesce(sum(spanning), 0) AS spanning"]
    sums += [f"coalesce(sum({figure}), 0) AS {figure}" for figure in FIGURES]
    sums += [f"count({figure}) AS {figure}_reported" for figure in FIGURES]
    sql = f"SELECT {', '.join([*keys, *sums])} FROM ({picked}) AS picked" + _group_by(keys)
    return (_parted(sql, keys, grouping.overlapping, vendor) if grouping.overlapping else sql), params


def _parted(sql: str, keys: list[str], many: list[str], vendor: str) -> str:
    """Return the statement that gives each group of several actors or sources to each one of them."""
    named = {name: f"coalesce({name}_part.value, '')" if name in many else f"joined.{name}" for name in keys}
    if vendor == "sqlite":
        lists = [f"""json_each('["' || replace(joined.{name}, ' ', '","') || '"]') AS {name}_part""" for name in many]
        source = ", ".join([f"({sql}) AS joined", *lists])
    else:
        lists = [
            f"LEFT JOIN LATERAL unnest(string_to_array(joined.{name}, ' ')) AS {name}_part (value) ON true"
            for name in many
        ]
        source = " ".join([f"({sql}) AS joined", *lists])
    numbers = ["incidents", "spanning", *FIGURES, *(f"{figure}_reported" for figure in FIGURES)]
    columns = [f"{named[name]} AS {name}" for name in keys] + [f"sum(joined.{name}) AS {name}" for name in numbers]
    return f"SELECT {', '.join(columns)} FROM {source}" + _group_by([named[name] for name in keys])


def _group_by(keys: list[str]) -> str:
    return f" GROUP BY {', '.join(keys)}" if keys else ""
