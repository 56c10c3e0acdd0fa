"""Rows that belong together: those with one id are one incident, however far apart they lie in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import orjson

from incidents.loading.errors import BadRow, RowFault
from incidents.loading.pipeline.actors import BOUNDS
from incidents.loading.pipeline.refused_names import RefusedNames
from incidents.loading.profiles.cell_values import first_column
from incidents.loading.profiles.keys import IncidentKeys
from incidents.loading.staging.parsed import ReportFacts, StagedRow, addresses_of, as_stored
from incidents.text_checks import LONG_TEXT, length_expected

JOINED = "; "
"""Between the different texts of a column that is gathered in `extra`."""

REMARK = "date_remark"
_NOTHING: tuple[Any, ...] = (None, "", [])


class Part(NamedTuple):
    """A row of an incident, or `row` None: it cannot be loaded, and neither can what it belongs to."""

    line: int
    id: str
    row: StagedRow | None


class Gatherer:
    """Makes one row of those with one id: figures that the profile sums are summed, lists gathered, all else agrees."""

    def __init__(self, keys: IncidentKeys, refused: RefusedNames) -> None:
        self._refused = refused
        self._id_column = keys.id.first
        self._sums = {
            f"{name}_{bound}"
            for name, each in (("killed", keys.killed), ("injured", keys.injured))
            if each.rows == "sum"
            for bound in BOUNDS
        }
        self._joined = frozenset((*keys.extra.gathered, *(keys.reports.kept_as if keys.reports else ())))
        self._columns = {
            "summary": first_column(keys.summary),
            "date_start": first_column(keys.date.start),
            "date_end": first_column(keys.date.end),
            **{f"killed_{bound}": first_column(getattr(keys.killed, bound)) for bound in BOUNDS},
            **{f"injured_{bound}": first_column(getattr(keys.injured, bound)) for bound in BOUNDS},
        }

    def each(self, parts: Iterator[Part]) -> Iterator[tuple[int, StagedRow | BadRow]]:
        """Yield the incidents of rows that are in order of their ids, each with the number of its rows."""
        for public_id, same in groupby(parts, key=attrgetter("id")):
            merging, bad, count = _Merging(self._sums, self._joined), list[int](), 0
            for part in same:
                if part.row is None:
                    bad.append(part.line)
                else:
                    merging.add(part.row)
                    count += 1
            if merging.first is None:
                continue  # each of its rows has been reported
            faults = [each._replace(column=self._columns.get(each.column) or each.column) for each in merging.faults()]
            if bad:
                expected = f"an incident whose rows can all be loaded; line {bad[0]} cannot"
                faults = [RowFault(merging.first.line, self._id_column, public_id, expected)]
            for place in merging.places if faults else ():
                self._refused.add(merging.merged()._replace(place=place))
            yield count, BadRow(faults, public_id) if faults else merging.merged()


class _Merging:
    """The rows of one incident, one after the other; only what they say together is in memory."""

    def __init__(self, sums: set[str], joined: frozenset[str]) -> None:
        self._sums, self._joined = sums, joined
        self.first: StagedRow | None = None
        self.conflicts: list[RowFault] = []
        self.places: set[str] = set()
        self._told: dict[str, int] = {}
        """The line that first told each value."""

        self._is_one = True
        self._texts: dict[str, list[str]] = {}

    def add(self, row: StagedRow) -> None:
        """Take up a row."""
        _, fields, place, point, roles, reports = orjson.loads(row.facts)
        said = {"place": place, "point": point}
        self.places.add(place)
        if self.first is None:
            self.first = row
            self._fields, self._said = fields, said
            self._roles = {orjson.dumps(each): each for each in roles}
            self._reports = {str(each[0]): each for each in reports}
            self._texts = {name: [text] for name in self._joined if (text := fields["extra"].get(name))}
            self._told = {name: row.line for name, value in fields.items() if value not in (None, "")}
            return
        self._is_one = False
        self._roles |= {orjson.dumps(each): each for each in roles}
        self._reports = {str(each[0]): each for each in reports} | self._reports
        self._merge(self._said, said, row.line, "")
        self._merge(self._fields, fields, row.line, "")

    def faults(self) -> list[RowFault]:
        """Return what the rows contradict each other in, and what is too long together."""
        line = self.first.line if self.first else 0
        too_long = [
            RowFault(line, name, text, length_expected(LONG_TEXT, len(text)))
            for name, texts in self._texts.items()
            if len(text := JOINED.join(texts)) > LONG_TEXT
        ]
        return self.conflicts + too_long

    def merged(self) -> StagedRow:
        """Return the incident as one row, its lists in an order that does not depend on that of the rows."""
        first = self.first
        if first is None:
            raise ValueError("nothing was added")
        if self._is_one:
            return first
        extra = self._fields["extra"] | {name: JOINED.join(sorted(texts)) for name, texts in self._texts.items()}
        self._fields["extra"] = dict(sorted(extra.items(), key=as_stored))
        roles = sorted(self._roles.values(), key=repr)
        reports = [self._reports[each] for each in sorted(self._reports)]
        place, point, start = self._said["place"], self._said["point"], self._fields["date_start"]
        said = (first.line, self._fields, place, point, roles, reports)
        return first._replace(
            day=date.fromisoformat(start).toordinal() if start else 0,
            place=place,
            point=tuple(point) if point else None,
            actors=tuple(each[0] for each in roles),
            reports=tuple(each[0] for each in reports),
            sources=tuple(each[1] for each in reports),
            facts=orjson.dumps(said),
            addresses=addresses_of(map(ReportFacts._make, reports)),
        )

    def _merge(self, into: dict[str, Any], said: Mapping[str, Any], line: int, path: str) -> None:
        for name, value in said.items():
            before = into.get(name)
            if name in ("extra", "attributes") and not path:
                self._merge(into.setdefault(name, {}), value, line, name)
            elif path == "extra" and name in self._joined:
                texts = self._texts.setdefault(name, [])
                texts += [value] if value not in texts else []
            else:
                into[name] = self._both(name, before, value, line)

    def _together(self, name: str, before: Any, value: Any) -> Any:
        """Return what two values are together, None if they contradict each other."""
        if name in self._sums:
            return before + value
        if value == before:
            return before
        if isinstance(value, list) and name != "point":
            return sorted({*before, *value})
        # Remarks do not contradict each other: the same one is kept, whatever the order of the rows.
        return (before or value) if isinstance(value, bool) else min(before, value) if name == REMARK else None

    def _both(self, name: str, before: Any, value: Any, line: int) -> Any:
        """Return what two rows say together; where they differ, the first, and a conflict more."""
        if before in _NOTHING or value in _NOTHING:
            self._told.setdefault(name, line)
            return value if before in _NOTHING else before
        if (both := self._together(name, before, value)) is not None:
            return both
        first = self._told.get(name) or (self.first.line if self.first else line)
        expected = f"what line {first} of the same incident says, {_shown(before)}"
        self.conflicts.append(RowFault(line, name, _shown(value), expected))
        return before


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
