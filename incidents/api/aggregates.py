"""`incidents/aggregate/`: what the incidents of each group add up to, as JSON and as a tidy CSV table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseBase
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.warnings import say, warnings_of
from incidents.exports.workbook import XLSX
from incidents.query.aggregate import coverage
from incidents.query.aggregate import groups as answer
from incidents.query.aggregate.coverage import STATES, Watched
from incidents.query.aggregate.filters import OF_A_RESULT, AggregateFilterSet
from incidents.query.aggregate.groups import Answer
from incidents.query.aggregate.labels import LABELLED, labels
from incidents.query.aggregate.tally import CODES, COUNT, FIGURES, SPANNING, SUMMED, SUMS, Group, Numbers, Window
from incidents.query.aggregate.units import UNITS, Unit
from incidents.query.moment import Moment, last_total
from incidents.schema.attributes import RANGE
from incidents.tables.cells import joined, neutral
from incidents.tables.spreadsheets import LONGEST_CELL, LongCellError, SheetWriter
from incidents_api.parameters.errors import InvalidParametersError, parameter_error
from incidents_api.rest import caching, deferring
from incidents_api.rest.renderers import BrowsableRenderer, JSONRenderer

FEW = 5_000
"""Incidents that a thread may add up; of more, a process does it."""
LAST_DAY = date.max.toordinal()
PLACES = {
    name: [(bound, len(RANGE) * at + place) for place, bound in enumerate(RANGE)] for at, name in enumerate(SUMMED)
}
"""Ranges that are added up → where in the order of figures each of their bounds is."""


class GroupsCSVRenderer(BaseRenderer):
    """A table that the view has written already."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Pass the bytes on: the view has encoded them already."""
        return bytes(data or b"")


class GroupsXLSXRenderer(GroupsCSVRenderer):
    """A workbook that the view has written already."""

    media_type = XLSX.media_type
    format = "xlsx"
    charset = None  # type: ignore[assignment]  # it is no text


if TYPE_CHECKING:  # which imports this
    from incidents.api.ledger_viewset import LedgerViewSet
else:
    LedgerViewSet = object


class AggregateMixin(LedgerViewSet):
    """Adds `aggregate/` to the viewset of incidents."""

    filterset_classes = {"aggregate": AggregateFilterSet}

    @action(detail=False, renderer_classes=[JSONRenderer, GroupsCSVRenderer, GroupsXLSXRenderer, BrowsableRenderer])
    def aggregate(self, request: Request, **_: Any) -> HttpResponseBase:
        """Count incidents by group and add up their casualties.

        A sum of casualties is null if none of the incidents in the group reports the figure; `reported` has the number
        of incidents that do. An incident with several actors or sources counts once for each of them, so such groups
        can add up to more than `total`, in which every incident counts once. `spanning` is the number of incidents in
        the group whose interval overlaps more than one time unit.
        """
        filterset = self._read(request)
        moment = self._moment(filterset)
        etag = self._etag(request, moment)
        if caching.is_known(request, etag):
            return caching.not_modified(etag, pinned=moment.pinned)
        if deferring.is_deferrable(request) and last_total() > FEW:
            return deferring.Deferred("question")
        query = caching.canonical_query(request, *OF_A_RESULT, "as_of")
        key = f"groups:{caching.digest(moment.at, moment.redacted, query)}"
        table = _Table(filterset, moment, key)
        response = Response(table.written_as(str(request.accepted_renderer.format)))
        if isinstance(request.accepted_renderer, GroupsCSVRenderer):
            name = f"aggregate-{moment.at}.{request.accepted_renderer.format}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            response["X-As-Of"] = str(moment.at)
            say(response, table.warnings)
        return caching.cacheable(response, etag, pinned=moment.pinned)


class _Table:
    """One answer, in the making."""

    def __init__(self, filterset: AggregateFilterSet, moment: Moment, key: str) -> None:
        values = filterset.values
        self.by: list[str] = values.get("by", [])
        self.moment = moment
        self._units: dict[int | None, dict[str, Any]] = {}
        self.grouping = filterset.grouping()
        self.unit: Unit | None = self.grouping.unit
        after, before = values.get("date_after"), values.get("date_before")
        window = Window(after and after.toordinal(), before and before.toordinal())
        self.made: Answer = answer.answer(filterset.qs, moment, self.grouping, window, key)
        groups = answer.filled(self.made, self.grouping) if "fill" in values else self.made.groups
        self.groups = answer.ordered(groups, self.grouping, self.by, values.get("ordering", "key"))
        self.warnings = warnings_of(filterset, moment, found=bool(self.made.total[COUNT]))
        self.watched: list[Watched] | None = None
        if "coverage" in values and self.unit:
            self.watched = coverage.watched(values.get("dataset"), moment, self.unit, self.made.units())

    @property
    def figures(self) -> list[str]:
        """Return the names of all figures that are added up."""
        return [*FIGURES, *(name for name, _ in self.grouping.sums)]

    def written_as(self, written: str) -> Any:
        """The response in a format: bytes of a file, or a dict."""
        match written:
            case "csv":
                return self.csv()
            case "xlsx":
                return self.xlsx()
        return self.json()

    def json(self) -> dict[str, Any]:
        """The response as a dict, in the shape of `AggregateShape`."""
        body: dict[str, Any] = {
            "as_of": self.moment.at,
            "warnings": self.warnings,
            "by": self.by,
            "spread": self.grouping.spread if self.unit else None,
            "overlapping": self.grouping.overlapping,
            "groups": len(self.groups),
            "total": self._numbers(self.made.total),
            "results": [self._keys(group) | self._numbers(group.numbers) for group in self.groups],
        }
        if labels := self._labels():
            body["labels"] = labels
        if self.watched is not None:
            body["coverage"] = [self._unit(each.at) | {"dataset": each.dataset} | each.sources for each in self.watched]
        return body

    def _labels(self) -> dict[str, dict[str, str]]:
        """What the values of each key that has labels are called."""
        dimensions = self.grouping.coded.dimensions
        at = {name: dimensions.index(name) for name in self.by if name in LABELLED}
        return {
            name: labels(name, (group.values[place] for group in self.groups), self.moment)
            for name, place in at.items()
        }

    def csv(self) -> bytes:
        """The groups as rows of a table, column names first."""
        file = io.StringIO(newline="")
        csv.writer(file).writerows([self._names(), *self._rows()])
        return file.getvalue().encode()

    def xlsx(self) -> bytes:
        """The same table as a workbook of one sheet; raises InvalidParametersError for a text that is too long."""
        file, names = io.BytesIO(), self._names()
        try:
            with SheetWriter(file, "aggregate", len(names)) as sheet:
                sheet.write([names])
                sheet.write(self._rows())
        except LongCellError as error:
            message = f"{names[error.column]} is longer than {LONGEST_CELL:,} characters. Use csv."
            raise InvalidParametersError(
                [parameter_error("format", "xlsx", message, code="too_many_results")]
            ) from error
        return file.getvalue()

    def _names(self) -> list[str]:
        return [
            *(column for name in self.by for column in _columns(name)),
            "count",
            *(["spanning"] if self.unit else []),
            *self.figures,
            *(f"{figure}_reported" for figure in self.figures),
            *([f"sources_{state}" for state in STATES] if self.watched is not None else []),
        ]

    def _rows(self) -> Iterator[list[Any]]:
        watched, labelled = self._watched_by_group(), self._labels()
        for group in self.groups:
            numbers = group.numbers
            row: list[Any] = []
            for name, value in self._keys(group).items():
                row.append(neutral(value))
                if name in labelled:
                    row.append(neutral(labelled[name].get(value)))
            row.append(numbers[COUNT])
            if self.unit:
                row.append(numbers[SPANNING])
            row += [self._sum(numbers, at) for at in range(len(self.figures))]
            row += numbers[self.grouping.reported :]
            yield [*row, *watched(group)]

    def _watched_by_group(self) -> Any:
        """Function for the coverage cells of a group: sources of its dataset, or of all as dataset:source."""
        if self.watched is None:
            return lambda group: ()
        at_dataset = self.grouping.coded.dimensions.index("dataset") if "dataset" in self.by else None
        told: dict[tuple[int, str | None], list[list[str]]] = {}
        for each in self.watched:
            cells = told.setdefault((each.at, each.dataset if at_dataset is not None else None), [[] for _ in STATES])
            for cell, state in zip(cells, STATES, strict=True):
                cell += [f"{each.dataset}:{source}" for source in each.sources[state]]

        def cells_of(group: Group) -> Iterable[str]:
            dataset = group.values[at_dataset] if at_dataset is not None else None
            none: list[list[str]] = [[] for _ in STATES]
            return [joined(cell) for cell in (told.get((group.at, dataset), none) if group.at is not None else none)]

        return cells_of

    def _keys(self, group: Group) -> dict[str, Any]:
        values = iter(group.values)
        found: dict[str, Any] = {}
        for name in self.by:
            found |= self._unit(group.at) if name in UNITS else {name: next(values) or None}
            if name in CODES:
                found[CODES[name]] = next(values) or None
        return found

    def _unit(self, at: int | None) -> dict[str, Any]:
        """A time unit with its first and last day; cached, because many groups share it."""
        if at not in self._units:
            self._units[at] = _told(self.unit, at) if self.unit else {}
        return self._units[at]

    def _numbers(self, numbers: Numbers) -> dict[str, Any]:
        found: dict[str, Any] = {"count": numbers[COUNT]}
        if self.unit:
            found["spanning"] = numbers[SPANNING]
        for what, places in PLACES.items():
            told: dict[str, Any] = {bound: self._sum(numbers, place) for bound, place in places}
            told["reported"] = {bound: numbers[self.grouping.reported + place] for bound, place in places}
            found[what] = told
        if self.grouping.sums:
            found["sums"] = {
                name: {"sum": self._sum(numbers, place), "reported": numbers[self.grouping.reported + place]}
                for place, (name, _) in enumerate(self.grouping.sums, len(FIGURES))
            }
        return found

    def _sum(self, numbers: Numbers, figure: int) -> float | None:
        """Return the sum of a figure: null where there are incidents and none reports it, 0 where there are none."""
        reported = numbers[self.grouping.reported + figure]
        return None if numbers[COUNT] and not reported else numbers[SUMS + figure]


def _columns(key: str) -> tuple[str, ...]:
    """Columns of a key of groups."""
    if key in UNITS:
        return (key, "start", "end")
    return (key, *([f"{key}_label"] if key in LABELLED else []), *([CODES[key]] if key in CODES else []))


def _told(unit: Unit, at: int | None) -> dict[str, Any]:
    if at is None:
        return {unit.name: None, "start": None, "end": None}
    first, last = unit.first(at), min(unit.last(at), LAST_DAY)
    days = {"start": date.fromordinal(first).isoformat(), "end": date.fromordinal(last).isoformat()}
    return {unit.name: unit.label(at), **days}
