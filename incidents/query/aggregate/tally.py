"""Adds up the incidents of each group, in one statement for both databases, which costs one scan.

Actors and sources are one column each, joined by spaces. Incidents are first grouped by this column unchanged, which
leaves few rows, and only those are split.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

from incidents.ledger.index import FIRST_DAY, LAST_DAY
from incidents.query.aggregate.units import Unit
from incidents.query.count import parts
from incidents.query.entries import EntryQuery, database
from incidents.query.moment import Moment
from incidents.schema.attributes import RANGE
from incidents.schema.incident import INCIDENT
from incidents.schema.kinds import index_column, listed
from incidents_api.parameters.errors import InvalidParametersError, parameter_error

MAX_KEYS = 3
MAX_GROUPS = 20_000
"""Groups of one answer, empty ones too; bounds the memory of a request."""

SUMMED = [name for name, parts in INCIDENT.figures.items() if all(leaf.field.index for leaf in parts.values())]
"""Ranges of figures that are added up, in the order of the document."""

FIGURES = tuple(index_column(leaf) for name in SUMMED for leaf in INCIDENT.figures[name].values())
"""Their columns of the entry: low, best and high of each."""

COUNT, SPANNING, SUMS = 0, 1, 2
"""Where a group's numbers are: count, spanning, then the sums of the figures, then how many incidents report each."""

Numbers = list[float]
"""Whole numbers are `int`."""

MANY = {"actor": "actor_ids", "source": "source_ids"}
"""Dimensions in which one incident may be in several groups → column of the entry."""

_COLUMNS = INCIDENT.grouped | MANY
DIMENSIONS = {name: _COLUMNS[name] for name in listed(_COLUMNS, INCIDENT.groups)}
"""What may be grouped by besides time → column of the entry."""

CODES = {"admin1": "admin1_code", "admin2": "admin2_code"}
"""Dimensions of regions → the dimension of their codes, which follows each."""

AROUND = {"admin1": ("country",), "admin2": ("country", "admin1")}
"""Columns that tell regions of one name apart."""

BEST = RANGE.index("best")
ORDERS = {"key": None, "count": COUNT} | {name: SUMS + len(RANGE) * at + BEST for at, name in enumerate(SUMMED)}
"""Name of an order → the number that it goes by."""

SPREADS = {
    "start": "In the unit in which the interval starts.",
    "every": "In each unit that the interval overlaps.",
    "within": "Only in a unit that contains the whole interval; otherwise in the group null.",
}
"""Where incidents of several units count → its meaning."""


class Window(NamedTuple):
    """First and last day of the requested window, if given."""

    first: int | None
    last: int | None


class Grouping(NamedTuple):
    """What to group by, and where an incident of several units counts."""

    unit: Unit | None
    dimensions: tuple[str, ...]
    spread: str
    own: Mapping[str, str] = MappingProxyType({})
    """Own fields of datasets among the dimensions → their SQL."""
    many: tuple[str, ...] = ()
    """Those of them of which an incident may have several values."""
    sums: tuple[tuple[str, str], ...] = ()
    """Own figures of datasets to be summed beside the casualties: name and SQL."""

    @property
    def coded(self) -> Grouping:
        """Return the grouping with the codes of regions, which no column of incidents holds."""
        names = (part for name in self.dimensions for part in (name, CODES.get(name, "")) if part)
        return self._replace(dimensions=tuple(names))

    @property
    def in_columns(self) -> Grouping:
        """Return the grouping by columns that tells regions of one name apart."""
        around = (part for name in self.dimensions for part in AROUND.get(name, ()))
        return self._replace(dimensions=tuple(dict.fromkeys([*self.dimensions, *around])))

    @property
    def figures(self) -> int:
        """Return how many figures are summed."""
        return len(FIGURES) + len(self.sums)

    @property
    def reported(self) -> int:
        """Return where the numbers of incidents that report a figure begin."""
        return SUMS + self.figures

    @property
    def zeros(self) -> Numbers:
        """Return the numbers of no incidents."""
        return [0] * (self.reported + self.figures)

    def column(self, name: str) -> str:
        """Return the SQL of a dimension."""
        return self.own.get(name) or DIMENSIONS[name]

    @property
    def name(self) -> str:
        """Keys of the grouping, as in the parameter `by`."""
        return ",".join([*([self.unit.name] if self.unit else []), *self.dimensions])

    @property
    def overlapping(self) -> list[str]:
        """Keys for which an incident can be in several groups."""
        return [name for name in self.dimensions if name in MANY or name in self.many]


class Group(NamedTuple):
    """One group: the number of its unit of time, if any, the values of its dimensions ("": none), and its numbers."""

    at: int | None
    values: tuple[str, ...]
    numbers: Numbers


def add(one: Numbers, other: Iterable[float]) -> Numbers:
    """Add the numbers of two groups, position by position."""
    return [a + b for a, b in zip(one, other, strict=True)]


def tally(query: EntryQuery, moment: Moment, grouping: Grouping, window: Window) -> list[Group]:
    """Groups by the unit in which incidents start (or that contains them); raises InvalidParametersError."""
    time = ""
    if grouping.unit:
        first = _clipped("day_from", "<", window.first if grouping.spread == "every" else None)
        time = f"CASE WHEN day_from = {FIRST_DAY} THEN NULL {{}}ELSE {grouping.unit.sql(first)} END"
        within = f"WHEN {_spans(grouping.unit)} THEN NULL "
        time = time.format(within if grouping.spread == "within" else "")
    return _groups(query, moment, grouping, time)


def tally_ends(query: EntryQuery, moment: Moment, grouping: Grouping, window: Window) -> list[Group]:
    """Groups by the unit in which incidents with a known start end, within the window."""
    last = LAST_DAY - 1 if window.last is None else window.last
    query = query.where(f"day_from > {FIRST_DAY} AND day_to <= %s", last)
    return _groups(query, moment, grouping, grouping.unit.sql("day_to") if grouping.unit else "")


def total(query: EntryQuery, moment: Moment, grouping: Grouping) -> Numbers:
    """Numbers of all matches, each incident counted once."""
    ((_, _, numbers),) = _groups(query, moment, grouping._replace(dimensions=()), "") or [Group(None, (), [])]
    return numbers or grouping.zeros


def too_many(grouping: Grouping, number: int, known: str = "") -> InvalidParametersError:
    """400 problem for a query with too many groups."""
    message = (
        f"The result would have {known}{number} groups; the maximum is {MAX_GROUPS}. "
        "Use fewer keys, or narrow the query."
    )
    return InvalidParametersError([parameter_error("by", grouping.name, message, code="too_many_results")])


def whole(number: Any) -> float:
    """Return a number of the database as `int` where it is whole; sums of own figures may not be."""
    return number if isinstance(number, int) else int(number) if number == int(number) else float(number)


def _clipped(day: str, sign: str, bound: int | None) -> str:
    return day if bound is None else f"(CASE WHEN {day} {sign} {bound} THEN {bound} ELSE {day} END)"


def _spans(unit: Unit) -> str:
    """SQL condition: an incident with a known start overlaps more than one unit."""
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
        Group(row[1] if timed else None, row[1 + timed : 1 + keys], [whole(number) for number in row[1 + keys :]])
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
    names = [f"key_{at}" if name in grouping.own else name for at, name in enumerate(grouping.dimensions)]
    columns += [
        f"{plain}{grouping.column(name)} AS {column}" for name, column in zip(grouping.dimensions, names, strict=True)
    ]
    columns += [
        f"{spanning} AS spanning",
        *FIGURES,
        *(f"{sql} AS own_{at}" for at, (_, sql) in enumerate(grouping.sums)),
    ]
    figures = [*FIGURES, *(f"own_{at}" for at in range(len(grouping.sums)))]
    found = parts(query, vendor)
    picked = " UNION ALL ".join(f"SELECT {', '.join(columns)} FROM {part.table} WHERE {part.sql()}" for part in found)
    params = [param for part in found for param in part.params]
    keys = [*(["unit"] if time else []), *names]
    sums = ["count(*) AS incidents", "coalesce(sum(spanning), 0) AS spanning"]
    sums += [f"coalesce(sum({figure}), 0) AS {figure}" for figure in figures]
    sums += [f"count({figure}) AS {figure}_reported" for figure in figures]
    sql = f"SELECT {', '.join([*keys, *sums])} FROM ({picked}) AS picked" + _group_by(keys)
    overlapping = [
        column for name, column in zip(grouping.dimensions, names, strict=True) if name in grouping.overlapping
    ]
    return (_parted(sql, keys, overlapping, figures, vendor) if overlapping else sql), params


def _parted(sql: str, keys: list[str], many: list[str], figures: list[str], vendor: str) -> str:
    """Statement that splits groups of several actors or sources into one group each."""
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
    numbers = ["incidents", "spanning", *figures, *(f"{figure}_reported" for figure in figures)]
    columns = [f"{named[name]} AS {name}" for name in keys] + [f"sum(joined.{name}) AS {name}" for name in numbers]
    return f"SELECT {', '.join(columns)} FROM {source}" + _group_by([named[name] for name in keys])


def _group_by(keys: list[str]) -> str:
    return f" GROUP BY {', '.join(keys)}" if keys else ""
