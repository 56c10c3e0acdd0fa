"""Places of ours: what holds them, and which of them have a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from incidents.batches import batched
from incidents.loading.staging.parsed import PlaceFacts
from incidents.models import Location, PlaceName
from incidents.text_folding import KINDS_IN_NAMES, name_key, words_again

AREAS = ("country", "admin1", "admin2", "admin3")
SOME = 200
"""Places that are asked for at a time."""


def chain(place: Location | None) -> Iterator[Location]:
    """Yield a place and all that hold it, the smallest first."""
    while place is not None:
        yield place
        place = place.parent


def holds(area: Location, place: Location) -> bool:
    """Tell whether an area holds a place, and is not that place."""
    return any(each.pk == area.pk for each in chain(place.parent))


def areas(place: Location | None) -> dict[str, int]:
    """Return the keys of a place and of all that hold it, by level."""
    found: dict[str, int] = {}
    for each in chain(place):
        if each.kind in AREAS:
            found.setdefault(each.kind, each.pk)
    return found


def country_around(place: Location) -> str:
    """Return the code of the country that a place is in, "" if none is known."""
    return next((each.country_code for each in chain(place) if each.country_code), "")


def is_listed(place: Location) -> bool:
    """Tell whether a gazetteer lists a place, or editors gave it an id: only then is it told from all others."""
    return bool(place.geonames_id or place.katotth or place.pcode or place.wikidata_id)


def places_called(
    places: QuerySet[Location], keys: Collection[str], **of_names: Any
) -> Iterator[tuple[str, str, Location]]:
    """Yield the places that have a name of one of some keys, each with that key and name.

    `of_names` are conditions on further names, which hold for the same places.
    """
    for place in places.filter(name_key__in=keys):
        yield place.name_key, place.name, place
    names = PlaceName.objects.filter(name_key__in=keys, **of_names).values_list("location_id", "name_key", "name")
    others = places.in_bulk({location for location, _, _ in names})
    for location, key, name in names:
        yield key, name, others[location]


def likeness(given: str, names: Iterable[str]) -> int:
    """Return 3 if one of the names is spelt alike, 2 if it tells the same sort of place, else 1."""
    spelt = words_again(given)
    kinds = KINDS_IN_NAMES.intersection(spelt)
    return max(3 if words_again(name) == spelt else 2 if kinds.intersection(words_again(name)) else 1 for name in names)


def fill_keys() -> None:
    """Key the names that were saved raw, as fixtures are."""
    for model in (Location, PlaceName):
        rows: QuerySet[Any] = model._default_manager.all()
        while some := list(rows.filter(name_key="").only("pk", "name")[:SOME]):
            for each in some:
                each.name_key = name_key(each.name)
            rows.bulk_update(some, ["name_key"])


def called_otherwise(facts: Mapping[str, PlaceFacts], found: Mapping[str, Location]) -> list[str]:
    """Tell of places found by their ids, by the ids of their facts, that the file gives a name they do not have."""
    names = {(place.pk, place.name_key) for place in found.values()}
    for some in batched(sorted({place.pk for place in found.values()}), SOME):
        names |= set(PlaceName.objects.filter(location__in=some).values_list("location", "name_key"))
    return [
        f"{place.public_id} ({place.name}): {facts[each].name}"
        for each, place in sorted(found.items(), key=lambda item: item[0])
        if place.kind != "country" and (place.pk, name_key(facts[each].name)) not in names
    ]


def line(parents: Mapping[int, int | None], key: int | None) -> Iterator[int]:
    """Yield the key of a place and of all that hold it."""
    while key is not None:
        yield key
        key = parents[key]
