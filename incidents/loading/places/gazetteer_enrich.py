"""What a gazetteer says into a place of ours: three ways, so that what editors corrected stays.

A field takes what the file says if it is empty, or if it is as the file had it last time. A name that editors took away
does not come back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from incidents.ledger.models import Revision
from incidents.loading.places.gazetteer_rows import RANKS, PlaceRow
from incidents.loading.places.known_places import holds
from incidents.loading.slugs import fitted, slug
from incidents.models import Location, PlaceMatch, PlaceName
from incidents.text_folding import name_key
from incidents.vocabulary.countries import countries

BATCH = 500
MERGED = (("name",), ("kind",), ("country_code",), ("latitude", "longitude"), ("geonames_id",), ("wikidata_id",))
"""The fields of a place that a gazetteer tells; those of one group are taken together."""

FIELDS = tuple(name for group in MERGED for name in group)
AreaOf = Callable[[PlaceRow], Location | None]
Said = dict[str, Any]


@dataclass
class GazetteerCounts:
    """What became of the places of a file; `public` of the enriched ones are public."""

    added: int = 0
    enriched: int = 0
    unchanged: int = 0
    names: int = 0
    public: int = 0
    bad: int = 0
    recognised: int = 0
    kept: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"added {self.added}, enriched {self.enriched}, unchanged {self.unchanged}, names added {self.names}"


class Enricher:
    """Writes a chunk of places: those we have as far as they lack something, the others new."""

    def __init__(self, counts: GazetteerCounts) -> None:
        self._counts = counts

    def write(self, rows: Sequence[PlaceRow], ours: dict[int, list[Location]], area_of: AreaOf) -> None:
        """Write a chunk; `ours` are the places we have, by GeoNames id, and become complete."""
        matches = self._matches(rows)
        said = {row.id: _said(row, area_of(row)) for row in rows}
        self._make([row for row in rows if row.id not in ours], said, ours, area_of)
        old = [(row, place) for row in rows for place in ours[row.id] if place.pk not in self._fresh]
        self._enrich(old, said, matches, area_of)
        PlaceMatch.objects.bulk_create(
            [PlaceMatch(key=_key(row), location=ours[row.id][0], how="gazetteer", said=said[row.id]) for row in rows],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["said"],
        )

    def _matches(self, rows: Sequence[PlaceRow]) -> dict[int, Said]:
        """Return what the files had said of these places so far."""
        keys = {_key(row): row.id for row in rows}
        found = PlaceMatch.objects.filter(key__in=keys).values_list("key", "said")
        return {keys[key]: said for key, said in found}

    def _make(
        self, rows: Sequence[PlaceRow], said: Mapping[int, Said], ours: dict[int, list[Location]], area_of: AreaOf
    ) -> None:
        ids = {row.id: _id(row) for row in rows}
        free = self._free(list(ids.values()))
        made = []
        for row in rows:
            public_id = ids[row.id] if ids[row.id] in free else fitted(f"{ids[row.id]}-{row.id}")
            place = Location(public_id=public_id, parent=area_of(row), **{name: said[row.id][name] for name in FIELDS})
            made.append(place)
            ours[row.id] = [place]
        Location.objects.bulk_create(made, batch_size=BATCH)
        self._fresh = {place.pk for place in made}
        self._add_names([(ours[row.id][0], row.names) for row in rows])
        self._counts.added += len(made)

    def _free(self, ids: Sequence[str]) -> set[str]:
        """Return those ids that no place has yet and that are asked for once."""
        taken = Location.objects.filter(public_id__in=ids).values_list("public_id", flat=True)
        return {each for each, times in Counter(ids).items() if each and times == 1}.difference(taken)

    def _enrich(
        self,
        pairs: Sequence[tuple[PlaceRow, Location]],
        said: Mapping[int, Said],
        before: Mapping[int, Said],
        area_of: AreaOf,
    ) -> None:
        names = defaultdict[int, list[PlaceName]](list)
        for each in PlaceName.objects.filter(location__in={place.pk for _, place in pairs}):
            names[each.location_id].append(each)
        touched, fresh = [], []
        for row, place in pairs:
            differs = self._merge(place, said[row.id], before.get(row.id, {}))
            differs |= self._move(place, area_of(row), before.get(row.id, {}), said[row.id])
            more = _new_names(place, row, names[place.pk], before.get(row.id, {}).get("names", []))
            if more:
                fresh.append((place, more))
            if differs or more:
                place.edited = timezone.now()
                place.name_key = name_key(place.name)
                touched.append(place)
            else:
                self._counts.unchanged += 1
        Location.objects.bulk_update(touched, [*FIELDS, "name_key", "parent", "edited"], batch_size=100)
        self._add_names(fresh)
        self._counts.enriched += len(touched)
        public = Revision.objects.live().of("location", [place.public_id for place in touched])
        self._counts.public += public.count()

    def _merge(self, place: Location, now: Said, before: Said) -> bool:
        """Take what the file says for what is empty or as the file had it; tell the rest."""
        differs, kept = False, []
        for fields in MERGED:
            new, old = [now[name] for name in fields], [before.get(name) for name in fields]
            ours = [getattr(place, name) for name in fields]
            if new == ours or all(value in (None, "") for value in new) or (before and new == old):
                continue
            difference = f"{' and '.join(fields)} {_text(ours)}, the file has {_text(new)}"
            if all(value in (None, "") for value in ours) or (before and ours == old):
                for name, value in zip(fields, new, strict=True):
                    setattr(place, name, value)
                differs = True
                if before:
                    self._counts.changed.append(f"{place.public_id}: {difference}")
            else:
                kept.append(difference)
        if kept:
            self._counts.kept.append(f"{place.public_id}: {'; '.join(kept)}")
        return differs

    def _move(self, place: Location, area: Location | None, before: Said, now: Said) -> bool:
        """Put a place into the area the file names, if that is smaller than its own or took the file's place."""
        if area is None or place.parent_id == area.pk or area.pk == place.pk or holds(area, place):
            return False
        was = place.parent.public_id if place.parent else ""
        if place.parent is None or holds(place.parent, area) or (before and was == before.get("parent")):
            if holds(place, area):
                return False
            place.parent = area
            return True
        if now["parent"] != before.get("parent"):
            self._counts.kept.append(f"{place.public_id}: in {was}, the file has it in {now['parent']}")
        return False

    def _add_names(self, fresh: Iterable[tuple[Location, Iterable[tuple[str, str, str]]]]) -> None:
        rows = [
            PlaceName(location=place, name=name, language=language, kind=kind)
            for place, names in fresh
            for name, language, kind in {each[:2]: each for each in names}.values()
        ]
        PlaceName.objects.bulk_create(rows, batch_size=BATCH)
        self._counts.names += len(rows)


def free_id(public_id: str, number: str) -> str:
    """Return an id for a place, with a number if it is taken."""
    taken = Location.objects.filter(public_id=public_id).exists()
    return f"{public_id}-{slug(number)}" if taken else public_id


def _key(row: PlaceRow) -> str:
    return f"geonames:{row.id}"


def _id(row: PlaceRow) -> str:
    """Return the id of a new place: areas by their names, all others with their number too, as names recur."""
    country = countries()[row.country].alpha3.lower() if row.country else ""
    if row.kind == "country":
        return country or slug(row.name)
    name = "-".join(part for part in (country, slug(row.name)) if part)
    return fitted(name) if row.kind in RANKS else f"{name[:60].rstrip('-')}-{row.id}"


def _said(row: PlaceRow, area: Location | None) -> Said:
    return {
        "name": row.name,
        "kind": row.kind,
        "country_code": countries()[row.country].alpha3 if row.country else "",
        "latitude": row.latitude,
        "longitude": row.longitude,
        "geonames_id": row.id,
        "wikidata_id": row.wikidata,
        "parent": area.public_id if area else "",
        "names": sorted({(name, language) for name, language, _ in row.names}),
    }


def _new_names(
    place: Location, row: PlaceRow, has: Sequence[PlaceName], before: Sequence[Sequence[str]]
) -> list[tuple[str, str, str]]:
    """Return the names that a place lacks and that the file did not have before."""
    known = {(each.name, each.language) for each in has} | {(name, language) for name, language in before}
    texts = {each.name for each in has} | {place.name}
    names = list(row.names)
    if row.name != place.name and not before:
        names.insert(0, (row.name, "", "variant"))
    return [each for each in names if each[:2] not in known and not (each[1] == "" and each[0] in texts)]


def _text(values: Sequence[Any]) -> str:
    return ", ".join(str(value) if value not in (None, "") else "nothing" for value in values)
