"""Releases as readers find them: names, the state of their files, and what `as_of` takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from incidents.ledger.content import stamp
from incidents.ledger.models import Head, Publication, Release, Revision
from incidents_api.parameters.errors import nearest
from incidents_api.parameters.filtersets import Parameter, RefusedValueError
from incidents_api.parameters.values import MomentParameter

NAME_PATTERN = r"^[a-z](?:[-.]?[a-z0-9])*$"
"""Starts with a letter, unlike numbers and dates; without "..", which separates two names."""
NAME_LENGTH = 60
_NAME = re.compile(NAME_PATTERN)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAMES_SUGGESTED = 1000
"""The latest names, among which the nearest to a mistyped one is looked for."""


def is_name(text: str) -> bool:
    """True if a text is a valid name of a release."""
    return len(text) <= NAME_LENGTH and bool(_NAME.fullmatch(text))


AsOf = int | datetime | date | str
"""A publication, a time, a day (which means its end in UTC), or the name of a release."""


class AsOfParameter(Parameter):
    """The number of a publication, a time, a day, or the name of a release; returns int, datetime, date or str."""

    def __init__(self, **kwargs: Any) -> None:
        self._moment = MomentParameter()
        pattern = f"({self._moment.schema['pattern']})|({NAME_PATTERN})"
        super().__init__(schema={"type": "string", "pattern": pattern}, **kwargs)

    def read(self, value: str) -> AsOf:
        """Parse the value; whether the release exists, and the day is over, is checked later, by the ledger."""
        if is_name(value):
            return value
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
            if "W" in value:  # a week of ISO 8601, or a day of one: its end and its beginning are too easily mistaken
                raise ValueError(value)
            return self._moment.read(value)
        except (ValueError, RefusedValueError) as refused:
            raise RefusedValueError(
                "Must be the number of a publication, such as 12, a time, such as 2026-11-23T09:00:00Z, a day, such as "
                "2026-11-23, or the name of a release."
            ) from refused


def release_names() -> Iterable[str]:
    """Names of the latest releases, for suggestions."""
    return Release.objects.values_list("name", flat=True)[:NAMES_SUGGESTED]


def nearest_name(text: str) -> str | None:
    """Closest name of a release to a mistyped one."""
    return nearest(text, release_names())


def reached(release: Release) -> int | None:
    """First redaction that affects a release's files; None if they may be downloaded.

    Asks nothing of the dataset: of a redacted record the ledger no longer knows which it belonged to.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [release.redacted, release.seq, release.seq, release.seq, release.redacted])
        ((first,),) = cursor.fetchall()
    return first if first is None else int(first)


_REACHED = """
SELECT min(tomb.seq) FROM ledger_revision AS tomb
WHERE tomb.change = 'redacted' AND tomb.seq > %s AND EXISTS (
    SELECT 1 FROM ledger_revision AS held
    WHERE held.kind = tomb.kind AND held.record_id = tomb.record_id AND held.change IN ('added', 'changed')
    AND ((held.seq <= %s AND (held.retired IS NULL OR held.retired > %s))
        OR (held.seq > %s AND held.seq <= %s AND tomb.reduced IS NOT NULL AND tomb.kind <> 'incident'))
)
"""
"""Uses the index of redactions, which are few, then the history of each redacted record.

Rebuilt files can have places, sources and actors that were published between the release and its last redaction."""


@dataclass(frozen=True, slots=True)
class State:
    """A release, when its publication was, and whether its files may be shown."""

    release: Release
    published: str
    redaction: int | None
    """The first redaction that its files do not know of; they are taken down."""
    reduction: int
    """The last reduction, if the release has replaced files; 0: none."""

    @property
    def notice(self) -> str | None:
        """Why there are no files; None if there are."""
        release = self.release
        if release.withdrawn_at is not None:
            return f"The files were withdrawn: {release.reason}"
        if self.redaction is not None:
            return (
                f"The files are unavailable: publication {self.redaction} redacted a record in them. "
                "They will be available again, without this record, when they have been rebuilt."
            )
        return None

    def state(self) -> tuple[Any, ...]:
        """Values that change whenever the response for this release changes."""
        return self.release.name, self.release.redacted, self.redaction, str(self.release.withdrawn_at), self.reduction


def _states(rows: list[Release]) -> list[State]:
    seqs = {row.seq for row in rows}
    publications = Publication.objects.filter(seq__in=seqs)
    times = {seq: stamp(at) for seq, at in publications.values_list("seq", "published_at")}
    redacted = Head.objects.values_list("redacted", flat=True).get(id=1) if rows else 0
    reduction = _last_reduction() if any(row.replaced for row in rows) else 0
    return [
        # Mostly there is none.
        State(row, times[row.seq], reached(row) if redacted > row.redacted else None, reduction if row.replaced else 0)
        for row in rows
    ]


def _last_reduction() -> int:
    found = Revision.objects.filter(change="redacted", reduced__isnull=False).aggregate(last=Max("seq"))["last"]
    return int(found or 0)


@dataclass(frozen=True, slots=True)
class ReleaseQuery:
    """Filters and position of a list of releases."""

    datasets: tuple[str, ...] = ()
    after: tuple[int, str] | None = None
    """Publication and name of the release before the first."""


def listed(asked: ReleaseQuery, limit: int) -> list[State]:
    """Releases with their state, newest first."""
    rows = _chosen(asked)
    if asked.after:
        seq, name = asked.after
        rows = rows.filter(Q(seq__lt=seq) | Q(seq=seq, name__gt=name))
    return _states(list(rows.order_by("-seq", "name")[:limit]))


def count(asked: ReleaseQuery) -> int:
    """Number of releases in the list, on all pages."""
    return int(_chosen(asked).count())


def _chosen(asked: ReleaseQuery) -> Any:
    rows = Release.objects.all()
    return rows.filter(dataset__in=asked.datasets) if asked.datasets else rows


def find(name: str) -> State | None:
    """The release with this name, or None."""
    found = _states(list(Release.objects.filter(name=name)))
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Point:
    """A state that is compared: a release, or a publication by its number."""

    seq: int
    published: str
    name: str | None
    dataset: str
    head_redacted: int

    def told(self) -> dict[str, Any]:
        """Name, number and time of the state, as the comparison shows them."""
        return {"name": self.name, "as_of": self.seq, "published": self.published}


def point(text: str) -> Point | None:
    """State of a release or of a publication number; None if there is none."""
    release = None
    if text.isascii() and text.isdigit() and len(text) <= 12:
        seq = int(text)
    else:
        release = Release.objects.filter(name=text[: NAME_LENGTH + 1]).first()
        if release is None:
            return None
        seq = release.seq
    published = Publication.objects.filter(seq=seq).values_list("published_at", flat=True).first()
    if published is None:
        return None
    redacted = Head.objects.values_list("redacted", flat=True).get(id=1)
    return Point(seq, stamp(published), release.name if release else None, release.dataset if release else "", redacted)
