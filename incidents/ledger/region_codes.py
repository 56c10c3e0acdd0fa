"""The codes of regions and all that a place is called: from its public document, and from what the world knows of it.

Pure functions on documents, so the same on a mirror and after a new indexing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from incidents import world
from incidents.ledger.denormalisation import Document
from incidents.text_folding import called_token, code_token, spelt_token
from incidents.world import Region

IDENTIFIERS = ("geonames", "katotth", "pcode", "wikidata")


class RegionCodes(NamedTuple):
    """The codes of the region and the district of a place."""

    admin1: str | None
    admin2: str | None


def code_of(place: Document) -> str | None:
    """Code of a region or district: of ISO 3166-2 where the region is known to have one, otherwise its p-code."""
    region = region_of(place)
    return region.code if region is not None else place["identifiers"]["pcode"] or None


def region_of(place: Document) -> Region | None:
    """Region of the world that a place is: by its codes, or because one region of its country is surely called so."""
    country = place["country"]
    if place["kind"] != "admin1" or not country:
        return None
    identifiers = place["identifiers"]
    for code in filter(None, (identifiers["katotth"], identifiers["pcode"], identifiers["geonames"])):
        known = world.region_of_code(str(code))
        if known is not None and known.country == country:
            return known
    names = (place["name"], *(name["name"] for name in place["names"]))
    return next((found for name in names if (found := _called(country, name))), None)


@lru_cache(maxsize=16_384)
def _called(country: str, name: str) -> Region | None:
    return world.region_called(country, name)


def tokens(place: Document) -> Iterator[str]:
    """Yield the index tokens by which a place is asked for: all its names, whole, and all its codes."""
    for name in _names(place):
        yield spelt_token(name)
        yield called_token(name)
    for code in _codes(place):
        yield code_token(code)


def _names(place: Document) -> Iterator[str]:
    yield place["name"]
    for name in place["names"]:
        yield name["name"]
    if (region := region_of(place)) is not None:
        yield from region.called
    if place["kind"] == "country" and place["country"]:
        for each in world.names_of_country(place["country"]):
            yield each.text


def _codes(place: Document) -> Iterator[str]:
    for name in IDENTIFIERS:
        if place["identifiers"][name]:
            yield str(place["identifiers"][name])
    if (region := region_of(place)) is not None:
        yield from region.codes
    if place["kind"] == "country" and (known := world.by_alpha3().get(place["country"] or "")):
        yield from filter(None, (known.alpha2, known.alpha3, known.numeric))
