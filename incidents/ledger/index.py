"""From a public document to the entry and tokens by which it is found; nothing else feeds an index.

So the entries can be made anew from the documents, and a mirror needs the documents alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from incidents.ledger.embed import Document
from incidents.ledger.grid import cells_of
from incidents.ledger.models import LONG_DAYS
from incidents.ledger.tokens import LONG, distinct, facet, tag_token, words, words_of
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


def ordinal(day: str | None, missing: int) -> int:
    """Return the ordinal of an ISO day, or `missing`."""
    if day is None:
        return missing
    known = _ordinals.get(day)
    if known is None:
        known = _ordinals[day] = date.fromisoformat(day).toordinal()
    return known


def lasts_long(document: Document) -> bool:
    """Tell whether an incident is found by the index of the few that last for months."""
    days = document["date"]
    return ordinal(days["end"], LAST_DAY) - ordinal(days["start"], FIRST_DAY) > LONG_DAYS


def incident_values(document: Document, places: Places) -> tuple[Any, ...]:
    """Return the columns that IncidentEntry adds, in order."""
    day_from = ordinal(document["date"]["start"], FIRST_DAY)
    day_to = ordinal(document["date"]["end"], LAST_DAY)
    location = document["location"]
    killed, injured = document["casualties"]["killed"], document["casualties"]["injured"]
    return (
        day_from,
        day_to,
        lasts_long(document),
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
        " ".join(_source_ids(document)),
    )


def incident_tokens(document: Document, places: Places) -> list[str]:
    """Return the facets and words of an incident; its place is found by every name of every place around it."""
    return distinct((_incident_facets(document, places), *_incident_words(document, places)))


def _around(document: Document, places: Places) -> list[str]:
    own = document["location"]["id"]
    return [own, *places[own]["within"]] if own else []


def _incident_facets(document: Document, places: Places) -> Iterator[str]:
    yield facet("n", document["dataset"])
    if lasts_long(document):
        yield LONG
    for actor in document["actors"]:
        yield facet("a", actor["id"])
        yield facet("ro", actor["role"])
        yield facet("ar", actor["role"], actor["id"])
    speakers = _speakers(document)
    yield from [facet("s", source) for source in _source_ids(document)]
    yield from [facet("sk", kind) for kind in dict.fromkeys(speaker["kind"] for speaker in speakers)]
    yield from (facet("l", place) for place in _around(document, places))
    yield from (facet("g", target) for target in document["targets"])
    yield from (tag_token(tag) for tag in document["tags"])
    yield from (facet("x", related["id"]) for related in document["related"])


def _incident_words(document: Document, places: Places) -> Iterator[tuple[str, ...]]:
    yield words(document["id"])
    for place in _around(document, places):
        if place in places:
            yield _place_words(places[place])
    for named in (*document["actors"], *_speakers(document)):
        yield words(named["name"])
    texts = [document["summary"], document["location"]["as_reported"], *document["tags"]]
    texts += [report["title"] for report in document["reports"]]
    texts += [claim["quote"] for claim in document["claims"]]
    texts += [claim["value"] for claim in document["claims"] if isinstance(claim["value"], str)]
    for text in texts:
        if text:
            yield words(text)


def _speakers(document: Document) -> list[Document]:
    return [speaker for report in document["reports"] for speaker in (report["source"], report["relays"]) if speaker]


def _source_ids(document: Document) -> list[str]:
    """Return who reports, is relayed, or makes a claim."""
    claimants = {claim["source"] for claim in document["claims"]}
    return sorted(claimants.union(speaker["id"] for speaker in _speakers(document)))


def _place_words(place: Document) -> tuple[str, ...]:
    return words_of(place["name"], *[name["name"] for name in place["names"]])


def location_values(document: Document, places: Places) -> tuple[Any, ...]:
    """Return the columns that LocationEntry adds, in order."""
    parent = document["parent"]
    return (
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


def location_tokens(document: Document, places: Places) -> list[str]:
    """Return the words of all names of a place, and the places that hold it."""
    facets = [facet("l", part) for part in (document["id"], *document["within"])]
    return distinct((facets, words(document["id"]), _place_words(document)))


def _named(*more: str) -> Callable[[Document, Places], tuple[Any, ...]]:
    def values(document: Document, places: Places) -> tuple[Any, ...]:
        return (
            document["name"],
            document.get("kind") or "",
            document.get("country") or "",
            *(document[field] or "" for field in more),
        )

    return values


def _named_tokens(*more: str) -> Callable[[Document, Places], list[str]]:
    def tokens(document: Document, places: Places) -> list[str]:
        return distinct(words(document[field] or "") for field in ("id", "name", *more))

    return tokens


def dataset_tokens(document: Document, places: Places) -> list[str]:
    """Return the words of a dataset, and the sources that it watches."""
    facets = [facet("s", watched["source"]) for watched in document["coverage"]["sources"]]
    return distinct((facets, _named_tokens("description")(document, places)))


VALUES: dict[str, Callable[[Document, Places], tuple[Any, ...]]] = {
    "incident": incident_values,
    "location": location_values,
    "source": _named("language", "scale", "reliability"),
    "actor": _named(),
    "dataset": _named("licence"),
}
TOKENS: dict[str, Callable[[Document, Places], list[str]]] = {
    "incident": incident_tokens,
    "location": location_tokens,
    "source": _named_tokens("remark", "affiliation"),
    "actor": _named_tokens("remark"),
    "dataset": dataset_tokens,
}
