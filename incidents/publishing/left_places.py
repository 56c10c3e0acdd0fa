"""Places that what editors publish leaves without an incident; loads withdraw such places by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from incidents.batches import batched
from incidents.ledger.store import CHUNK
from incidents.models import Incident, Location, PlaceMatch, PublicRecord
from incidents.publishing.session import PublishingSession
from incidents.publishing.showing import empty_places

_Shown = tuple[str, str]


class LeftPlaces:
    """Notes, before records are published or ended, where readers see them; afterwards tells what nothing shows."""

    def __init__(self, session: PublishingSession, records: Iterable[PublicRecord]) -> None:
        records = list(records)
        self._session = session
        self._incidents = {each.public_id for each in records if isinstance(each, Incident)}
        self._before = self._shown()
        ended = [each.public_id for each in records if isinstance(each, Location)]
        documents = session.live_documents("location", ended).values()
        self._around = {area for document in documents for area in document["within"]}

    def empty(self) -> list[str]:
        """Return the ids of public places that loads made, that records were in before and nothing is in now."""
        after = self._shown()
        left = {place for each, (place, level) in self._before.items() if _is_left(place, level, after.get(each))}
        made = made_by_loads(left | self._around)
        return empty_places(sorted(self._session.public_among("location", made))) if made else []

    def _shown(self) -> dict[str, _Shown]:
        """Return the place of each public incident, and how precisely it is published."""
        found: dict[str, _Shown] = {}
        for some in batched(sorted(self._incidents), CHUNK):
            for public_id, document in self._session.live_documents("incident", some).items():
                if place := document["location"]["id"]:
                    found[public_id] = place, document["disclosure"]["place"]
        return found


def _is_left(place: str, level: str, now: _Shown | None) -> bool:
    """Tell whether an incident went away; the end of the place of one held back now would tell where it was."""
    return now is None or (now[0] != place and now[1] == level)


def made_by_loads(ids: Collection[str]) -> set[str]:
    """Return those of these ids of places that are of places made by loads."""
    made: set[str] = set()
    for some in batched(sorted(ids), CHUNK):
        rows = PlaceMatch.objects.filter(key__in=some, how__in=PlaceMatch.MADE)
        made |= {key for key, public_id in rows.values_list("key", "location__public_id") if key == public_id}
    return made
