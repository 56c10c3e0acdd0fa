"""Index values and tokens of a public document; the index is built from documents alone.

So the entries can be rebuilt from the documents, and a mirror needs only the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

from incidents.ledger import index_columns, region_codes
from incidents.ledger.denormalisation import Document
from incidents.ledger.grid import cells_of
from incidents.ledger.index_columns import ordinal
from incidents.ledger.models import LONG_DAYS, value_columns
from incidents.schema import attribute_values as attributes
from incidents.text_folding import LONG, distinct, facet, tag_token, words, words_again, words_of

FIRST_DAY = 0
LAST_DAY = 9_999_999
"""Stand for an open start and an open end; dates are ordinals (1 is 0001-01-01)."""

ENTRY_BITS = 40
"""The key of an incident's entry, which makes the word index answer newest first, is its first day above these bits and
its number in them: 2**40 entries, 2**22 days."""

FOUND_BY = ("name", "names", "within", "admin1", "admin2", "country")
"""What of a place the incidents at it are found by, beyond what they show."""

Places = Mapping[str, Document]

Values = dict[str, Any]
"""Columns of an entry beyond those that every entry has, by name."""

Columns = tuple[Values, list[str]]
"""With the tokens of the word index."""

Found = tuple[tuple[Any, ...], list[str]]
"""The same, values in the order of the table."""


def _incident(document: Document, places: Places) -> Columns:
    """Columns and tokens of an incident."""
    speakers = [who for report in document["reports"] for who in (report["source"], report["relays"]) if who]
    # Who reports, is relayed, or makes a claim.
    sources = sorted({*(who["id"] for who in speakers), *(claim["source"] for claim in document["claims"])})
    own = document["location"]["id"]
    # A reduced document may show a place that was published later than the revision.
    around = [own, *(places[own]["within"] if own in places else ())] if own else []
    values = _incident_values(document, sources)
    facets = _incident_facets(document, sources, {who["kind"]: None for who in speakers}, around)
    if values["long"]:
        facets.append(LONG)
    parts = [
        words(document["id"]),
        # Its place is found by every name of every place around it.
        *[_place_words(places[place]) for place in around if place in places],
        *[words_again(who["name"]) for who in (*document["actors"], *speakers)],
        *[words_again(text) for text in _texts(document) if text],
    ]
    return values, distinct((facets, *parts))


def _incident_values(document: Document, sources: list[str]) -> Values:
    day_from = ordinal(document["date"]["start"], FIRST_DAY)
    day_to = ordinal(document["date"]["end"], LAST_DAY)
    location = document["location"]
    values = _declared["incident"](document)
    values["day_from"], values["day_to"] = day_from, day_to
    values["long"] = day_to - day_from > LONG_DAYS
    cells = cells_of(location["longitude"], location["latitude"])
    values["cell_small"], values["cell_middling"], values["cell_large"] = cells
    values["sources"] = len({report["source"]["id"] for report in document["reports"]})
    values["actor_ids"] = " ".join(sorted({actor["id"] for actor in document["actors"]}))
    values["source_ids"] = " ".join(sources)
    own = attributes.index_values(document["attributes"])
    values["attributes"] = orjson.dumps(own).decode() if own else None
    return values


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
    facets += _facets["incident"](document)
    facets += [tag_token(tag) for tag in document["tags"]]
    facets += [f":x:{related['id']}" for related in document["related"]]
    if document["attributes"]:
        facets += [facet(*each) for each in attributes.facets(document["attributes"])]
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
        *attributes.searched(document["attributes"]),
    ]


def _place_words(place: Document) -> tuple[str, ...]:
    return words_of(place["name"], *[name["name"] for name in place["names"]])


def _location(document: Document, places: Places) -> Columns:
    """Columns of a place; as words all its names, as tokens the places that contain it and what it is asked for by."""
    facets = [facet("l", part) for part in (document["id"], *document["within"])]
    called = filter(None, region_codes.tokens(document))
    return _named("location", document), distinct((facets, called, words(document["id"]), _place_words(document)))


def _named(kind: str, document: Document) -> Values:
    """Columns that every named record has, and those that its fields declare."""
    common = {
        "name": document["name"],
        "kind": document.get("kind") or "",
        "country": document.get("country") or "",
    }
    return _declared[kind](document) | common


def _words_of(document: Document, *texts: str) -> list[str]:
    """Words of a named record: from its id, its name, and some texts."""
    return distinct(words(document[text] or "") for text in ("id", "name", *texts))


def _source(document: Document, places: Places) -> Columns:
    return _named("source", document), _words_of(document, "remark", "affiliation")


def _actor(document: Document, places: Places) -> Columns:
    return _named("actor", document), _words_of(document, "remark")


def _dataset(document: Document, places: Places) -> Columns:
    """Columns and words of a dataset; as tokens also the sources that it monitors."""
    facets = [facet("s", watched["source"]) for watched in document["coverage"]["sources"]]
    return _named("dataset", document), distinct((facets, _words_of(document, "description")))


COLUMNS_OF: dict[str, Callable[[Document, Places], Columns]] = {
    "incident": _incident,
    "location": _location,
    "source": _source,
    "actor": _actor,
    "dataset": _dataset,
}
"""By the kind of a document, what finds it."""

_declared = {kind: index_columns.ColumnReader(kind) for kind in COLUMNS_OF}
_facets = {kind: index_columns.facets(kind) for kind in COLUMNS_OF}
_in_order = {kind: itemgetter(*value_columns(kind)) for kind in COLUMNS_OF}


def found(kind: str, document: Document, places: Places) -> Found:
    """Index data of a document: values in the order of `value_columns`, and tokens."""
    values, tokens = COLUMNS_OF[kind](document, places)
    return _in_order[kind](values), tokens


DAY_FROM = value_columns("incident").index("day_from")
"""Position of the first day in the values of an incident; keys of entries are ordered by it."""


def entry_key(kind: str, values: tuple[Any, ...], number: int) -> int:
    """Key of the entry with this number; `values` are in the order of the table."""
    return (values[DAY_FROM] << ENTRY_BITS) | number if kind == "incident" else number
