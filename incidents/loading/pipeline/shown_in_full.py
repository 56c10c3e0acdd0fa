"""Which of the places, sources and actors of a file its incidents show: only those become public by a load.

A row of an incident that is held back, or that is left out, changes the working records alone. A name that no other row
has must not appear in the publication: readers who compare what was public before and after would know whose it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from incidents.loading.pipeline.chunk import WorkingRecords
from incidents.loading.pipeline.existing import Existing, ExistingIncidents, disclosures, is_full, is_shown_in_full
from incidents.loading.places.corrected_areas import TellingRows
from incidents.loading.staging.parsed import PlaceFacts, StagedRow, with_areas
from incidents.models import Report
from incidents.publishing.dependencies import Needed, around
from incidents.publishing.generalise import area_at


class Names(NamedTuple):
    """Ids of facts, by what they are."""

    places: frozenset[str]
    sources: frozenset[str]
    actors: frozenset[str]


def shown_in_full(
    hidden: Names,
    places: Mapping[str, PlaceFacts],
    chunks: Iterable[Sequence[StagedRow]],
    existing: ExistingIncidents,
    set_fields: Iterable[str],
) -> Names:
    """Return those of the names that are not public which rows of incidents in full have, areas of places included.

    `places` are the facts of all places, `chunks` the rows of the file. Only rows with such names are looked up.
    """
    if existing.all_are_new:
        return hidden
    left: tuple[set[str], ...] = tuple(map(set, hidden))
    areas = {public_id: with_areas(places, public_id) for public_id in places} if hidden.places else {}
    for rows in chunks:
        if not any(left):
            break
        naming = {row.id: named for row in rows if any(named := _named(row, areas, left))}
        found = existing.of(list(naming), existing.states(list(naming)), set_fields) if naming else {}
        for public_id, before in found.items():
            if is_shown_in_full(before):
                for of_kind, shown in zip(left, naming[public_id], strict=True):
                    of_kind.difference_update(shown)
    return Names(*(every - of_kind for every, of_kind in zip(hidden, left, strict=True)))


def telling_rows(
    wanted: Collection[str],
    places: Mapping[str, PlaceFacts],
    chunks: Iterable[Sequence[StagedRow]],
    existing: ExistingIncidents,
    set_fields: Iterable[str],
) -> TellingRows:
    """Return which of some ids of places or areas rows have that show theirs, and which rows that hold theirs back."""
    if existing.all_are_new:
        return TellingRows(frozenset(wanted), frozenset())
    areas = {public_id: frozenset(wanted).intersection(with_areas(places, public_id)) for public_id in places}
    shown, held_back = set[str](), set[str]()
    for rows in chunks:
        naming = {row.id: named for row in rows if (named := areas.get(row.place))}
        found = existing.of(list(naming), existing.states(list(naming)), set_fields) if naming else {}
        for public_id, before in found.items():
            if not (before.why_left_out or before.elsewhere):
                (shown if disclosures(before)["place"] == "full" else held_back).update(naming[public_id])
    return TellingRows(frozenset(shown), frozenset(held_back))


def shown_besides(
    rows: Iterable[StagedRow],
    existing: Mapping[str, Existing],
    reports: Mapping[str, Report],
    records: WorkingRecords,
) -> Needed:
    """Return what the documents of rows show besides the names of those in full, public or not.

    That is the area of an incident that is held back, its actors that are safe, and who speaks in reports that are in
    the database already and that a document lists anew.
    """
    needed = Needed()
    for row in rows:
        before = existing[row.id]
        disclosed, document = disclosures(before), before.document
        if is_full(disclosed):
            public = {each["id"] for each in document["reports"]} if document else ()
            for report in (reports[each] for each in row.reports if each in reports and each not in public):
                needed.add(report.source)
                if report.relays:
                    needed.add(report.relays)
        elif document is not None:
            place = records.places[row.place] if row.place else None
            around(needed, area_at(place, disclosed["place"]))
            for actor in (records.actors[each] for each in row.actors):
                if actor.safe_when_generalised:
                    needed.add(actor)
    return needed


def _named(row: StagedRow, areas: Mapping[str, Sequence[str]], left: Sequence[set[str]]) -> list[set[str]]:
    """Return which of the names that are left a row has."""
    of_row = (areas.get(row.place, ()), row.sources, row.actors)
    return [names.intersection(of_kind) for names, of_kind in zip(left, of_row, strict=True)]
