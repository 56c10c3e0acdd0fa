"""The places of a file: taken to be those they were before, else matched, else made.

What exists is left as it is, but for one thing: a place from a gazetteer that readers have not seen yet moves into the
smaller area that most rows of the file give it, if that lies in the one the gazetteer gave.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from incidents.batches import batched
from incidents.loading.bulk_rows import current
from incidents.loading.errors import LoadError
from incidents.loading.load_report import LoadReport
from incidents.loading.places.corrected_areas import CorrectedAreas, TellingRows
from incidents.loading.places.far_apart import FAR_APART, far_apart
from incidents.loading.places.known_places import called_otherwise, fill_keys, holds, line
from incidents.loading.places.matching import FilePlace, Match, Matcher, code_of_country, same_as
from incidents.loading.profiles.keys import PlaceKeys
from incidents.loading.staging.parsed import PlaceFacts, SharedRecords
from incidents.loading.staging.staging_file import StagedPoints
from incidents.models import Location, PlaceMatch
from incidents.publishing import PublishingSession, render
from incidents.publishing.dependencies import parents_first

FIELDS = ("geonames_id", "katotth", "pcode", "wikidata_id")

CHUNK = 500

ELSEWHERE = "places in another area than the file has them in; they stay where they are"


class PlaceResolver:
    """Resolves the places that a whole file names, areas first."""

    def __init__(
        self,
        session: PublishingSession,
        shared: SharedRecords,
        points: StagedPoints,
        keys: PlaceKeys | None,
        report: LoadReport,
        dataset: str,
    ) -> None:
        self._session, self._report, self._dataset = session, report, dataset
        self._facts, self._points = shared.places.most_frequent(), points.most_frequent()
        self._corners = points.corners
        self._times = shared.places.times()
        self._records: dict[str, Location] = {}
        self._matches: dict[str, Match] = {}
        self._made: set[int] = set()
        self._spelt: dict[Hashable, Location] = {}
        """The places that this load took or made, by what is the same however the file spells them or their area."""
        self._open = 0
        self._matcher = Matcher(keys, self._made)

    def resolve(self) -> dict[str, Location]:
        """Return the place for each id of the facts; tell how they were found."""
        fill_keys()
        known = self._known()
        for layer in self._layers():
            self._take(layer, known)
        self._remember()
        self._refine()
        self._give_codes()
        self._tell(len(known))
        return self._records

    def correct(self, told: Callable[[Collection[str]], TellingRows]) -> set[str]:
        """Move the places that the file corrects; returns the ids of the areas that readers saw around them before.

        `told` returns what kinds of rows have some facts.
        """
        corrected = CorrectedAreas(self._session, self._dataset, self._report, told, self._publish)
        former = corrected.correct(self._records, self._facts, self._times)
        staying = self._elsewhere() | corrected.staying
        self._report.write_list(ELSEWHERE, [staying[each] for each in sorted(staying)])
        return former

    def publish(self, chosen: Collection[str]) -> None:
        """Make public the places of these ids of facts, after what holds them."""
        for layer in self._layers():
            self._publish([self._records[facts.id] for facts in layer if facts.id in chosen])

    def _known(self) -> dict[str, Location]:
        """Return the places that earlier loads or the editors have settled, a merged one by its target."""
        remembered: dict[str, str] = {}
        for some in batched(sorted(self._facts), CHUNK):
            rows = PlaceMatch.objects.filter(key__in=some)
            remembered |= dict(rows.values_list("key", "location__public_id"))
            self._open += rows.filter(how="ambiguous", location__geonames_id__isnull=True).count()
        meant = {facts_id: remembered.get(facts_id, facts_id) for facts_id in self._facts}
        found = current(Location, meant.values())
        return {facts_id: found[each] for facts_id, each in meant.items() if each in found}

    def _layers(self) -> Iterable[list[PlaceFacts]]:
        """Yield the facts in layers, areas before what they hold."""
        left, done = dict(self._facts), {""}
        while left:
            layer = [facts for facts in left.values() if facts.parent in done]
            if not layer:
                raise LoadError(f"Places hold each other in a circle: {', '.join(sorted(left))}.")
            yield layer
            for facts in layer:
                done.add(facts.id)
                del left[facts.id]

    def _take(self, layer: list[PlaceFacts], known: Mapping[str, Location]) -> None:
        self._records |= {facts.id: known[facts.id] for facts in layer if facts.id in known}
        unknown = [
            FilePlace(facts, self._records.get(facts.parent), self._points.get(facts.id))
            # Of several spellings the most frequent one comes first, whatever the order of the rows.
            for facts in sorted(layer, key=lambda each: (-self._times[each.id], each.id))
            if facts.id not in known
        ]
        matches = self._matcher.match(unknown)
        fresh = []
        for wanted in unknown:
            match = matches[wanted.facts.id]
            same = same_as(wanted) if match.place is None and match.how == "new" else None
            if same in self._spelt:
                match = Match("name", self._spelt[same])
            if match.place is None:
                match = match._replace(place=self._new(wanted))
                fresh.append(match.place)
            if same is not None and match.place:
                self._spelt[same] = match.place
            self._matches[wanted.facts.id] = match
        Location.objects.bulk_create([each for each in fresh if each], batch_size=CHUNK)
        self._made.update(each.pk for each in fresh if each)
        self._records |= {facts_id: match.place for facts_id, match in self._matches.items() if match.place}

    def _new(self, wanted: FilePlace) -> Location:
        facts = wanted.facts
        latitude, longitude = wanted.point or (None, None)
        return Location(
            public_id=facts.id,
            name=facts.name,
            kind=facts.kind,
            parent=wanted.parent,
            country_code=code_of_country(facts),
            latitude=latitude,
            longitude=longitude,
            **{field: value for field, value in facts.ids if field in FIELDS},
        )

    def _remember(self) -> None:
        """Note what each place was taken to be, so that the next load needs not ask."""
        rows = [
            PlaceMatch(key=facts_id, location=match.place, how=match.how, said=self._said(facts_id, match.place))
            for facts_id, match in sorted(self._matches.items())
            if match.place
        ]
        PlaceMatch.objects.bulk_create(rows, batch_size=CHUNK)

    def _said(self, facts_id: str, place: Location) -> dict[str, Any]:
        """Return what the file says of a place; of one that was made also which dataset put it where."""
        facts = self._facts[facts_id]
        said = {"name": facts.name, **dict(facts.ids)}
        if place.pk in self._made:
            said |= {"parent": place.parent.public_id if place.parent else "", "dataset": self._dataset}
        return said

    def _refine(self) -> None:
        """Move places from a gazetteer into the smaller areas that most rows of the file give them."""
        smaller: dict[int, Counter[Location]] = {}
        listed: dict[int, Location] = {}
        for facts_id, match in self._matches.items():
            place, area = match.place, self._records.get(self._facts[facts_id].parent)
            if not (place and place.geonames_id and place.parent and area) or place.pk in self._made:
                continue
            if holds(place.parent, area):
                listed[place.geonames_id] = place
                smaller.setdefault(place.geonames_id, Counter())[area] += self._times[facts_id]
        for some in batched(sorted(listed), CHUNK):
            said = self._by_gazetteer(some)
            public = self._session.cache.fetch("location", [listed[number].public_id for number in some])
            for number in some:
                place = listed[number]
                if place.public_id in public or said.get(number) != (place.parent.public_id if place.parent else ""):
                    continue  # readers have seen it, or editors have moved it
                self._move(place, smaller[number])

    def _give_codes(self) -> None:
        """Give countries that were there without a code the one that their name has; of public ones only the code."""
        coded: dict[str, str] = {}
        for facts_id, place in self._records.items():
            code = code_of_country(self._facts[facts_id]) if place.kind == "country" and not place.country_code else ""
            if code and place.pk not in self._made:
                place.country_code, place.edited = code, timezone.now()
                place.save(update_fields=["country_code", "edited"])
                coded[place.public_id] = code
                self._report.say(f"note: {place.public_id} ({place.name}) had no code and has {code} now")
        public = self._session.cache.fetch("location", coded)
        contents = [
            {**document, "country": coded[name]} for name, document in public.items() if not document["country"]
        ]
        self._session.put("location", contents)

    def _move(self, place: Location, areas: Counter[Location]) -> None:
        ranked = sorted(areas, key=lambda area: (-areas[area], area.public_id))
        if len(ranked) > 1:
            found = [f"{area.public_id} ({areas[area]:,} rows)" for area in ranked]
            self._report.say(
                f"note: {place.public_id} is put into {found[0]}, though the file also has it in {', '.join(found[1:])}"
            )
        place.parent, place.edited = ranked[0], timezone.now()
        place.save(update_fields=["parent", "edited"])
        for facts_id, record in self._records.items():
            if record.pk == place.pk:
                self._records[facts_id] = place  # the same row may have been read more than once

    def _elsewhere(self) -> dict[str, str]:
        """Tell of the places that were there before and lie neither in the area that the file gives nor around it."""
        parents = self._parents()
        lines: dict[str, str] = {}
        for facts_id, facts in self._facts.items():
            place, area = self._records[facts_id], self._records.get(facts.parent)
            if area is None or place.parent_id is None or place.pk == area.pk or place.pk in self._made:
                continue
            if area.pk not in line(parents, place.pk) and place.parent_id not in line(parents, area.pk):
                lines[place.public_id] = f"{place.public_id} ({place.name}): in {area.public_id} by the file"
        return lines

    def _parents(self) -> dict[int, int | None]:
        """Return the key of what holds each place of the file, and of what holds that."""
        parents = {place.pk: place.parent_id for place in self._records.values()}
        while unknown := {each for each in parents.values() if each is not None} - parents.keys():
            for some in batched(sorted(unknown), CHUNK):
                parents |= dict(Location.objects.filter(pk__in=some).values_list("pk", "parent_id"))
        return parents

    def _by_gazetteer(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the areas that the gazetteer gave these places."""
        keys = {f"geonames:{number}": number for number in numbers}
        rows = PlaceMatch.objects.filter(key__in=keys).values_list("key", "said")
        return {keys[key]: said.get("parent", "") for key, said in rows}

    def _publish(self, layer: Iterable[Location]) -> None:
        """Put what is not public after what holds it, which the file need not name."""
        for some in batched(sorted({record.public_id: record for record in layer}.items()), CHUNK):
            hidden: dict[str, Location] = {}
            public = self._session.cache.fetch("location", [public_id for public_id, _ in some])
            for _, record in some:
                step: Location | None = record
                while step and step.public_id not in public and step.public_id not in hidden:
                    hidden[step.public_id] = step
                    step = step.parent
                    public |= self._session.cache.fetch("location", [step.public_id]) if step else {}
            # Nobody has given those that were made just now other names: they are not asked for.
            prefetch_related_objects(
                [each for each in hidden.values() if each.pk not in self._made], "names", "memberships"
            )
            for records in parents_first(hidden.values()):
                parents = self._session.cache.fetch(
                    "location", [each.parent.public_id for each in records if each.parent]
                )
                self._session.put("location", [self._content(each, parents) for each in records])

    def _content(self, record: Location, parents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        parent = parents.get(record.parent.public_id) if record.parent else None
        if record.pk in self._made:
            return render.location_content(record, parent)
        return render.location_content(record, parent, record.names.all(), record.memberships.all())

    def _found(self, how: str) -> dict[str, Location]:
        """Return the places that were found in a way, by the ids of their facts."""
        return {each: match.place for each, match in self._matches.items() if match.place and match.how == how}

    def _tell(self, known: int) -> None:
        if not self._facts:
            return
        how = Counter(match.how for match in self._matches.values())
        self._report.say(
            f"places: matched by id {how['id']:,}, by name {how['name']:,}, by point {how['point']:,}, "
            f"made new {how['new']:,}, ambiguous {how['ambiguous']:,} (made new), known already {known:,}"
            + (f" (of them {self._open:,} ambiguous still)" if self._open else "")
        )
        lines = defaultdict[str, list[str]](list)
        for facts_id, match in sorted(self._matches.items()):
            if match.candidates:
                candidates = "; ".join(map(str, match.candidates))
                lines[match.how].append(f"{facts_id} ({self._facts[facts_id].name}): {candidates}")
        self._report.write_list(
            "places that the file gives by their ids and calls otherwise",
            called_otherwise(self._facts, self._found("id")),
        )
        self._report.write_list(FAR_APART, far_apart(self._facts, self._corners))
        self._report.write_list("places matched by their point alone", lines["point"])
        self._report.write_list("ambiguous places; each became one of its own, could be", lines["ambiguous"])
        self._report.write_list("places like none so named, all too far away; each became one of its own", lines["new"])
