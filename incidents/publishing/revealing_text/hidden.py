"""What incidents hide at their levels of disclosure, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import cos, radians

from django.db.models import F, QuerySet

from incidents.batches import batched
from incidents.models import Incident, Location, PlaceName
from incidents.publishing.generalise import disclosed_place, is_held_back
from incidents.publishing.revealing_text.findings import Hidden, HiddenName, Point
from incidents.publishing.revealing_text.geography import NEAR_KM

MOST_NEARBY = 400
"""Places around the hidden one whose names are sought, the nearest first."""

AS_REPORTED = "the place as reported"
LARGE = ("country", "admin1")
IDS_AT_ONCE = 500
KM_PER_DEGREE = 111.3


def hidden_by(incident: Incident) -> Hidden:
    """All that one incident hides, with the names of places around."""
    return hidden_by_each([incident], nearby=True)[incident.public_id]


def hidden_by_each(incidents: Sequence[Incident], *, nearby: bool = False) -> dict[str, Hidden]:
    """What each incident hides, by its public id; incidents in full hide nothing and are left out."""
    coarse = list(filter(is_held_back, incidents))
    chains = {each.public_id: _chains(each) for each in coarse}
    around = {each.public_id: _around(each, *chains[each.public_id]) if nearby else [] for each in coarse}
    places = {
        place.pk
        for each in coarse
        for place in (*chains[each.public_id][0], *chains[each.public_id][1], *around[each.public_id])
    }
    spelt = _spellings(places)
    return {each.public_id: _hidden(each, *chains[each.public_id], around[each.public_id], spelt) for each in coarse}


def _chains(incident: Incident) -> tuple[list[Location], list[Location]]:
    """The hidden places, from the incident's own outwards, and those that are shown."""
    if incident.place_disclosure == "full":
        return [], []
    shown = disclosed_place(incident)
    hidden: list[Location] = []
    place = incident.location
    while place is not None and place != shown:
        hidden.append(place)
        place = place.parent
    public: list[Location] = []
    while shown is not None:
        public.append(shown)
        shown = shown.parent
    return hidden, public


def _hidden(
    incident: Incident,
    hidden: Sequence[Location],
    public: Sequence[Location],
    around: Sequence[Location],
    spelt: dict[int, list[str]],
) -> Hidden:
    names = [HiddenName(name, place.name) for place in hidden for name in _names(place, spelt)]
    if incident.place_disclosure != "full" and incident.location_as_reported:
        names.append(HiddenName(incident.location_as_reported, AS_REPORTED))
    middle = hidden[0].name if hidden else AS_REPORTED
    names += [HiddenName(name, middle, nearby=True) for place in around for name in _names(place, spelt)]
    days = [day for day in (incident.date_start, incident.date_end) if day]
    return Hidden(
        place=incident.place_disclosure,
        date=incident.date_disclosure,
        names=tuple(names),
        public_names=tuple(name for place in public for name in _names(place, spelt)),
        points=tuple(_points(incident, hidden)) if incident.place_disclosure != "full" else (),
        codes=tuple(code for place in hidden for code in _codes(place)),
        days=tuple(days) if incident.date_disclosure != "full" else (),
    )


def _names(place: Location, spelt: dict[int, list[str]]) -> list[str]:
    return list(dict.fromkeys([place.name, *spelt.get(place.pk, ())]))


def _codes(place: Location) -> Iterator[str]:
    codes = (place.katotth, place.pcode, place.wikidata_id, place.public_id, str(place.geonames_id or ""))
    yield from (code for code in codes if len(code) > 3 and any(sign.isdecimal() for sign in code))


def _points(incident: Incident, hidden: Iterable[Location]) -> Iterator[Point]:
    holders: tuple[Incident | Location, ...] = (incident, *hidden)
    for each in holders:
        if each.latitude is not None and each.longitude is not None:
            yield each.latitude, each.longitude


def _spellings(places: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in batched(sorted(places), IDS_AT_ONCE):
        for place, name in PlaceName.objects.filter(location__in=some).values_list("location_id", "name"):
            found.setdefault(place, []).append(name)
    return found


def _around(incident: Incident, hidden: Sequence[Location], public: Sequence[Location]) -> list[Location]:
    """Other places within the hidden ones and near the hidden point."""
    known = {place.pk for place in (*hidden, *public)}
    found: dict[int, Location] = {}
    for places in (*_near(incident, hidden), *_within(hidden)):
        for place in places.exclude(kind__in=LARGE)[:MOST_NEARBY]:
            found.setdefault(place.pk, place)
    return [place for pk, place in found.items() if pk not in known][:MOST_NEARBY]


def _within(hidden: Sequence[Location]) -> Iterator[QuerySet[Location]]:
    if not hidden:
        return
    own = hidden[0]
    yield Location.objects.filter(parent=own)
    if own.parent is not None and own.parent.kind not in LARGE:
        yield Location.objects.filter(parent=own.parent)


def _near(incident: Incident, hidden: Sequence[Location]) -> Iterator[QuerySet[Location]]:
    for north, east in list(_points(incident, hidden[:1]))[:2]:
        narrow = max(0.1, cos(radians(north)))
        tall, wide = NEAR_KM / KM_PER_DEGREE, NEAR_KM / KM_PER_DEGREE / narrow
        box = Location.objects.filter(
            latitude__range=(north - tall, north + tall), longitude__range=(east - wide, east + wide)
        )
        away = (F("latitude") - north) * (F("latitude") - north) + (F("longitude") - east) * (
            F("longitude") - east
        ) * narrow * narrow
        yield box.order_by(away)
