"""Adds the codes of regions to the documents that are shown; what is stored does not have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from incidents.query.entries import PLACE_BEGINS, with_members
from incidents.query.places import KEPT_PLACES, PublicPlaces, states


def with_codes(kind: str, documents: Sequence[bytes], at: int, redacted: int) -> Sequence[bytes]:
    """Documents with the codes of their regions, as of a publication; `redacted` is the last redaction."""
    if kind not in PLACE_BEGINS:
        return documents
    places = states.known.get((at, redacted)) or states.at(at, redacted)
    if len(places.members) > KEPT_PLACES:
        places.members = {}
    members = places.members  # another thread may begin anew meanwhile
    try:
        return with_members(kind, documents, members)
    except KeyError:
        members.update(_made(places, {_place(kind, each) for each in documents if each}))
    return with_members(kind, documents, members)


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
