"""Where a row says it was: the named place, the areas that hold it, the point and how precise that is."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from incidents.fields import PUBLIC_ID_LENGTH, PUBLIC_ID_PATTERN
from incidents.loading.errors import BadCell
from incidents.loading.files.header import Columns
from incidents.loading.pipeline.parsed import PlaceFacts, Point
from incidents.loading.pipeline.row import Row, remembering
from incidents.loading.pipeline.slugs import fingerprint, fitted, slug
from incidents.loading.profiles.expressions import Cells, first_column
from incidents.loading.profiles.parts import PlaceForm
from incidents.models import Location

Chain = tuple[PlaceFacts, ...]
NAME_LENGTH = Location._meta.get_field("name").max_length or 200


class Where(NamedTuple):
    """The place after all that hold it, outermost first; latitude and longitude; the incident's own fields."""

    chain: Chain
    point: Point | None
    fields: dict[str, Any]


NOWHERE = Where((), None, {"location_precision": "unknown"})


class Places:
    """Reads the place of a row; one that is called like the area that holds it is that area.

    Its id is made of the folded names of all that holds it, so it depends on neither letter case nor order of rows.
    """

    def __init__(self, form: PlaceForm, columns: Columns) -> None:
        self._radius_km = form.radius_km
        # Points differ more often than names: the place is remembered by what names it alone.
        self._chain = remembering(columns, lambda names: Chains(form, names).read)
        self._precision = form.precision.bind(columns)
        self._columns = [first_column(value) for value in (form.latitude, form.longitude)]
        self._latitude, self._longitude = form.latitude.bind(columns), form.longitude.bind(columns)

    def read(self, row: Row) -> Where:
        """Return where a row says it was."""
        precision = row.get(self._precision)
        fields = {"location_precision": precision, "radius_km": self._radius_km.get(precision)}
        return Where(self._chain(row), self._point(row), fields)

    def _point(self, row: Row) -> Point | None:
        before = len(row.problems)
        latitude, longitude = row.get(self._latitude), row.get(self._longitude)
        if latitude is not None and longitude is not None:
            return latitude, longitude
        if (latitude is None) != (longitude is None) and len(row.problems) == before:
            lacking = self._columns[latitude is not None]
            row.fault(lacking, "", "both latitude and longitude, or neither")
        return None


class Chains:
    """Reads the named place of a row after all that hold it."""

    def __init__(self, form: PlaceForm, columns: Columns) -> None:
        self._levels = [(level, value.bind(columns)) for level, value in form.levels.items()]
        self._name, self._kind = form.name.bind(columns), form.kind.bind(columns)
        self._country_code = form.country_code.bind(columns)
        self._named = first_column(form.name)
        self._ids = [(field, value.bind(columns), first_column(value)) for field, value in form.ids.items()]

    def read(self, row: Row) -> Chain:
        """Return the places, outermost first, none where the row names none."""
        return row.get(self._chain) or ()

    def _chain(self, cells: Cells) -> Chain:
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
                raise BadCell(self._named, text, f"a name of at most {NAME_LENGTH} characters")
            path.append(_step(code if level == "country" and code else text))
            chain.append(PlaceFacts(fitted("-".join(path)), text, level, chain[-1].id if chain else "", code))
        if self._ids and (ids := self._given(cells)):
            if not name:
                raise BadCell(self._named, "", "a name: the row gives an id of its place")
            chain[-1] = chain[-1]._replace(id=_identified(chain[-1].id, ids), ids=ids)
        return tuple(chain)

    def _given(self, cells: Cells) -> tuple[tuple[str, str | int], ...]:
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


def _step(text: str) -> str:
    return slug(text) or fingerprint(text)
