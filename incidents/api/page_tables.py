"""The table that the page of a list shows beside its JSON: for each kind, a few columns for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.urls import reverse

from incidents.schema.terms import licence_of
from incidents.vocabulary import EVENT_SUBTYPES, EVENT_TYPES

Document = Mapping[str, Any]

FORM_GROUPS: Mapping[str, tuple[str, ...]] = {
    "When": ("date_after", "date_before", "date_match", "date_precision"),
    "Where": (
        *("location", "country", "admin1", "admin2", "bbox", "near", "radius_km", "within", "location_precision"),
        "parent",
    ),
    "What": ("event_type", "event_subtype", "kind", "q", "target", "tag"),
    "Who": ("actor", "actor_role"),
    "How many": ("killed_min", "killed_max", "injured_min", "injured_max"),
    "According to whom": ("source", "source_kind", "min_sources"),
    "Which records": (
        *("dataset", "id", "exclude_id", "published_after", "first_published_after", "first_published_before"),
        *("query", "as_of"),
    ),
    "Groups": ("by", "spread", "fill", "sum", "coverage"),
    "The response": ("ordering", "limit", "fields", "count", "profile", "hxl", "bom"),
}
"""Groups of the form of a list, in their order, and the parameters in each; other parameters come last."""

NOT_STATED = "not stated"
LONGEST = 300
"""Characters of a cell; the JSON below has the rest."""
WIDE = 60


class Cell(NamedTuple):
    """One cell: what it says, where it leads, and whether it is a number."""

    text: str
    url: str = ""
    is_number: bool = False
    is_lacking: bool = False

    @property
    def style(self) -> str:
        """Class of the cell: numbers stand to the right, and a long text has room on small screens."""
        return "number" if self.is_number else "bad" if self.is_lacking else "long" if len(self.text) > WIDE else ""


class Column(NamedTuple):
    """A column: its heading, the fields that it needs, and its cells."""

    heading: str
    fields: tuple[str, ...]
    cell: Callable[[Document], Cell]


class Table(NamedTuple):
    """Headings and rows; the first cell of a row names the record."""

    columns: list[Column]
    rows: list[list[Cell]]


def table_of(kind: str, documents: Iterable[Document]) -> Table | None:
    """Table of the documents of a page, with the columns whose fields they have; None without any."""
    documents = [each for each in documents if isinstance(each, dict) and "id" in each]
    columns = [each for each in COLUMNS[kind] if documents and all(name in documents[0] for name in each.fields)]
    if len(columns) < 2:
        return None
    address = f"{kind}-detail"
    rows = [[_named(document, address), *(each.cell(document) for each in columns[1:])] for document in documents]
    return Table(columns, rows)


def _named(document: Document, address: str) -> Cell:
    return Cell(document["id"], reverse(address, args=[document["id"]]))


def _text(value: Any) -> Cell:
    text = "" if value is None else str(value)
    return Cell(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def _plain(heading: str, name: str) -> Column:
    return Column(heading, (name,), lambda document: _text(document[name]))


def _stated(heading: str, name: str, stated: Callable[[str], str] = str.strip) -> Column:
    def cell(document: Document) -> Cell:
        text = stated(document[name] or "")
        return _text(text) if text else Cell(NOT_STATED, is_lacking=True)

    return Column(heading, (name,), cell)


def _days(document: Document) -> Cell:
    date = document["date"]
    days = dict.fromkeys(day or "…" for day in (date["start"], date["end"]))
    return Cell("unknown" if list(days) == ["…"] else " – ".join(days))


def _event(document: Document) -> Cell:
    subtype, kind = document.get("event_subtype"), document["event_type"]
    return Cell(EVENT_SUBTYPES[subtype].label if subtype else EVENT_TYPES[kind].label)


def _place(document: Document) -> Cell:
    place = document["location"]
    return Cell(", ".join(dict.fromkeys(place[part] for part in ("name", "admin1", "country") if place[part])))


def _figure(what: str) -> Callable[[Document], Cell]:
    def cell(document: Document) -> Cell:
        best = document["casualties"][what]["best"]
        return Cell("–" if best is None else str(best), is_number=True)

    return cell


def _sources(document: Document) -> Cell:
    names = dict.fromkeys(report["source"]["name"] for report in document["reports"])
    return _text(", ".join(names))


_ID = Column("Id", ("id",), lambda document: Cell(document["id"]))

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "incident": (
        _ID,
        Column("Date", ("date",), _days),
        Column("Event", ("event_type",), _event),
        Column("Place", ("location",), _place),
        _plain("Summary", "summary"),
        Column("Killed", ("casualties",), _figure("killed")),
        Column("Injured", ("casualties",), _figure("injured")),
        Column("Sources", ("reports",), _sources),
    ),
    "location": (
        _ID,
        _plain("Name", "name"),
        _plain("Type", "kind"),
        _plain("First level", "admin1"),
        _plain("Country", "country"),
        _plain("Latitude", "latitude"),
        _plain("Longitude", "longitude"),
    ),
    "source": (
        _ID,
        _plain("Name", "name"),
        _plain("Type", "kind"),
        _plain("Language", "language"),
        _plain("Country", "country"),
    ),
    "actor": (_ID, _plain("Name", "name"), _plain("Type", "kind"), _plain("Country", "country")),
    "dataset": (
        _ID,
        _plain("Name", "name"),
        _stated("Licence", "licence", lambda text: licence_of(text).name),
        _stated("Attribution", "attribution"),
        _plain("Version", "version"),
    ),
}
