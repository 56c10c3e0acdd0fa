"""Places that a file has in another area than its earlier loads put them into: they move with the file.

Where editors, a gazetteer or another dataset's file put a place, it stays. The report names both sorts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from incidents.batches import batched
from incidents.ledger.denormalisation import place_within
from incidents.loading.load_report import LoadReport
from incidents.loading.places.known_places import areas, chain, country_around, holds
from incidents.loading.staging.parsed import PlaceFacts
from incidents.models import Location, PlaceMatch
from incidents.publishing import PublishingSession

CHUNK = 500
MAKING = timedelta(seconds=1)
"""A record that was last edited within that time of its creation has only been made."""


class TellingRows(NamedTuple):
    """Ids of facts that rows have whose incidents show their place, and that rows have which hold theirs back."""

    shown: frozenset[str]
    held_back: frozenset[str]


class _Told(NamedTuple):
    """Where the rows of a file have one place: numbers of rows by area, and the facts that say so."""

    areas: Counter[Location]
    facts: dict[str, Location]


class _Move(NamedTuple):
    place: Location
    area: Location
    facts: tuple[str, ...]
    """All facts of the place."""

    telling: tuple[str, ...]
    """Those that have it in this area."""


class CorrectedAreas:
    """Moves places within an open publication; `told` returns what kinds of rows have some facts."""

    def __init__(
        self,
        session: PublishingSession,
        dataset: str,
        report: LoadReport,
        told: Callable[[Collection[str]], TellingRows],
        publish: Callable[[Iterable[Location]], None],
    ) -> None:
        self._session, self._dataset, self._report = session, dataset, report
        self._told, self._publish = told, publish
        self.staying: dict[str, str] = {}
        """Of the places that stay where they are, by id, where that is, where the file has them, and why they stay."""

    def correct(
        self, records: dict[str, Location], facts: Mapping[str, PlaceFacts], times: Mapping[str, int]
    ) -> set[str]:
        """Move the places that the file corrects; returns the ids of the areas that readers saw around them before."""
        wanted = self._wanted(_told(records, facts, times))
        matches = _making_matches(move.place.public_id for move in wanted)
        owned = [move for move in wanted if self._is_ours(move, matches.get(move.place.public_id))]
        public = self._session.live_documents("location", [move.place.public_id for move in owned])
        moves = [move for move in self._without_held_back(owned, public) if self._takes(move)]
        for move in moves:
            match = matches[move.place.public_id]
            match.said |= {"parent": move.area.public_id, "dataset": self._dataset}
            match.save(update_fields=["said"])
        _replace(records, {move.place.pk: move.place for move in moves})
        for move in sorted(moves, key=lambda move: len(list(chain(move.area)))):
            if move.place.public_id in public:
                self._publish_moved(move)
        self._report.write_list(
            "places that the file has in another area than before; they moved there",
            [f"{move.place.public_id} ({move.place.name}): {_called(move.area)}" for move in moves],
        )
        return {area for move in moves if (shown := public.get(move.place.public_id)) for area in shown["within"]}

    def _wanted(self, told: Mapping[int, _Told]) -> list[_Move]:
        """Return the moves into those areas that most rows give, where these contradict where the places are."""
        moves = []
        for some in batched(sorted(told), CHUNK):
            for place in Location.objects.select_related("parent__parent__parent__parent").filter(pk__in=some):
                rows, facts = told[place.pk]
                elsewhere = {area: number for area, number in rows.items() if _contradicts(place, area)}
                if not elsewhere:
                    continue
                area = min(elsewhere, key=lambda area: (-elsewhere[area], area.public_id))
                telling = tuple(facts_id for facts_id, given in facts.items() if given == area)
                move = _Move(place, area, tuple(facts), telling)
                if elsewhere[area] > sum(rows.values()) - sum(elsewhere.values()):
                    moves.append(move)
                else:
                    self._stays(move, "most rows or as many have it where it is")
        return moves

    def _is_ours(self, move: _Move, match: PlaceMatch | None) -> bool:
        """Tell whether a load of this dataset put a place where it is, and nobody else has."""
        place = move.place
        if match is None:
            why = "no load made it, or a gazetteer lists it"
        elif "dataset" not in match.said:
            why = "it has been edited" if place.edited - place.created > MAKING else ""
        elif match.said["dataset"] != self._dataset:
            why = f"a file of dataset {match.said['dataset']} put it there"
        else:
            why = "editors put it there" if match.said["parent"] != (place.parent and place.parent.public_id) else ""
        return not (why and self._stays(move, why))

    def _without_held_back(self, moves: list[_Move], public: Collection[str]) -> list[_Move]:
        """Return the moves that tell readers nothing of incidents whose place is held back."""
        visible = [move for move in moves if move.place.public_id in public]
        if not visible:
            return moves
        told = self._told([facts_id for move in visible for facts_id in move.facts])
        refused = {
            move.place.pk
            for move in visible
            if told.shown.isdisjoint(move.telling) or not told.held_back.isdisjoint(move.facts)
        }
        for move in visible:
            if move.place.pk in refused:
                self._stays(
                    move,
                    "of incidents with rows there some hold their place back or all are left out: move it yourself",
                )
        return [move for move in moves if move.place.pk not in refused]

    def _takes(self, move: _Move) -> bool:
        """Write a move; returns False if the area lies in the place itself."""
        place, area = move.place, Location.objects.get(pk=move.area.pk)
        if area.pk == place.pk or holds(place, area):
            self._stays(move, "that area lies in it")
            return False
        place.parent, place.edited = move.area, timezone.now()
        country = country_around(area)
        if place.country_code and country:
            place.country_code = country
        place.save(update_fields=["parent", "country_code", "edited"])
        return True

    def _publish_moved(self, move: _Move) -> None:
        """Show a public place in its new area, and no unpublished edit of it."""
        self._publish([move.area])
        ids = [move.place.public_id, move.area.public_id]
        public = self._session.cache.fetch("location", ids)
        shown, parent = (public[each] for each in ids)
        self._session.put_moved(place_within({**shown, "country": parent["country"] or shown["country"]}, parent))

    def _stays(self, move: _Move, why: str) -> bool:
        now = _called(move.place.parent) if move.place.parent else "no area"
        place = f"{move.place.public_id} ({move.place.name})"
        self.staying[move.place.public_id] = f"{place}: in {now}; in {_called(move.area)} by the file; {why}"
        return True


def _told(
    records: Mapping[str, Location], facts: Mapping[str, PlaceFacts], times: Mapping[str, int]
) -> dict[int, _Told]:
    """Return where the file has the places that it surely means and has elsewhere, by their keys."""
    told: dict[int, _Told] = {}
    elsewhere = set()
    for facts_id, place in records.items():
        area = records.get(facts[facts_id].parent)
        if area is None or not _surely(place, facts[facts_id]):
            continue
        of_place = told.setdefault(place.pk, _Told(Counter(), {}))
        of_place.areas[area] += times[facts_id]
        of_place.facts[facts_id] = area
        if place.parent_id not in (None, area.pk):
            elsewhere.add(place.pk)
    return {key: told[key] for key in elsewhere}


def _surely(place: Location, facts: PlaceFacts) -> bool:
    """Tell whether facts mean a place by their own id or by one of a list: others are where their match says."""
    return facts.id == place.public_id or any(getattr(place, field) == value for field, value in facts.ids)


def _contradicts(place: Location, area: Location) -> bool:
    """Tell whether a place cannot lie in both areas, where it is and this one: a coarser or a finer one is no other."""
    theirs, given = areas(place.parent), areas(area)
    return any(theirs[level] != given[level] for level in theirs.keys() & given.keys())


def _making_matches(ids: Iterable[str]) -> dict[str, PlaceMatch]:
    """Return the matches by which loads made these places, without those that a gazetteer lists."""
    found: dict[str, PlaceMatch] = {}
    for some in batched(ids, CHUNK):
        listed = set(PlaceMatch.objects.filter(location__public_id__in=some, how="gazetteer").values_list("location"))
        for match in PlaceMatch.objects.select_related("location").filter(key__in=some, how__in=PlaceMatch.MADE):
            if match.key == match.location.public_id and (match.location_id,) not in listed:
                found[match.key] = match
    return found


def _replace(records: dict[str, Location], moved: Mapping[int, Location]) -> None:
    """Put places that moved in place of what was read of them before."""
    parent = Location._meta.get_field("parent")
    for facts_id, record in records.items() if moved else ():
        step: Location | None = moved.get(record.pk, record)
        records[facts_id] = step or record
        while step is not None and parent.is_cached(step):  # what is not read yet is read as it is now
            if step.parent_id is not None and step.parent_id in moved:
                step.parent = moved[step.parent_id]
            step = step.parent


def _called(area: Location) -> str:
    return f"{area.public_id} ({area.name})"
