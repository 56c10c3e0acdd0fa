"""Where a row says it was: the named place, the areas that hold it, the point and how precise that is."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from incidents.fields import PUBLIC_ID_LENGTH, PUBLIC_ID_PATTERN
from incidents.loading.errors import BadCell
from incidents.loading.pipeline.row import RowCells, cached
from incidents.loading.profiles.cell_values import Cells, first_column
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.keys import PlaceKeys
from incidents.loading.slugs import fingerprint, fitted, slug
from incidents.loading.staging.parsed import PlaceFacts, Point
from incidents.models import Location

PlaceChain = tuple[PlaceFacts, ...]
"""A place after all that hold it, outermost first."""

NAME_LENGTH = Location._meta.get_field("name").max_length or 200


class ParsedLocation(NamedTuple):
    """The place after all that hold it, latitude and longitude, and the incident's own fields."""

    chain: PlaceChain
    point: Point | None
    fields: dict[str, Any]


NOWHERE = ParsedLocation((), None, {"location_precision": "unknown"})


class LocationReader:
    """Reads the place of a row and its point."""

    def __init__(self, keys: PlaceKeys, columns: HeaderColumns) -> None:
        self._radius_km = keys.radius_km
        # Points differ more often than names: the place is cached by what names it alone.
        self._chain = cached(columns, lambda own: PlaceChainReader(keys, own).read)
        self._precision = keys.precision.bind(columns)
        self._columns = [first_column(value) for value in (keys.latitude, keys.longitude)]
        self._latitude, self._longitude = keys.latitude.bind(columns), keys.longitude.bind(columns)
        self._both = keys.point.bind(columns) if "point" in keys.model_fields_set else None

    def read(self, row: RowCells) -> ParsedLocation:
        """Return where a row says it was."""
        precision = row.get(self._precision)
        fields = {"location_precision": precision, "radius_km": self._radius_km.get(precision)}
        return ParsedLocation(self._chain(row), self._point(row), fields)

    def _point(self, row: RowCells) -> Point | None:
        if self._both is not None:
            point: Point | None = row.get(self._both)
            return point
        before = len(row.problems)
        latitude, longitude = row.get(self._latitude), row.get(self._longitude)
        if latitude is not None and longitude is not None:
            return latitude, longitude
        if (latitude is None) != (longitude is None) and len(row.problems) == before:
            lacking = self._columns[latitude is not None]
            row.fault(lacking, "", "both latitude and longitude, or neither")
        return None


class PlaceChainReader:
    """Reads the named place of a row after all that hold it; one called like the area that holds it is that area.

    Its id is made of the folded names of all that holds it, so it depends on neither letter case nor order of rows.
    """

    def __init__(self, keys: PlaceKeys, columns: HeaderColumns) -> None:
        self._levels = [(level, value.bind(columns)) for level, value in keys.levels.items()]
        self._name, self._kind = keys.name.bind(columns), keys.kind.bind(columns)
        self._country_code = keys.country_code.bind(columns)
        self._column = first_column(keys.name)
        self._ids = [(field, value.bind(columns), first_column(value)) for field, value in keys.ids.items()]

    def read(self, row: RowCells) -> PlaceChain:
        """Return the places, none where the row names none."""
        return row.get(self._chain) or ()

    def _chain(self, cells: Cells) -> PlaceChain:
        name, code = self._name(cells), self._country_code(cells)
        steps = [(level, text) for level, read in self._levels if (text := read(cells))]
        if code and not (steps and steps[0][0] == "country"):
            steps.insert(0, ("country", code))
        if name and not (steps and slug(name) == slug(steps[-1][1])):
            steps.append((self._kind(cells), name))
        chain: list[PlaceFacts] = []
        path: list[str] = []
        for level, text in steps:
            if len(text) > NAME_LENGTH:
                raise BadCell(self._column, text, f"a name of at most {NAME_LENGTH} characters")
            named = code if level == "country" and code else text
            path.append(slug(named) or fingerprint(named))
            chain.append(PlaceFacts(fitted("-".join(path)), text, level, chain[-1].id if chain else "", code))
        if self._ids and (ids := self._given_ids(cells)):
            if not name:
                raise BadCell(self._column, "", "a name: the row gives an id of its place")
            chain[-1] = chain[-1]._replace(id=_identified(chain[-1].id, ids), ids=ids)
        return tuple(chain)

    def _given_ids(self, cells: Cells) -> tuple[tuple[str, str | int], ...]:
        given = []
        for field, read, column in self._ids:
            value = read(cells)
            if value in (None, "", 0):
                continue
            if field == "public_id" and not (len(value) <= PUBLIC_ID_LENGTH and re.match(PUBLIC_ID_PATTERN, value)):
                raise BadCell(column, value, "an id of a place, like ukr-luhansk-oblast")
            given.append((field, value))
        return tuple(given)


def _identified(names: str, ids: tuple[tuple[str, str | int], ...]) -> str:
    """Return the id of a place that a row gives an id of: two of one name are two."""
    given = dict(ids)
    own = given.pop("public_id", "")
    return str(own) if own else fitted("-".join([names, *(slug(str(value)) for value in given.values())]))
