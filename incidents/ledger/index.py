"""From a public document to the entry and tokens by which it is found; nothing else feeds an index.

So the entries can be made anew from the documents, and a mirror needs the documents alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from incidents.ledger.embed import Document
from incidents.ledger.grid import cells_of
from incidents.ledger.models import LONG_DAYS
from incidents.ledger.tokens import LONG, distinct, facet, tag_token, words, words_again, words_of
from incidents.vocabulary import DATE_PRECISIONS, LOCATION_PRECISIONS

FIRST_DAY = 0
LAST_DAY = 9_999_999
"""Stand for an open start and an open end; dates are ordinals (1 is 0001-01-01)."""

ENTRY_BITS = 40
"""The key of an incident's entry, which makes the word index answer newest first, is its first day (the first of its
values) above these bits and its number in them: 2**40 entries, 2**22 days."""

_DATE_RANK = {code: rank for rank, code in enumerate(DATE_PRECISIONS)}
_PLACE_RANK = {code: rank for rank, code in enumerate(LOCATION_PRECISIONS)}
_ordinals: dict[str | None, int] = {}

FOUND_BY = ("name", "names", "within", "admin1", "admin2", "country")
"""What of a place the incidents at it are found by, beyond what they show."""

Places = Mapping[str, Document]

Found = tuple[tuple[Any, ...], list[str]]
"""The values of an entry beyond those that every entry has, and the tokens of the word index."""


def ordinal(day: str | None, missing: int) -> int:
    """Return the ordinal of an ISO day, or `missing`."""
    if day is None:
        return missing
    known = _ordinals.get(day)
    if known is None:
        known = _ordinals[day] = date.fromisoformat(day).toordinal()
    return known


def _incident(document: Document, places: Places) -> Found:
    """Return the columns that IncidentEntry adds, in order, and the tokens of an incident."""
    speakers = [who for report in document["reports"] for who in (report["source"], report["relays"]) if who]
    # Who reports, is relayed, or makes a claim.
    sources = sorted({*(who["id"] for who in speakers), *(claim["source"] for claim in document["claims"])})
    own = document["location"]["id"]
    around = [own, *places[own]["within"]] if own else []
    values = _incident_values(document, sources)
    facets = _incident_facets(document, sources, {who["kind"]: None for who in speakers}, around)
    if values[LENGTH]:
        facets.append(LONG)
    parts = [
        words(document["id"]),
        # Its place is found by every name of every place around it.
        *[_place_words(places[place]) for place in around if place in places],
        *[words_again(who["name"]) for who in (*document["actors"], *speakers)],
        *[words_again(text) for text in _texts(document) if text],
    ]
    return values, distinct((facets, *parts))


LENGTH = 2
"""Where the values tell whether it is found by the index of the few that last for months."""


def _incident_values(document: Document, sources: list[str]) -> tuple[Any, ...]:
    day_from = ordinal(document["date"]["start"], FIRST_DAY)
    day_to = ordinal(document["date"]["end"], LAST_DAY)
    location = document["location"]
    killed, injured = document["casualties"]["killed"], document["casualties"]["injured"]
    return (
        day_from,
        day_to,
        day_to - day_from > LONG_DAYS,
        _DATE_RANK[document["date"]["precision"]],
        _PLACE_RANK[location["precision"]],
        document["event_type"],
        document["event_subtype"] or "",
        document["dataset"],
        location["id"] or "",
        location["country"] or "",
        location["admin1"] or "",
        location["admin2"] or "",
        location["latitude"],
        location["longitude"],
        *cells_of(location["longitude"], location["latitude"]),
        killed["low"],
        killed["best"],
        killed["high"],
        injured["low"],
        injured["best"],
        injured["high"],
        -1 if killed["best"] is None else killed["best"],
        len({report["source"]["id"] for report in document["reports"]}),
        " ".join(sorted({actor["id"] for actor in document["actors"]})),
        " ".join(sources),
    )


def _incident_facets(
    document: Document, sources: Iterable[str], source_kinds: Iterable[str], around: Iterable[str]
) -> list[str]:
    facets = [facet("n", document["dataset"])]
    for actor in document["actors"]:
        facets += _actor_facets(actor["id"], actor["role"])
    # As `facet` writes them; a load calls it for a dozen of each incident.
    facets += [f":s:{source}" for source in sources]
    facets += [f":sk:{kind}" for kind in source_kinds]
    facets += [f":l:{place}" for place in around]
    facets += [f":g:{target}" for target in document["targets"]]
    facets += [tag_token(tag) for tag in document["tags"]]
    facets += [f":x:{related['id']}" for related in document["related"]]
    return facets


@lru_cache(maxsize=4096)
def _actor_facets(public_id: str, role: str) -> tuple[str, ...]:
    return facet("a", public_id), facet("ro", role), facet("ar", role, public_id)


def _texts(document: Document) -> list[str | None]:
    claims = document["claims"]
    return [
        document["summary"],
        document["location"]["as_reported"],
        *document["tags"],
        *[report["title"] for report in document["reports"]],
        *[claim["quote"] for claim in claims],
        *[claim["value"] for claim in claims if isinstance(claim["value"], str)],
    ]


def _place_words(place: Document) -> tuple[str, ...]:
    return words_of(place["name"], *[name["name"] for name in place["names"]])


def _location(document: Document, places: Places) -> Found:
    """Return the columns that LocationEntry adds, in order; the words of all its names, and the places that hold it."""
    parent = document["parent"]
    values = (
        document["name"],
        document["kind"],
        document["country"] or "",
        parent["id"] if parent else "",
        document["admin1"] or "",
        document["admin2"] or "",
        document["latitude"],
        document["longitude"],
        document["identifiers"]["geonames"],
    )
    facets = [facet("l", part) for part in (document["id"], *document["within"])]
    return values, distinct((facets, words(document["id"]), _place_words(document)))


def _named(document: Document, columns: Iterable[str], texts: Iterable[str]) -> Found:
    """Return the columns that every named record has and those that its kind adds, and the words of some texts."""
    values = (
        document["name"],
        document.get("kind") or "",
        document.get("country") or "",
        *(document[column] or "" for column in columns),
    )
    return values, distinct(words(document[text] or "") for text in ("id", "name", *texts))


def _dataset(document: Document, places: Places) -> Found:
    """Return the same of a dataset, and as tokens also the sources that it watches."""
    values, tokens = _named(document, ("licence",), ("description",))
    facets = [facet("s", watched["source"]) for watched in document["coverage"]["sources"]]
    return values, distinct((facets, tokens))


FOUND: dict[str, Callable[[Document, Places], Found]] = {
    "incident": _incident,
    "location": _location,
    "source": lambda document, places: _named(
        document, ("language", "scale", "reliability"), ("remark", "affiliation")
    ),
    "actor": lambda document, places: _named(document, (), ("remark",)),
    "dataset": _dataset,
}
"""By the kind of a document, what finds it."""
