"""Adds what is not stored to the documents that are shown: codes of regions, and the terms that a dataset lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from incidents.query.entries import PLACE_BEGINS, with_members
from incidents.query.place_states import states
from incidents.query.places import KEPT_PLACES, PublicPlaces
from incidents.schema.dataset import NOT_STATED
from incidents.schema.terms import not_stated


def with_codes(kind: str, documents: Sequence[bytes], at: int, redacted: int) -> Sequence[bytes]:
    """Documents with the codes of their regions, as of a publication; `redacted` is the last redaction.

    Datasets get the names of the terms that they do not state.
    """
    if kind not in PLACE_BEGINS:
        return list(map(_with_terms, documents)) if kind == "dataset" else documents
    places = states.known.get((at, redacted)) or states.at(at, redacted)
    if len(places.members) > KEPT_PLACES:
        places.members = {}
    members = places.members  # another thread may begin anew meanwhile
    try:
        return with_members(kind, documents, members)
    except KeyError:
        members.update(_made(places, {_place(kind, each) for each in documents if each}))
    return with_members(kind, documents, members)


def _with_terms(document: bytes) -> bytes:
    if not document:
        return document
    return b'%b,"%b":%b}' % (document[:-1], NOT_STATED.encode(), orjson.dumps(not_stated(orjson.loads(document))))


def _place(kind: str, document: bytes) -> bytes:
    start = document.find(PLACE_BEGINS[kind]) + len(PLACE_BEGINS[kind])
    return document[start : document.find(b",", start)]


def _made(places: PublicPlaces, unknown: Iterable[bytes]) -> dict[bytes, bytes]:
    ids = {each: orjson.loads(each) if each.startswith(b'"') else None for each in unknown}
    codes = places.codes([each for each in ids.values() if each])
    found = {}
    for each, place in ids.items():
        admin1, admin2 = codes[place] if place else (None, None)
        found[each] = b"," + orjson.dumps({"admin1_code": admin1, "admin2_code": admin2})[1:-1]
    return found
