"""The forms in which answers can be had besides JSON: each has an address and an operation of its own.

The JSON addresses take `format`, `fields` and `profile` too and answer in the same forms; but an operation of the
OpenAPI documents has one form, so that a generated client has one type for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.codebook.profiles import EXPORT_PROFILES
from incidents.exports.formats import Format
from incidents.exports.parquet import Parquet
from incidents.exports.text_formats import CSV, NDJSON, GeoJSON, NestedGeoJSON
from incidents.exports.workbook import XLSX
from incidents.tables import TABLES

FORMATS: tuple[type[Format], ...] = (CSV, NDJSON, GeoJSON, NestedGeoJSON, Parquet, XLSX)
"""The formats of every list."""

ITEM_FORMATS: tuple[type[Format], ...] = (GeoJSON, NestedGeoJSON)
"""The formats of a single record that has a point."""

SHAPING = frozenset({"format", "profile", "fields", "hxl", "bom"})
"""Parameters that choose the form of an answer. An operation declares those that leave its form as it is."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A form of what an action of a viewset answers."""

    action: str
    name: str
    """Ends the operation id: `csv` in incidents_csv."""
    suffix: str
    """Ends the address: `csv` in incidents.csv."""
    summary: str
    """Ends the title of the operation: `as CSV`."""
    written: str = "json"
    """The format, as in the parameter `format`."""
    profile: str = ""
    """The dataset in whose columns the records are."""
    is_partial: bool = False
    """True if every field but the id may be missing."""
    takes: frozenset[str] = frozenset()
    """Parameters of `SHAPING` that the operation declares."""

    @property
    def format(self) -> type[Format] | None:
        """The export format; None for JSON."""
        return next((each for each in FORMATS if each.format == self.written), None)


def _of_format(written: type[Format], said: str, *takes: str) -> Representation:
    return Representation(
        "list", str(written.format), str(written.format), said, written.format, takes=frozenset(takes)
    )


FIELDS = frozenset({"fields"})
CHOSEN = Representation("list", "list_fields", "fields.json", "with chosen fields", is_partial=True, takes=FIELDS)
OF_LISTS = (
    CHOSEN,
    _of_format(CSV, "as CSV", "fields", "hxl", "bom"),
    _of_format(NDJSON, "as NDJSON", "fields"),
    _of_format(Parquet, "as Parquet", "fields"),
    _of_format(XLSX, "as a workbook", "fields", "hxl"),
)
NESTED = "geojson_nested"
GEOJSON = Representation("list", "geojson", "geojson", "as GeoJSON", "geojson", takes=FIELDS)
NESTED_GEOJSON = Representation("list", NESTED, "nested.geojson", "as GeoJSON with whole documents", "nested.geojson")
ITEM = Representation("retrieve", "retrieve_fields", "fields.json", "with chosen fields", is_partial=True, takes=FIELDS)
ITEM_GEOJSON = Representation("retrieve", "retrieve_geojson", "geojson", "as GeoJSON", "geojson", takes=FIELDS)
NESTED_ITEM = Representation(
    "retrieve", f"retrieve_{NESTED}", "nested.geojson", "as GeoJSON with the whole document", "nested.geojson"
)
OF_AGGREGATES = (
    Representation("aggregate", "aggregate_csv", "csv", "as CSV", "csv"),
    Representation("aggregate", "aggregate_xlsx", "xlsx", "as a workbook", "xlsx"),
)


def _in_columns(profile: str) -> Iterable[Representation]:
    name = profile.replace("-", "_")
    said = f"in the columns of {EXPORT_PROFILES[profile].title}"
    yield Representation("list", name, f"{profile}.json", said, profile=profile)
    yield Representation(
        "list", f"{name}_csv", f"{profile}.csv", f"{said}, as CSV", "csv", profile, takes=frozenset({"bom"})
    )


OF_PROFILES = tuple(each for profile in EXPORT_PROFILES for each in _in_columns(profile))


def representations(kind: str) -> tuple[Representation, ...]:
    """The forms of the answers about a kind of record, in the order of their addresses."""
    has_point = TABLES[kind].point is not None
    found = [*OF_LISTS, *([GEOJSON, NESTED_GEOJSON] if has_point else [])]
    found += [ITEM, *([ITEM_GEOJSON, NESTED_ITEM] if has_point else [])]
    return (*found, *OF_PROFILES, *OF_AGGREGATES) if kind == "incident" else tuple(found)
