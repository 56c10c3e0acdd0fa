"""Which place a file means: by an id, by a name in any script within the given region, by the nearest point.

What several places could be is never guessed: it is told with its candidates, and becomes a place of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import QuerySet

from incidents import world
from incidents.batches import batched
from incidents.ledger.grid import circle_box
from incidents.loading.places.known_places import AREAS, SOME, areas, country_around, is_listed, likeness, places_called
from incidents.loading.profiles.keys import PlaceKeys
from incidents.loading.slugs import slug
from incidents.loading.staging.parsed import PlaceFacts, Point
from incidents.models import Location
from incidents.publishing.revealing_text.geography import distance_km
from incidents.text_folding import name_key
from incidents.world import Region

IDS = ("geonames_id", "katotth", "pcode", "wikidata_id", "public_id")
"""The ids by which a file can name a place, the surest first."""

LIE_AT_A_POINT = frozenset(("settlement", "neighbourhood", "facility"))
NEAR_KM = 10.0
"""A place of that name whose point lies further off than this from where the file has it is another one."""


class FilePlace(NamedTuple):
    """A place of a file: what it says, the place that holds it, and where most rows have it."""

    facts: PlaceFacts
    parent: Location | None
    point: Point | None


class Candidate(NamedTuple):
    """A place that could be meant; how many kilometres from where the file has it, None if not known."""

    place: Location
    km: float | None

    def __str__(self) -> str:
        region = self.place.parent.name if self.place.parent else self.place.country_code
        listed = f", GeoNames {self.place.geonames_id}" if self.place.geonames_id else ""
        away = f", {self.km:.1f} km away" if self.km is not None else ""
        return f"{self.place.public_id} ({self.place.name}, {region}{listed}{away})"


class Match(NamedTuple):
    """What was found: `how` is a code of PlaceMatch; without a place, what was considered."""

    how: str
    place: Location | None = None
    candidates: tuple[Candidate, ...] = ()


NEW = Match("new")


class Matcher:
    """Finds the places of a file among those that were there before it; `made` are keys of those that it made."""

    def __init__(self, keys: PlaceKeys | None, made: set[int]) -> None:
        self._made = made
        self._by, self._km = (keys.match, keys.match_km) if keys else ("none", 0.0)
        self._places: QuerySet[Location] = Location.objects.select_related("parent__parent__parent__parent")

    def match(self, wanted: Sequence[FilePlace]) -> dict[str, Match]:
        """Return what was found for each, by the id of its facts."""
        found: dict[str, Match] = {}
        if self._by == "none":
            return {each.facts.id: NEW for each in wanted}
        for step in (self._by_ids, self._by_code, self._by_region, self._by_names, self._by_point)[: STEPS[self._by]]:
            found |= step([each for each in wanted if each.facts.id not in found])
        return {each.facts.id: NEW for each in wanted} | found

    def _by_ids(self, wanted: Sequence[FilePlace]) -> dict[str, Match]:
        found: dict[str, Match] = {}
        for field in IDS:
            given = {each.facts.id: value for each in wanted for name, value in each.facts.ids if name == field}
            places = _grouped(self._having(field, set(given.values())), field)
            for facts_id, value in given.items():
                same = places.get(value, [])
                if same and facts_id not in found:
                    found[facts_id] = _one(same, "id")
        return found

    def _having(self, field: str, values: Iterable[Any]) -> Iterator[Location]:
        for some in batched(sorted(values), SOME):
            yield from self._places.filter(**{f"{field}__in": some}).exclude(pk__in=self._made)

    def _by_code(self, wanted: Sequence[FilePlace]) -> dict[str, Match]:
        """Match countries by their codes, whatever language they are named in."""
        codes = {code_of_country(each.facts) for each in wanted if each.facts.kind == "country"} - {""}
        countries = _grouped(
            (each for each in self._having("country_code", codes) if each.kind == "country"), "country_code"
        )
        return {
            each.facts.id: _one(same, "id")
            for each in wanted
            if each.facts.kind == "country" and (same := countries.get(code_of_country(each.facts)))
        }

    def _by_region(self, wanted: Sequence[FilePlace]) -> dict[str, Match]:
        """Match regions of the world by any of their names, whichever of them a place of ours has."""
        regions = {each.facts.id: region for each in wanted if (region := region_of(each))}
        called = defaultdict[str, dict[int, Location]](dict)
        keys = {name_key(name): region for region in regions.values() for name in region.called}
        for some in batched(sorted(keys), SOME):
            for _, name, place in places_called(self._places.filter(kind="admin1"), some, location__kind="admin1"):
                country = country_around(place)
                same = world.region_called(country, name) if country and place.pk not in self._made else None
                if same is not None:
                    called[same.code][place.pk] = place
        found = {}
        for each in wanted:
            region = regions.get(each.facts.id)
            fitting = list(called[region.code].values()) if region else []
            fitting = [place for place in fitting if not _has_another_id(place, each)]
            if fitting:
                found[each.facts.id] = _one(sorted(fitting, key=lambda place: place.public_id), "name")
        return found

    def _by_names(self, wanted: Sequence[FilePlace]) -> dict[str, Match]:
        found: dict[str, Match] = {}
        for some in batched(wanted, SOME):
            called = defaultdict[str, defaultdict[Location, list[str]]](lambda: defaultdict(list))
            for key, name, place in places_called(self._places, {name_key(each.facts.name) for each in some}):
                called[key][place].append(name)
            for each in some:
                alike = {
                    place: names
                    for place, names in called[name_key(each.facts.name)].items()
                    if place.kind == each.facts.kind and place.pk not in self._made
                }
                fitting = {place: names for place, names in alike.items() if _within(place, each)}
                if _could_be_abroad(each, alike):
                    candidates = sorted((Candidate(place, _distance(place, each.point)) for place in alike), key=_order)
                    found[each.facts.id] = Match("ambiguous", None, tuple(candidates))
                elif fitting:
                    found[each.facts.id] = _chosen(each, fitting, self._km)
        return found

    def _by_point(self, wanted: Sequence[FilePlace]) -> dict[str, Match]:
        found: dict[str, Match] = {}
        lying = [each for each in wanted if each.point and each.facts.kind in LIE_AT_A_POINT]
        for some in batched(lying, SOME):
            places = [place for place in self._around(some) if is_listed(place) and place.pk not in self._made]
            for each in some:
                near = sorted(
                    (km, place.public_id, place)
                    for place in places
                    if place.kind == each.facts.kind
                    and (km := _distance(place, each.point)) is not None
                    and km <= self._km
                    and _within(place, each)
                )
                if near and (len(near) == 1 or near[0][0] < near[1][0]):
                    found[each.facts.id] = Match("point", near[0][2], (Candidate(near[0][2], near[0][0]),))
                elif near:
                    candidates = tuple(Candidate(place, km) for km, _, place in near)
                    found[each.facts.id] = Match("ambiguous", None, candidates)
        return found

    def _around(self, wanted: Sequence[FilePlace]) -> list[Location]:
        """Return the places near any of these, in one query that is quicker to write than to have written."""
        boxes = [replace(circle_box(each.point[::-1], self._km), centre=None) for each in wanted if each.point]
        vendor = connections[self._places.db].vendor
        conditions = [box.condition(vendor) for box in boxes]
        condition = " OR ".join(f"({inside})" for inside, _ in conditions)
        with connections[self._places.db].cursor() as cursor:
            cursor.execute(
                f'SELECT id FROM "{Location._meta.db_table}" WHERE {condition}',  # noqa: S608 - a name of ours
                [value for _, values in conditions for value in values],
            )
            keys = [row[0] for row in cursor.fetchall()]
        return list(self._places.in_bulk(keys).values())


STEPS: Mapping[str, int] = {"id": 2, "name": 4, "point": 5}


def _one(same: Sequence[Location], how: str) -> Match:
    if len(same) == 1:
        return Match(how, same[0])
    return Match("ambiguous", None, tuple(Candidate(place, None) for place in same))


def code_of_country(facts: PlaceFacts) -> str:
    """Return the code that a file gives a country, or that its name has in any language; "" for none."""
    country = world.country_of(facts.name) if facts.kind == "country" and not facts.country_code else None
    return country.alpha3 if country else facts.country_code


def region_of(wanted: FilePlace) -> Region | None:
    """Return the region of the world that a file's region surely is."""
    country = wanted.facts.country_code or (country_around(wanted.parent) if wanted.parent else "")
    return world.region_called(country, wanted.facts.name) if wanted.facts.kind == "admin1" and country else None


def same_as(wanted: FilePlace) -> Hashable:
    """Return what a place shares with another spelling of it: the code of a country or region, or name and area."""
    facts = wanted.facts
    if facts.kind == "country" and (code := code_of_country(facts)):
        return code
    if region := region_of(wanted):
        return region.code
    return (wanted.parent.public_id, facts.kind, slug(facts.name) or facts.name, facts.ids) if wanted.parent else None


def _could_be_abroad(wanted: FilePlace, alike: Iterable[Location]) -> bool:
    """Tell whether a file names no country, and places of that name are in several."""
    if wanted.parent or wanted.facts.country_code or wanted.point or wanted.facts.kind == "country":
        return False
    return len({country_around(place) for place in alike}) > 1


def _has_another_id(place: Location, wanted: FilePlace) -> bool:
    return any(
        getattr(place, field) not in (None, "", value) for field, value in wanted.facts.ids if field != "public_id"
    )


def _within(place: Location, wanted: FilePlace) -> bool:
    """Tell whether a place lies where the file has it: in that very area, or listed and in no other region.

    One that has another id than the file gives is another place, however alike.
    """
    parent = wanted.parent
    if _has_another_id(place, wanted):
        return False
    if place.parent_id == (parent.pk if parent else None):
        return True
    if not is_listed(place):
        return False  # a file tells of some places only, so that it has one of a name proves nothing about a region
    theirs, given = areas(place), areas(parent) if parent else {}
    common = [level for level in AREAS if level in theirs and level in given]
    if parent and not common:
        return False
    if wanted.facts.country_code and place.country_code and wanted.facts.country_code != place.country_code:
        return False
    whole = "admin1" if "admin1" in given else "country"
    return all(theirs[level] == given[level] for level in common) and (whole in common or not parent)


def _chosen(wanted: FilePlace, fitting: Mapping[Location, Sequence[str]], close: float) -> Match:
    """Return the only one that can be meant, else all of them."""
    every = sorted((Candidate(place, _distance(place, wanted.point)) for place in fitting), key=_order)
    if wanted.point and wanted.facts.kind in LIE_AT_A_POINT:
        nowhere = [each for each in every if each.km is None]
        for limit in (close, NEAR_KM):
            near = [each for each in every if each.km is not None and each.km <= limit]
            if len(near) == 1 and not nowhere:
                return Match("name", near[0].place)
            if near:
                return Match("ambiguous", None, tuple(near + nowhere))
        if not nowhere:
            return Match("new", None, tuple(every))
        every = nowhere
    best = max(likeness(wanted.facts.name, fitting[each.place]) for each in every)
    alike = [each for each in every if likeness(wanted.facts.name, fitting[each.place]) == best]
    return Match("name", alike[0].place) if len(alike) == 1 else Match("ambiguous", None, tuple(alike))


def _order(candidate: Candidate) -> tuple[bool, float, str]:
    return candidate.km is None, candidate.km or 0.0, candidate.place.public_id


def _distance(place: Location, point: Point | None) -> float | None:
    if point is None or place.latitude is None or place.longitude is None:
        return None
    return distance_km((place.latitude, place.longitude), point)


def _grouped(places: Iterable[Location], field: str) -> dict[Any, list[Location]]:
    found: dict[Any, list[Location]] = {}
    for place in places:
        found.setdefault(getattr(place, field), []).append(place)
    return found
