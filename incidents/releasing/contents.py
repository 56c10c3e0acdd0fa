"""What a release holds: the records of each kind at its publication, streamed in an order of their own.

A release of one dataset holds its incidents and, of all else, what they show: places with all that holds them, sources,
actors, and the sources that the dataset watches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain

import orjson

from incidents.ledger import shapes
from incidents.ledger.denormalisation import Document
from incidents.ledger.index import FIRST_DAY
from incidents.ledger.models import ENTRIES
from incidents.query.attributes import declared_at, of_datasets
from incidents.query.count import exact_count
from incidents.query.entries import EntryQuery, Order, entries
from incidents.query.moment import Moment
from incidents.query.shown import with_codes, with_first_published
from incidents.query.stream import Stream
from incidents.releasing.edition import Edition
from incidents.releasing.published_later import SHOWN, Later, published_later, shown
from incidents.schema.dataset import NOT_STATED
from incidents.tables import Column
from incidents.tables.attributes import attribute_columns
from incidents_api.rest.caching import digest

Documents = Iterator[Sequence[bytes]]

ORDERS = {kind: Order("day_from" if kind == "incident" else "name", descending=False) for kind in ENTRIES}
"""Ties go by id, so there is one order on every database."""

UNKNOWN_YEAR = "__HIVE_DEFAULT_PARTITION__"
"""How a partition of no known year is called, so that engines read the year as null."""


@dataclass
class Contents:
    """The records of a release."""

    moment: Moment
    dataset: str
    """The one dataset that it holds; empty: all."""
    edition: Edition

    def query(self, kind: str) -> EntryQuery:
        """Query of all entries of a kind that may be in the release."""
        query = entries(ENTRIES[kind])
        if self.dataset and kind == "incident":
            return query.where("dataset = %s", self.dataset)
        if self.dataset and kind == "dataset":
            return query.where("record_id = %s", self.dataset)
        return query

    def count(self, query: EntryQuery) -> int:
        """Number of records of a query as of the publication."""
        state = (query.table, query.conditions, query.params, self.moment.at, self.moment.redacted)
        return exact_count(query, self.moment, f"release:{digest(*state)}")

    def stream(self, kind: str, query: EntryQuery | None = None) -> tuple[int, Documents]:
        """Number and documents of the records of a kind, or of a query."""
        query = query or self.query(kind)
        if kind in ("incident", "dataset"):
            stream = self._read(kind, query)
            return stream.count(lambda: self.count(query)), stream.documents()
        number, documents = self._of_shown(kind) if self.dataset else self._all(kind)
        if later := list(self.later.get(kind, {}).values()):
            return number + len(later), chain(documents, [later])
        return number, documents

    def _all(self, kind: str) -> tuple[int, Documents]:
        query = self.query(kind)
        stream = self._read(kind, query)
        return stream.count(lambda: self.count(query)), stream.documents()

    def _read(self, kind: str, query: EntryQuery) -> Stream:
        return self._ordered(query, ORDERS[kind])

    def _ordered(self, query: EntryQuery, order: Order) -> Stream:
        return Stream(
            query,
            order,
            self.moment,
            shape=self.edition.shape,
            has_codes=self._has_codes(query.kind),
            has_first_published=self.edition.has(query.kind, "first_published"),
        )

    def _of_shown(self, kind: str) -> tuple[int, Documents]:
        """Documents of the shown records, read twice if they are many, never kept in memory."""
        wanted = self._shown[kind]

        def chosen() -> Documents:
            stream = self._read(kind, self.query(kind))
            stream.count(lambda: self.count(self.query(kind)))
            for some in stream.documents():
                if found := [document for document in some if orjson.loads(document)["id"] in wanted]:
                    yield found

        return sum(map(len, chosen())), chosen()

    def own_columns(self) -> tuple[Column, ...]:
        """Columns of the own fields of its datasets; none in an edition that has no own fields."""
        if not self.edition.has("incident", "attributes"):
            return ()
        found = of_datasets(declared_at(self.moment), [self.dataset] if self.dataset else None)
        return attribute_columns(attribute for declared in found.values() for _, attribute in declared)

    @cached_property
    def later(self) -> Later:
        """Records that were published after the release and that it holds because reduced documents show them."""
        places = self._shown_by_incidents["location"] if self.dataset else None
        shape = self.edition.shape or shapes.latest()
        return published_later(self.moment.at, shape, self.dataset, places, self._show)

    def _show(self, kind: str, document: bytes, first: datetime | None, at: int) -> bytes:
        """Return a stored document with the members of its edition that are not stored, as of a publication."""
        if self.edition.has(kind, "first_published"):
            document = with_first_published(document, first)
        if self._has_codes(kind):
            (document,) = with_codes(kind, [document], at, self.moment.redacted)
        return document

    def _has_codes(self, kind: str) -> bool:
        """True if documents of this kind have what is not stored besides `first_published`."""
        if kind == "dataset":
            return self.edition.has(kind, NOT_STATED)
        return self.edition.has("location", "admin1_code")

    @cached_property
    def _shown_by_incidents(self) -> dict[str, set[str]]:
        """Ids of all records that the incidents of the dataset show; in memory, about 100 bytes each."""
        found: dict[str, set[str]] = {kind: set() for kind in SHOWN}
        for kind in ("dataset", "incident"):
            for some in self.stream(kind)[1]:
                for document in some:
                    for of_kind, record_id in shown(kind, orjson.loads(document)):
                        found[of_kind].add(record_id)
        return found

    @cached_property
    def _shown(self) -> dict[str, set[str]]:
        """Ids of all records that the release of a dataset holds besides it and its incidents."""
        found = {kind: set(ids) for kind, ids in self._shown_by_incidents.items()}
        later = map(orjson.loads, self.later.get("location", {}).values())
        around = [place["within"] for place in (*self._places(found["location"]), *later)]
        found["location"].update(part for parts in around for part in parts)
        return found

    def _places(self, wanted: set[str]) -> Iterable[Document]:
        stream = self._read("location", self.query("location"))
        stream.count(lambda: self.count(self.query("location")))
        for some in stream.documents():
            yield from (place for place in map(orjson.loads, some) if place["id"] in wanted)

    def years(self) -> Iterator[tuple[str, EntryQuery]]:
        """Yield the years in which incidents start, each with its query; the unknown year comes first."""
        incidents = self.query("incident")
        unknown = incidents.where("day_from = %s", FIRST_DAY)
        if self.count(unknown):
            yield UNKNOWN_YEAR, unknown
        for year in self._spanned(incidents):
            last = date(year, 12, 31).toordinal()
            query = incidents.where("day_from >= %s AND day_from <= %s", date(year, 1, 1).toordinal(), last)
            if self.count(query):
                yield str(year), query

    def _spanned(self, incidents: EntryQuery) -> range:
        known = incidents.where("day_from > %s", FIRST_DAY)
        ends = []
        for descending in (False, True):
            stream = self._ordered(known, Order("day_from", descending))
            stream.count(lambda: self.count(known))
            some = next(stream.documents(), ())
            if not some:
                return range(0)
            ends.append(int(orjson.loads(some[0])["date"]["start"][:4]))
        return range(ends[0], ends[1] + 1)
