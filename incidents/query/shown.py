"""Adds to stored documents what readers get and the ledger does not store.

That is when a record was first published, the codes of regions, and the terms that a dataset does not state. The bytes
of a stored document stay as they were written, and with them its digest and the checksums of mirrors. Nothing is
parsed where that would take longer than to find the documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from incidents.ledger import shapes
from incidents.ledger.content import stamp
from incidents.query.place_states import states
from incidents.query.places import KEPT_INSERTIONS, KEPT_PLACES, Insertion, PublicPlaces
from incidents.schema.dataset import NOT_STATED
from incidents.schema.terms import not_stated

First = datetime | str | None
"""When a record was first published; None: with the document itself. SQLite returns times as text."""

StoredRow = tuple[Any, str, int, bytes, int | None, First, Any, Any, Any]
"""Sort value and id of one record, the id of its revision, what `shown_sql` reads of that, and three columns more.

They are the rows of a statement as they come: to make others would take longer than to read them.
"""
NOTHING_STORED = "NULL, NULL, NULL, NULL, NULL, NULL"
"""SQL in the place of the six columns that mean something."""

TIME_BEFORE = b'"published":"'
"""Quotes within a text are escaped, so this is nowhere but before the value; the first is that of the document."""
TIME_LENGTH = len("2026-01-01T12:00:00Z")
FIRST_PUBLISHED = b'","first_published":"'

PLACE_BEGINS: Mapping[str, bytes] = {"incident": b'"location":{"id":', "location": b'{"id":'}
"""By kind, what comes before the id of the place of a document; in a text each quotation mark has a backslash."""
COUNTRY = b',"country":'
"""Codes of regions are put before this member of a place."""


def with_first_published(document: bytes, first: First) -> bytes:
    """A document with the time at which its record was first published; nothing stays nothing."""
    if not document:
        return document
    at, time = _first_published(document, first)
    return b"".join((document[:at], time, document[at:]))


def with_codes(kind: str, documents: Sequence[bytes], at: int, redacted: int) -> Sequence[bytes]:
    """Documents with the codes of their regions, as of a publication; `redacted` is the last redaction.

    Datasets get the names of the terms that they do not state.
    """
    if kind not in PLACE_BEGINS and kind != "dataset":
        return documents
    members = _members(kind, documents, _places(at, redacted))
    made = []
    for document in documents:
        if document:
            second, codes = _codes(kind, document, members)
            document = b"".join((document[:second], codes, document[second:]))
        made.append(document)
    return made


def insertions(kind: str, rows: Iterable[StoredRow], at: int, redacted: int) -> Mapping[int, Insertion]:
    """What is added to the documents of a page, by the id of the revision; kept with the places.

    A revision's document changes by a redaction or a reduction only, and with that the state of the places.
    """
    places = _places(at, redacted)
    if len(places.insertions) > KEPT_INSERTIONS:
        places.insertions = {}  # other threads go on with those that they have
    kept = places.insertions
    new = {key: (shapes.current(kind, shape, document), first) for _, _, key, document, shape, first, *_ in rows}
    new = {key: found for key, found in new.items() if key not in kept}
    members = _members(kind, [document for document, _ in new.values()], places)
    kept |= {key: _insertion(kind, document, first, members) for key, (document, first) in new.items()}
    return kept


def shown(kind: str, document: bytes, first: First, at: int, redacted: int) -> bytes:
    """One document with all that is added; nothing stays nothing."""
    begin, time, second, codes = _insertion(kind, document, first, _members(kind, [document], _places(at, redacted)))
    return b"".join((document[:begin], time, document[begin:second], codes, document[second:]))


def _insertion(kind: str, document: bytes, first: First, members: Mapping[bytes, bytes]) -> Insertion:
    if not document:
        return 0, b"", 0, b""
    return (*_first_published(document, first), *_codes(kind, document, members))


def _codes(kind: str, document: bytes, members: Mapping[bytes, bytes]) -> tuple[int, bytes]:
    """What is added behind the first publication, and where."""
    if kind in PLACE_BEGINS:
        place, second = _place(kind, document)
        return second, members[place]
    end = len(document) - 1
    if kind == "dataset":
        return end, b',"%b":%b' % (NOT_STATED.encode(), orjson.dumps(not_stated(orjson.loads(document))))
    return end, b""


def _first_published(document: bytes, first: First) -> tuple[int, bytes]:
    at = document.index(TIME_BEFORE) + len(TIME_BEFORE) + TIME_LENGTH
    if first is None:
        return at, _member(document[at - TIME_LENGTH : at])
    return at, _member(stamp(datetime.fromisoformat(first) if isinstance(first, str) else first).encode())


@lru_cache(maxsize=4096)
def _member(time: bytes) -> bytes:
    """One object for all documents of a publication, so that what is kept of them takes little memory."""
    return FIRST_PUBLISHED + time


def _place(kind: str, document: bytes) -> tuple[bytes, int]:
    """The id of the place of a document as JSON, and where its codes go."""
    start = document.find(PLACE_BEGINS[kind]) + len(PLACE_BEGINS[kind])
    return document[start : document.find(b",", start)], document.find(COUNTRY, start)


def _places(at: int, redacted: int) -> PublicPlaces:
    return states.known.get((at, redacted)) or states.at(at, redacted)


def _members(kind: str, documents: Iterable[bytes], places: PublicPlaces) -> Mapping[bytes, bytes]:
    """What is added to the documents of each place, by its id as JSON; kept with the places."""
    if kind not in PLACE_BEGINS:
        return {}
    if len(places.members) > KEPT_PLACES:
        places.members = {}
    members = places.members  # another thread may begin anew meanwhile
    if unknown := {place for each in documents if each and (place := _place(kind, each)[0]) not in members}:
        members.update(_made(places, unknown))
    return members


def _made(places: PublicPlaces, unknown: Iterable[bytes]) -> dict[bytes, bytes]:
    ids: dict[bytes, Any] = {each: orjson.loads(each) if each.startswith(b'"') else None for each in unknown}
    codes = places.codes([each for each in ids.values() if each])
    found = {}
    for each, place in ids.items():
        admin1, admin2 = codes[place] if place else (None, None)
        found[each] = b"," + orjson.dumps({"admin1_code": admin1, "admin2_code": admin2})[1:-1]
    return found
