"""Rebuilds entries and words from the documents, a few records at a time, while the server runs.

An index holds nothing that the documents do not say. So it can be made again when the code finds records by something
new, or after a fault. An entry that is right already is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction

from incidents.batches import batched
from incidents.ledger import store
from incidents.ledger.content import Found, found_by
from incidents.ledger.first_publications import Firsts, first_publications
from incidents.ledger.index import FOUND_BY, entry_key
from incidents.ledger.models import ENTRIES, KINDS, Head, Revision
from incidents.ledger.shapes import Document

AT_ONCE = 500
"""Records of one transaction, which keeps publications waiting."""

KEPT = 50_000
"""Places whose history is kept in memory."""

ENDLESS = 2**63 - 1

PLACE_INDEX = 1
"""Version of the tokens of places: 1 has their whole names and their codes. A later version makes `migrate` rebuild."""


class Position(NamedTuple):
    """A position in the order of records: after this record of this kind."""

    kind: str
    record_id: str


START = Position(KINDS[0], "")


class Span(NamedTuple):
    """A revision as it is found during a span of publications, `end` not included."""

    begin: int
    end: int
    revision: int
    published: int
    record_id: str
    first: int | None
    found: Found


class Done(NamedTuple):
    """What became of some records: the last of them, how many there were, and how many entries were written."""

    position: Position
    records: int
    written: int


def records() -> int:
    """Number of records with entries, including ended ones."""
    return Revision.objects.filter(number=1).count()


def rebuild(after: Position = START) -> Iterator[Done]:
    """Rebuild the entries of all records after a position, each step in its own transaction."""
    history = _Places()
    for kind in KINDS[KINDS.index(after.kind) :]:
        at = after.record_id if kind == after.kind else ""
        while ids := _following(kind, at):
            with transaction.atomic():
                head = Head.objects.select_for_update().get(id=1)
                written = _rebuild(kind, ids, history, head, head.seq)
            at = ids[-1]
            yield Done(Position(kind, at), len(ids), written)


def rebuild_places() -> Iterator[int]:
    """Rebuild the entries of places if an older version wrote them; yields how many each step has looked at.

    Each step is a transaction of its own. What is right already is not written, so it can be interrupted and run again.
    """
    if Head.objects.filter(id=1, place_index__gte=PLACE_INDEX).exists():
        return
    at, history = "", _Places()
    while ids := _following("location", at):
        with transaction.atomic():
            head = Head.objects.select_for_update().get(id=1)
            _rebuild("location", ids, history, head, head.seq)
        at = ids[-1]
        yield len(ids)
    Head.objects.filter(id=1).update(place_index=PLACE_INDEX)


def rebuild_records(kind: str, ids: Sequence[str], head: Head, seq: int) -> None:
    """Rebuild the entries of these records within an open publication, whose number is `seq`."""
    for some in batched(ids, AT_ONCE):
        _rebuild(kind, some, _Places(), head, seq)


def _following(kind: str, after: str) -> list[str]:
    revisions = Revision.objects.of(kind).filter(record_id__gt=after, number=1).order_by("record_id")
    return list(revisions.values_list("record_id", flat=True)[:AT_ONCE])


def _rebuild(kind: str, ids: Sequence[str], history: _Places, head: Head, seq: int) -> int:
    revisions = list(Revision.objects.of(kind, ids).with_content().order_by("record_id", "number"))
    history.forget_after(seq)
    firsts = first_publications(kind, ids)
    wanted = list(_spans(kind, revisions, history, firsts, seq))
    there = _there(kind, ids)
    wrong, fresh = _compared(wanted, there)
    store.erase_entries(ENTRIES[kind], wrong)
    rows = []
    for span in fresh:
        head.last_entry += 1
        end = None if span.end == ENDLESS else span.end
        key = entry_key(kind, span.found.values, head.last_entry)
        said = (key, span.revision, span.record_id, span.begin, end, span.published, span.first)
        rows.append((*said, *span.found.values))
    if fresh:
        words = [span.found.words for span in fresh]
        for sheet in store.entry_sheets(ENTRIES[kind], rows, words, connection.vendor):
            store.write(sheet)
        head.save(update_fields=["last_entry"])
    return len(wrong) + len(fresh)


def _compared(wanted: Iterable[Span], there: Mapping[tuple[Any, ...], int]) -> tuple[list[int], list[Span]]:
    """Keys of wrong entries, and the spans without a correct one."""
    left = dict(there)
    fresh = [span for span in wanted if left.pop(_described(span), None) is None]
    return list(left.values()), fresh


def _described(span: Span) -> tuple[Any, ...]:
    return (*span[:6], tuple(map(_comparable, span.found.values)), frozenset(span.found.words.split()))


def _comparable(value: Any) -> Any:
    """A column's value as it compares and hashes; JSON is text when it is written, and an object when it is read."""
    if isinstance(value, str) and value.startswith("{"):
        value = orjson.loads(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if isinstance(value, dict) else value


def _there(kind: str, ids: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """Entries of records, as they should be, with their keys."""
    model = ENTRIES[kind]
    entries = list(model._default_manager.filter(record_id__in=ids).values_list(*store.columns(model)))
    words = _words(kind, [entry[0] for entry in entries])
    found = {}
    for key, revision, record_id, begin, retired, published, first, *values in entries:
        end = ENDLESS if retired is None else retired
        compared = tuple(map(_comparable, values))
        described = (begin, end, revision, published, record_id, first, compared, words.get(key, frozenset()))
        # Of two alike the second is one too many.
        found[(*described, key) if described in found else described] = key
    return found


def _words(kind: str, keys: Sequence[int]) -> dict[int, frozenset[str]]:
    if not keys:
        return {}
    table, marks = ENTRIES[kind]._meta.db_table, ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        if cursor.db.vendor == "sqlite":
            cursor.execute(
                f"SELECT rowid, words FROM {store.words_table(ENTRIES[kind])} WHERE rowid IN ({marks})",  # noqa: S608 - names of ours
                keys,
            )
        else:
            cursor.execute(
                f"SELECT key, array_to_string(tsvector_to_array(words), ' ') FROM {table} WHERE key IN ({marks})",  # noqa: S608 - names of ours
                keys,
            )
        return {key: frozenset(words.split()) for key, words in cursor.fetchall()}


def _spans(kind: str, revisions: Sequence[Revision], history: _Places, firsts: Firsts, head: int) -> Iterator[Span]:
    """Yield the spans of publications during which revisions are found in one way each."""
    documents = {revision.id: revision.content() for revision in revisions}
    if kind == "incident":
        history.read({each["location"]["id"] for each in documents.values() if each["location"]["id"]})
    for revision in revisions:
        document = documents[revision.id]
        end = ENDLESS if revision.retired is None else revision.retired
        place = document["location"]["id"] if kind == "incident" else None
        cuts = history.cuts(place, revision.seq, min(end, head + 1)) if place else []
        for begin, until in pairwise([revision.seq, *cuts, end]):
            places = history.around(place, begin) if place else {}
            found = found_by(kind, document, places)
            first = firsts[revision.record_id].seq_if_earlier(revision.seq)
            yield Span(begin, until, revision.id, revision.seq, revision.record_id, first, found)


class _Places:
    """What places were published as, over time."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[int, int, Document]]] = {}
        self._head: int | None = None

    def forget_after(self, head: int) -> None:
        """Forget what was read before a publication came."""
        if self._head != head or len(self._known) > KEPT:
            self._known.clear()
        self._head = head

    def read(self, ids: set[str]) -> None:
        """Read the history of places, and of all that ever held them."""
        while unknown := ids.difference(self._known):
            self._known |= {each: [] for each in unknown}
            rows = Revision.objects.of("location", sorted(unknown)).with_content().order_by("number")
            for row in rows:
                end = ENDLESS if row.retired is None else row.retired
                self._known[row.record_id].append((row.seq, end, row.content()))
            ids = {part for each in unknown for *_, document in self._known[each] for part in document["within"]}

    def around(self, place: str, seq: int) -> dict[str, Document]:
        """A place and all places that contained it after a publication."""
        document = self._at(place, seq)
        if document is None:
            return {}
        found = {place: document}
        for part in document["within"]:
            if (around := self._at(part, seq)) is not None:
                found[part] = around
        return found

    def cuts(self, place: str, begin: int, end: int) -> list[int]:
        """Publications in a range that changed how incidents at a place are found."""
        cuts, at = [], begin
        moments = sorted({seq for each in self._reach(place) for seq, *_ in self._known[each] if begin < seq < end})
        for moment in moments:
            before, after = self.around(place, at), self.around(place, moment)
            if any(
                part not in after or any(before[part][name] != after[part][name] for name in FOUND_BY)
                for part in before
            ):
                cuts.append(moment)
                at = moment
        return cuts

    def _reach(self, place: str) -> set[str]:
        return {place, *(part for *_, document in self._known[place] for part in document["within"])}

    def _at(self, place: str, seq: int) -> Document | None:
        for begin, end, document in self._known.get(place, ()):
            if begin <= seq < end:
                return document
        return None
