"""Which of our places those of a gazetteer are, region by region, and into which areas new ones go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from incidents import world
from incidents.batches import batched
from incidents.loading.bulk_rows import by_id, merged
from incidents.loading.load_report import LoadReport
from incidents.loading.places.gazetteer_enrich import Enricher, GazetteerCounts, free_id
from incidents.loading.places.gazetteer_rows import RANKS, PlaceRow
from incidents.loading.places.gazetteer_staging import GazetteerStaging
from incidents.loading.places.known_places import areas, fill_keys, likeness, places_called
from incidents.loading.slugs import slug
from incidents.models import Location, PlaceMatch
from incidents.publishing.revealing_text.geography import distance_km
from incidents.text_folding import name_key
from incidents.vocabulary.countries import countries

CHUNK = 500
AROUND = "parent__parent__parent__parent"
SAME_KM = 5.0
"""A place of ours with one of its names, in its region, is the gazetteer's if it lies no further off than this."""

SURE_KM = 0.5
"""Of several that lie so near, the only one that lies this near is it."""


class GazetteerWriter:
    """Writes the places of a staging file, what holds others first."""

    def __init__(self, staging: GazetteerStaging, counts: GazetteerCounts, report: LoadReport) -> None:
        self._staging, self._counts, self._report = staging, counts, report
        self._areas: dict[str, Location] = {}
        self._nameless: Counter[str] = Counter()
        self._enricher = Enricher(counts)

    def load(self) -> None:
        """Write all of it."""
        fill_keys()
        self._known_areas()
        done = 0
        with self._report.progress("writing", self._staging.count, " places") as progress:
            for rank in range(len(RANKS) + 1):
                for rows in self._staging.chunks(rank, CHUNK):
                    self._pair(rows)
                mine = self._decided()
                for rows in self._staging.chunks(rank, CHUNK):
                    self._write(rows, mine)
                    done += len(rows)
                    progress.reach(done)
        if self._nameless:
            listing = ", ".join(f"{code} ({number:,})" for code, number in sorted(self._nameless.items()))
            self._report.say(f"note: areas that no file names, their places stand in what holds them: {listing}")

    def _known_areas(self) -> None:
        """Take up the areas that earlier files named, by their codes."""
        rows = PlaceMatch.objects.filter(key__startswith="area:").select_related(f"location__{AROUND}")
        known = {row.key.removeprefix("area:"): row.location for row in rows}
        self._areas = dict(zip(known, self._unmerged(list(known.values())), strict=True))

    def _unmerged(self, places: Sequence[Location]) -> list[Location]:
        """Return for each of these places the one that stands for it now."""
        targets = merged("location", [place.public_id for place in places])
        found = by_id(Location, targets.values())
        return [found.get(targets.get(place.public_id, ""), place) for place in places]

    def _area(self, row: PlaceRow) -> Location | None:
        """Return the smallest known area that holds a place; a country that nobody named is made."""
        code = row.code if row.kind not in RANKS else row.code.rpartition(".")[0]
        while code:
            if code in self._areas:
                return self._areas[code]
            if "." not in code:
                self._country(code)
                continue
            code = code.rpartition(".")[0]
        return None

    def _country(self, code: str) -> None:
        """Take up a country that no file has, by its code; make it if nobody else has."""
        country = countries()[code]
        known = Location.objects.filter(kind="country", country_code=country.alpha3)
        place = known.order_by("pk").first()
        if place is None:
            place = Location(name=country.name, kind="country", country_code=country.alpha3)
            place.public_id = free_id(slug(country.alpha3), code)
            place.save()
            self._counts.added += 1
        self._note_area(code, place)

    def _note_area(self, code: str, place: Location) -> None:
        if self._areas.get(code) != place:
            PlaceMatch.objects.update_or_create(key=f"area:{code}", defaults={"location": place, "how": "gazetteer"})
        self._areas[code] = place

    def _pair(self, rows: Sequence[PlaceRow]) -> None:
        """Note which of our places that no gazetteer lists yet these rows may be."""
        listed = {key for key, _ in self._listed(rows)}
        wanted: dict[str, list[PlaceRow]] = {}
        for row in rows:
            if row.kind == "country":  # known by its code, whatever it is called
                mine = self._unlisted().filter(kind="country", country_code=countries()[row.country].alpha3)
                self._staging.pair((row.id, place.pk, None) for place in mine)
            elif row.id not in listed:
                for key in {name_key(name) for name in _called(row)}:
                    wanted.setdefault(key, []).append(row)
        self._pair_called(wanted)

    def _pair_called(self, wanted: Mapping[str, Sequence[PlaceRow]]) -> None:
        for keys in batched(sorted(wanted), CHUNK):
            pairs: dict[tuple[int, int], float | None] = {}
            for key, _, place in places_called(self._unlisted(), keys, location__geonames_id__isnull=True):
                for row in wanted[key]:
                    fits, apart = self._fits(row, place)
                    if fits:
                        pairs[row.id, place.pk] = apart
            self._staging.pair((number, location, apart) for (number, location), apart in pairs.items())

    def _unlisted(self) -> QuerySet[Location]:
        unlisted: QuerySet[Location] = Location.objects.filter(geonames_id__isnull=True).select_related(AROUND)
        return unlisted

    def _fits(self, row: PlaceRow, place: Location) -> tuple[bool, float | None]:
        """Tell whether a place of ours can be a row's, and how far apart they are."""
        if place.kind != row.kind:
            return False, None
        theirs, given = areas(place.parent), areas(self._area(row))
        common = theirs.keys() & given.keys() & {"country", "admin1"}
        if not common or any(theirs[level] != given[level] for level in common):
            return False, None
        if row.kind in RANKS:
            alike = likeness(place.name, row.called)
            return alike > 1 or row.kind == "admin1", 3.0 - alike
        if row.latitude is None or row.longitude is None or place.latitude is None or place.longitude is None:
            return False, None
        km = distance_km((row.latitude, row.longitude), (place.latitude, place.longitude))
        return km <= SAME_KM, km

    def _decided(self) -> dict[int, list[Location]]:
        """Return which of our places each row is; one that several rows could be is none, and told."""
        mine: dict[int, list[int]] = {}
        for location, rows in self._staging.take_pairs().items():
            sure = [number for number, apart in rows if apart is None or apart <= SURE_KM]
            if len(rows) == 1 or len(sure) == 1:
                mine.setdefault(sure[0] if sure else rows[0][0], []).append(location)
            else:
                place = Location.objects.get(pk=location)
                could = ", ".join(str(number) for number, _ in rows)
                self._counts.unsure.append(f"{place.public_id} ({place.name}): GeoNames {could}")
        places = Location.objects.select_related(AROUND).in_bulk(
            [location for some in mine.values() for location in some]
        )
        return {number: [places[location] for location in some] for number, some in mine.items()}

    def _listed(self, rows: Sequence[PlaceRow]) -> list[tuple[int, Location]]:
        """Return the places of ours that are known to be these, a merged one by its target."""
        numbers = [row.id for row in rows]
        places = list(Location.objects.filter(geonames_id__in=numbers).select_related(AROUND))
        found = zip([place.geonames_id or 0 for place in places], self._unmerged(places), strict=True)
        return list(dict.fromkeys(found))

    def _write(self, rows: Sequence[PlaceRow], recognised: dict[int, list[Location]]) -> None:
        ours: dict[int, list[Location]] = {}
        for number, place in self._listed(rows):
            ours.setdefault(number, []).append(place)
        for row in rows:
            if more := recognised.get(row.id):
                ours.setdefault(row.id, []).extend(more)
                self._counts.recognised += len(more)
            if len(ours.get(row.id, ())) > 1:
                listing = ", ".join(place.public_id for place in ours[row.id])
                self._counts.twins.append(f"GeoNames {row.id} ({row.name}): {listing}")
        self._enricher.write(rows, ours, self._area)
        for row in rows:
            region = ".".join(row.code.split(".")[:2])
            if row.kind not in RANKS and region and region not in self._areas:
                self._nameless[region] += 1
            if row.kind in RANKS and row.code:
                self._note_area(row.code, ours[row.id][0])


def _called(row: PlaceRow) -> tuple[str, ...]:
    """Return the names of a place; of a region also those by which the world knows it."""
    country = countries()[row.country].alpha3 if row.country else ""
    region = world.region_called(country, row.name) if row.kind == "admin1" else None
    return (*row.called, *region.called) if region else row.called
