"""The tables themselves: the columns that fields declare, and those that are made of several fields."""

from __future__ import annotations

from collections.abc import Iterable

from incidents.schema import KINDS
from incidents.schema.common import NONE
from incidents.schema.kinds import listed
from incidents.tables.columns import Column, Table, column

GATHERED = {
    "incident": (
        Column(
            "actor_names",
            ("actors",),
            "list",
            "Names of the actors, read-only; see `actors`.",
            NONE,
            hxl="#group+name+list",
            gathered=("name",),
            editable=False,
        ),
        Column(
            "source_names",
            ("reports",),
            "list",
            "Names of the sources that report it, without duplicates, read-only; see `reports`.",
            NONE,
            hxl="#meta+source+name+list",
            gathered=("source", "name"),
            editable=False,
        ),
    )
}
"""By kind."""

POINT = ("longitude", "latitude")
"""The columns of a table with points."""


def _table(kind: str, gathered: Iterable[Column]) -> Table:
    found = {each.name: each for each in (*map(column, KINDS[kind].columns), *gathered)}
    columns = tuple(found[name] for name in listed(found, KINDS[kind].table))
    return Table(kind, columns, point=POINT if found.keys() >= set(POINT) else None)


TABLES: dict[str, Table] = {kind: _table(kind, GATHERED.get(kind, ())) for kind in KINDS}
"""By kind of record."""
