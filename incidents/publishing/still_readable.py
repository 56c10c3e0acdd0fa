"""What stays readable when a publication makes a record coarser than it was published before.

A publication by itself never changes earlier ones. Whoever holds back a place or a day that is public already publishes
the coarse and the precise values side by side: the precise ones stay in `revisions/`, `changes/`, every earlier
`as_of`, releases, mirrors and copies. A reduction replaces them by the coarse ones, a redaction takes them out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from incidents.ledger.denormalisation import Document, is_generalised
from incidents.ledger.models import Revision
from incidents.publishing.changed_names import changed_names
from incidents.publishing.generalise import WITHHELD_TEXT
from incidents.schema.attributes import declared_by
from incidents.schema.fields import Field
from incidents.schema.incident import INCIDENT
from incidents.vocabulary.precisions import DATE_DISCLOSURES, PLACE_DISCLOSURES

Point = tuple[float | None, float | None]
"""Latitude and longitude, in degrees."""

PLACE_LEVELS, DATE_LEVELS = list(PLACE_DISCLOSURES), list(DATE_DISCLOSURES)
PLACE_LEVEL_OF = {"admin2": 1, "admin1": 2, "landscape": 2, "country": 3, "international": 3, "unknown": 3}
DATE_LEVEL_OF = {"month": 1, "year": 2, "unknown": 2}
"""The level of disclosure that a precision amounts to; a finer one holds nothing back."""


def _may_be_withheld(field: Field) -> bool:
    """True if a generalised document can have another value than the declared field has."""
    if field.part and field.type == "object":
        return any(map(_may_be_withheld, field.part.fields))
    return field.generalised != "keep"


PARTS = {
    "incident": tuple(field.name for field in INCIDENT.part.fields if _may_be_withheld(field)),
    "location": ("latitude", "longitude"),
    "source": ("url",),
}
"""Fields of each kind that can reveal a place, a day or a person."""

MONTH = 27
"""Days between the bounds of the shortest month."""

NOT_VALUES = ("location.precision", "location.radius_km", "date.precision")
KEPT = 1000
"""Records of one publication whose values are kept, to name them; the others are counted."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record that becomes coarser, and what is published of it that the new document no longer has.

    `values` maps the path of a field, such as `location.name`, to its published values.
    """

    kind: str
    id: str
    values: Mapping[str, Sequence[Any]]
    is_coarser: bool = True
    """False if names changed that may just have been wrong: by default the earlier revisions stay then."""

    def __str__(self) -> str:
        return f"{self.id}: {', '.join(self.values)}"


class StillReadable:
    """The records that a publication makes coarser than what is public, or of which it changes names."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Record] = {}
        self._more: dict[tuple[str, str], bool] = {}
        self._points: dict[str, list[Point]] = {}

    def __len__(self) -> int:
        return len(self._records) + len(self._more)

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in the order of their publication, at most `KEPT`."""
        return iter(self._records.values())

    def note(self, kind: str, published: Document, new: Document) -> None:
        """Note a record that is written; whatever was noted of it before gives way."""
        key = kind, new["id"]
        self.forget([key])
        is_coarser, values = True, still_readable(kind, published, new)
        if not values and kind == "incident":
            values = self._own_point(published["location"], new["location"])
        if not values:
            is_coarser, values = changed_names(kind, published, new)
        if not values:
            return
        if len(self._records) < KEPT:
            self._records[key] = Record(kind, new["id"], values, is_coarser)
        else:
            self._more[key] = is_coarser

    def _own_point(self, before: Document, after: Document) -> dict[str, list[Any]]:
        """Published point of an incident whose place alone says from now on where it was."""
        own, now = ((each["latitude"], each["longitude"]) for each in (before, after))
        place = after["id"]
        if own == now or None in own or place is None or place != before["id"]:
            return {}
        if place not in self._points or self._points[place][-1] != now:  # this publication may have moved the place
            history = Revision.objects.of("location", [place]).with_content().order_by("number")
            documents = [document for _, document in history.each_document()]
            self._points[place] = [(each["latitude"], each["longitude"]) for each in documents]
        had = self._points[place]
        if had[-1] != now or own in had:
            return {}
        return {"location.latitude": [own[0]], "location.longitude": [own[1]]}

    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        """Forget records, by kind and id, whose earlier values are readable no longer."""
        for key in keys:
            self._records.pop(key, None)
            self._more.pop(key, None)

    def by_kind(self, *, coarser: bool = False) -> dict[str, list[str]]:
        """Ids of all records by kind; with `coarser` only of those that are made coarser."""
        noted = {key: record.is_coarser for key, record in self._records.items()} | self._more
        found: dict[str, list[str]] = {}
        for (kind, record_id), is_coarser in noted.items():
            if is_coarser or not coarser:
                found.setdefault(kind, []).append(record_id)
        return found

    def coarser(self) -> StillReadable:
        """Those of the records that are made coarser, not those of which only names change."""
        chosen = StillReadable()
        chosen._records = {key: record for key, record in self._records.items() if record.is_coarser}
        chosen._more = {key: is_coarser for key, is_coarser in self._more.items() if is_coarser}
        return chosen

    def warning(self) -> str:
        """Heading of a command's list of records that are made coarser."""
        return (
            "warning: made coarser than published before; the earlier values stay readable in revisions/, changes/, "
            "earlier as_of, releases and copies, until reduced or redacted (docs/editing.md)"
        )

    def note_on_names(self) -> str:
        """Line of a command on the records of which only names change; empty if there are none."""
        number = len(self) - len(self.coarser())
        return (
            f"note: other names or titles than published before, or fewer actors or reports: {number:,}; the earlier "
            "ones stay readable. If they must not be known, reduce these records (docs/editing.md)"
            if number
            else ""
        )

    @property
    def token(self) -> str:
        """Hash of the records and fields that stay readable; empty if there are none."""
        if not self:
            return ""
        named = [(record.kind, record.id, sorted(record.values)) for record in self]
        return hashlib.sha256(orjson.dumps([sorted(named), len(self)])).hexdigest()[:32]


def still_readable(kind: str, published: Document, new: Document) -> dict[str, list[Any]]:
    """Published values, by path, that a coarser document hides but earlier publications keep.

    Nothing if the new document is not coarser: a correction is not a generalisation.
    """
    if kind == "incident":
        held_back = held_back_more(published, **new["disclosure"])
        coarser = _coarser_place(published, new) or _coarser_date(published, new) or _withheld_more(published, new)
        if not (held_back or coarser):
            return {}
    elif kind == "dataset":
        return _lost_fields(published, new)
    elif kind not in PARTS or not _lost(published, new, PARTS[kind][0]):
        return {}
    return lost_values(kind, published, new)


def lost_values(kind: str, published: Document, new: Document) -> dict[str, list[Any]]:
    """Values by path, of the fields that can reveal a place, a day or a person, that a new document has no longer."""
    before, after = _values(published, PARTS[kind]), _values(new, PARTS[kind])
    lost = {path: [each for each in values if each not in after.get(path, ())] for path, values in before.items()}
    return {path: values for path, values in lost.items() if values and path not in NOT_VALUES}


def _lost_fields(published: Document, new: Document) -> dict[str, list[Any]]:
    """Own fields of a dataset that are public no longer, with their labels; their values stay in earlier revisions."""
    kept = {name for each in declared_by(new) for name in each.names}
    gone = [each for each in declared_by(published) if kept.isdisjoint(each.names)]
    return {f"attributes.{each.name}": [each.label] for each in gone}


def held_back_more(published: Document, *, place: str, date: str) -> list[str]:
    """Which of place and date these disclosure levels hide more than a published document does."""
    before = published["disclosure"]
    place_is_coarser = PLACE_LEVELS.index(place) > PLACE_LEVELS.index(before["place"])
    date_is_coarser = DATE_LEVELS.index(date) > DATE_LEVELS.index(before["date"])
    return ["place"] * place_is_coarser + ["date"] * date_is_coarser


def last_published(kind: str, ids: Iterable[str]) -> dict[str, Document]:
    """Last readable document of each of these records, including ended records."""
    return Revision.objects.of(kind, list(ids)).order_by("number").documents()


def _coarser_place(published: Document, new: Document) -> bool:
    """True if the place became an area around the published one, or lost its point."""
    before, after = published["location"], new["location"]
    around = all(after[name] in (None, before[name]) for name in ("country", "admin1", "admin2"))
    level, known = (max(_level_of(each["precision"]), _level_of(each["kind"])) for each in (after, before))
    lost = any(_lost(before, after, name) for name in ("id", "latitude", "as_reported"))
    return (around and level > known) or lost


def _coarser_date(published: Document, new: Document) -> bool:
    """True if the interval became a month or more around the published one."""
    before, after = published["date"], new["date"]
    around = (after["start"] or "") <= (before["start"] or "") and (before["end"] or "~") <= (after["end"] or "~")
    coarser = DATE_LEVEL_OF.get(after["precision"], 0) > DATE_LEVEL_OF.get(before["precision"], 0)
    return bool(around and (coarser or _days(after) >= MONTH > _days(before)))


def _withheld_more(published: Document, new: Document) -> bool:
    """True if a generalised document has lost actors, tags or a text that the earlier document of its level had."""
    if not is_generalised(new):
        return False
    lost = lost_values("incident", published, new)
    return any(path in lost for path in ("actors.id", "tags")) or (
        "summary" in lost and new["summary"].endswith(WITHHELD_TEXT)
    )


def _level_of(code: str | None) -> int:
    return PLACE_LEVEL_OF.get(code or "", 0)


def _days(interval: Document) -> int:
    """Days between the bounds; many if one of them is open."""
    if not (interval["start"] and interval["end"]):
        return 10_000
    return (date.fromisoformat(interval["end"]) - date.fromisoformat(interval["start"])).days


def _lost(before: Document, after: Document, name: str) -> bool:
    return before[name] is not None and after[name] is None


def _values(document: Document, parts: Iterable[str]) -> dict[str, list[Any]]:
    """Values of a document by path; items of a list share one path."""
    found: dict[str, list[Any]] = {}

    def add(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, part in value.items():
                add(f"{path}.{name}", part)
        elif isinstance(value, list):
            for item in value:
                add(path, item)
        elif value not in (None, "") and value not in found.setdefault(path, []):
            found[path].append(value)

    for part in parts:
        add(part, document.get(part))
    return found
