"""Places that readers saw at incidents before a load: those that no incident shows any more are withdrawn."""

from __future__ import annotations

from collections.abc import Iterable

from incidents.ledger.denormalisation import Document
from incidents.loading.load_report import LoadReport
from incidents.publishing import PublishingSession
from incidents.publishing.left_places import made_by_loads
from incidents.publishing.showing import empty_places

REASON = "No published incident is in this place any more."
WITHDRAWN = "places withdrawn, since no published incident is in them any more"
STAYING = (
    "places that no published incident is in any more; they stay public, since no load made them, or an incident was "
    "in them whose place is held back now: withdraw them yourself"
)


class FormerPlaces:
    """Collects the public places that incidents leave within an open publication, and withdraws what is left empty."""

    def __init__(self, session: PublishingSession, report: LoadReport) -> None:
        self._session, self._report = session, report
        self._left: set[str] = set()
        self._told: set[str] = set()
        """Places of incidents that are held back from now on: that one goes would tell where they were."""

    def add(self, ids: Iterable[str]) -> None:
        """Note places by their public ids."""
        self._left.update(ids)

    def leave(self, before: Document, after: Document | None) -> None:
        """Note the place of an incident that is published at another one, or no longer."""
        place = before["location"]["id"]
        if place is None or (after is not None and after["location"]["id"] == place):
            return
        levels = [each["disclosure"]["place"] for each in (before, after) if each is not None]
        (self._told if levels[0] != levels[-1] else self._left).add(place)

    def withdraw(self) -> None:
        """Withdraw those made by loads that no incident shows, the smallest first; report them, and the others."""
        if not (self._left or self._told):
            return
        self._session.cascade()
        public = self._around(self._left | self._told)
        by_depth: dict[int, list[str]] = {}
        for public_id, document in public.items():
            by_depth.setdefault(len(document["within"]), []).append(public_id)
        ended, staying = list[str](), list[str]()
        for depth in sorted(by_depth, reverse=True):
            empty = empty_places(sorted(by_depth[depth]))
            made = made_by_loads(empty) - self._told
            gone = [each for each in empty if each in made]
            self._session.withdraw("location", gone, reason=REASON)
            ended += gone
            staying += [each for each in empty if each not in made]
        for title, ids in ((WITHDRAWN, ended), (STAYING, staying)):
            self._report.write_list(title, [f"{each} ({public[each]['name']})" for each in ids])

    def _around(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return what is public of these places and of all that hold them."""
        found = dict(self._session.live_documents("location", sorted(ids)))
        around = {area for document in found.values() for area in document["within"]}
        return found | dict(self._session.live_documents("location", sorted(around.difference(found))))
