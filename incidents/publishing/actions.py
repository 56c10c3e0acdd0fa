"""What staff and commands do: publish, withdraw, merge, redact, and look before they leap."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import cast

import orjson
from django.core.exceptions import ValidationError
from django.db import transaction

from incidents.batches import batched
from incidents.ledger.content import RefusedError, changed_fields
from incidents.ledger.denormalisation import Document, is_generalised
from incidents.ledger.models import IncidentEntry, Revision
from incidents.ledger.querysets import RevisionQuerySet
from incidents.ledger.store import CHUNK
from incidents.models import Actor, Dataset, Incident, Location, Monitoring, PublicRecord, Source
from incidents.publishing import dependencies, render
from incidents.publishing.dependencies import KIND_OF, Needed
from incidents.publishing.history import reduce_noted
from incidents.publishing.left_places import LeftPlaces
from incidents.publishing.readable_texts import refuse_revealing, refuse_revealing_names, refuse_revealing_reason
from incidents.publishing.relations import related
from incidents.publishing.session import PublishingSession, publication
from incidents.publishing.still_readable import StillReadable
from incidents.text_checks import leaves
from incidents.texts import NO_ADDRESS, TOO_LONG

Counts = dict[str, dict[str, int]]

AREAS = ("country", "admin1", "admin2")
"""Kinds of places that stand for less precise ones."""

STANDING = frozenset((TOO_LONG, NO_ADDRESS, "max_length"))
"""Codes of faults that do not stop the publication of a record whose public document has them already."""


@dataclass(frozen=True)
class Result:
    """What an action did: the publication's seq (None when nothing changed), counts, incidents that are not ready.

    `still_readable` names what it made coarser than it was published before.
    """

    seq: int | None
    counts: Counts
    unready: list[str] = field(default_factory=list)
    still_readable: StillReadable = field(default_factory=StillReadable)
    reduced: int = 0
    """Number of records whose earlier revisions have the content of the new one now."""
    left_public: list[tuple[str, str]] = field(default_factory=list)
    """Kind and id of what became public together with a reduced incident, and stays public."""
    emptied: list[str] = field(default_factory=list)
    """Public places made by loads that no published incident is in any more."""

    @classmethod
    def of(cls, session: PublishingSession, unready: Sequence[str] = (), emptied: Sequence[str] = ()) -> Result:
        """What a closed publication did."""
        left = list(session.left_public)
        done = session.seq, session.counts, list(unready), session.still_readable, session.reduced, left
        return cls(*done, list(emptied))

    def total(self, change: str) -> int:
        """Number of records of all kinds with this change."""
        return sum(counts.get(change, 0) for counts in self.counts.values())

    def __str__(self) -> str:
        parts = [f"{change} {self.total(change)}" for change in ("added", "changed", "withdrawn", "merged", "redacted")]
        told = ", ".join(part for part in parts if not part.endswith(" 0"))
        return f"publication {self.seq}: {told}" if self.seq else "nothing to publish"


@dataclass(frozen=True)
class Preview:
    """What is published of a record against what publishing it now would make of it."""

    published: Document | None
    working: Document | None
    changed: list[str]
    problem: str = ""
    still_readable: StillReadable = field(default_factory=StillReadable)


class NotConfirmedError(Exception):
    """A publication would make records coarser than what is public, and nobody confirmed that; nothing is published."""

    def __init__(self, still_readable: StillReadable) -> None:
        super().__init__("\n".join(map(str, still_readable)))
        self.still_readable = still_readable


def publish(
    records: Iterable[PublicRecord],
    *,
    author: str = "",
    message: str = "",
    confirmed: str | None = None,
    reduce_because: str = "",
) -> Result:
    """Publish records and whatever they show that is not public yet, as one publication.

    Incidents whose editorial status is not "ready" are left out and listed in the result. Raises RefusedError, which
    names each record that cannot be published and why; nothing is published then. With `confirmed`, the token of a
    `StillReadable` that somebody has seen, raises NotConfirmedError if the publication makes coarser what is not in it.
    `reduce_because` is the public reason for which the earlier revisions of such records get their new content.
    """
    asked = list(records)
    with publication(author=author, message=message) as session:
        left = LeftPlaces(session, (each for each in asked if isinstance(each, Incident)))
        unready = publish_within(session, asked, message=message)
        session.cascade()
        if confirmed is not None and session.still_readable.token not in ("", confirmed):
            raise NotConfirmedError(session.still_readable)
        if reduce_because:
            refuse_revealing_reason(asked, reduce_because)
            reduce_noted(session, reduce_because)
        emptied = left.empty()
    return Result.of(session, unready, emptied)


def what_stays_readable(records: Iterable[PublicRecord]) -> StillReadable:
    """Public values that publishing these records now would make coarser; writes nothing.

    Raises RefusedError.
    """
    with transaction.atomic():
        with publication() as session:
            publish_within(session, list(records))
            session.cascade()
        transaction.set_rollback(True)
    return session.still_readable


def publish_within(session: PublishingSession, asked: Sequence[PublicRecord], *, message: str = "") -> list[str]:
    """Publish records within an open publication; returns the ids of incidents left out because they are not ready.

    `message` is that of the publication, which must not name what an incident hides. Raises RefusedError.
    """
    incidents = [record for record in asked if isinstance(record, Incident)]
    # In the order of their ids: that of the records asked for may follow from days that are held back.
    in_order = sorted(incidents, key=attrgetter("public_id"))
    ready = [incident.pk for incident in in_order if incident.editorial_status == "ready"]
    unready = [incident.public_id for incident in incidents if incident.editorial_status != "ready"]
    others = Needed()
    for record in asked:
        if not isinstance(record, Incident):
            others.add(record, asked=True)
            if isinstance(record, Location):
                dependencies.around(others, record.parent)
    refuse_revealing_names(each for each in asked if isinstance(each, Actor))
    put_shown(session, others)
    session.cascade()  # before incidents are rendered: a region also changes the places in it
    for some in batched(ready, CHUNK):
        _put_incidents(session, list(dependencies.incidents_with_parts(some)), set(ready), message)
    return unready


def _put_incidents(session: PublishingSession, incidents: list[Incident], batch: set[int], message: str) -> None:
    needed = Needed()
    for incident in incidents:
        dependencies.need_incident(needed, incident)
    _refuse_invalid(incidents)
    put_shown(session, needed)
    dependencies.fetch_unnamed(session.cache, incidents)
    contents = [
        render.incident_content(
            incident,
            actors=list(incident.participations.all()),
            reports=[evidence.report for evidence in incident.evidence.all()],
            claims=list(incident.claims.all()),
            related=items,
            cache=session.cache,
        )
        for incident, items in zip(incidents, related(session, incidents, batch), strict=True)
    ]
    refuse_revealing(incidents, contents, message=message)
    session.relate(contents)
    session.put("incident", contents)


def _refuse_invalid(records: Sequence[PublicRecord]) -> None:
    problems: list[str] = []
    for record in records:
        foreign = [each.name for each in record._meta.fields if each.is_relation]
        try:
            record.clean_fields(exclude=foreign)
            record.clean()
        except ValidationError as error:
            told = [f"{name}: {' '.join(texts)}" for name, texts in _new_faults(record, error).items()]
            problems += [f"{record.public_id} – {'; '.join(told)}"] if told else []
        if isinstance(record, Incident):
            problems += _incident_problems(record)
    if problems:
        raise RefusedError("\n".join(problems))


def _new_faults(record: PublicRecord, error: ValidationError) -> dict[str, list[str]]:
    """Validation errors of a record, without overlong texts that are already public."""
    faults = error.error_dict
    if not any(each.code in STANDING for errors in faults.values() for each in errors):
        return error.message_dict
    live = Revision.objects.live().of(KIND_OF[type(record)], [record.public_id])
    public = {orjson.dumps(text) for _, text in leaves(_document(live) or {})}
    return {
        name: [text for each in errors for text in each.messages]
        for name, errors in faults.items()
        if not (
            all(each.code in STANDING for each in errors)
            and public.issuperset(orjson.dumps(text) for _, text in leaves(getattr(record, name, None)))
        )
    }


def _incident_problems(incident: Incident) -> Iterator[str]:
    reports = {evidence.report_id for evidence in incident.evidence.all()}
    for claim in incident.claims.all():
        if claim.report_id not in reports:
            yield f"{incident.public_id} – claims: {claim} is from {claim.report.public_id}, not one of its reports."


def put_shown(session: PublishingSession, needed: Needed) -> None:
    """Publish the places, sources, actors and datasets that were requested or are not public yet.

    Raises RefusedError.
    """
    _put_some(session, needed, "source", lambda record: render.source_content(cast(Source, record)))
    _put_some(session, needed, "actor", lambda record: render.actor_content(cast(Actor, record)))
    locations = _to_put(session, needed, "location")
    if locations:
        _refuse_smaller_areas(cast(list[Location], locations))
        names = Location.objects.prefetch_related("names", "memberships").in_bulk([each.pk for each in locations])
        for layer in dependencies.parents_first(cast(list[Location], locations)):
            parents = session.cache.fetch("location", [each.parent.public_id for each in layer if each.parent])
            session.put(
                "location",
                [
                    render.location_content(
                        each,
                        parents.get(each.parent.public_id) if each.parent else None,
                        names[each.pk].names.all(),
                        names[each.pk].memberships.all(),
                    )
                    for each in layer
                ],
            )
    _put_datasets(session, needed)


def _refuse_smaller_areas(locations: Sequence[Location]) -> None:
    """Refuse to correct an area to a place within areas while incidents that are held back show it as their area."""
    public = Revision.objects.live().of("location", [each.public_id for each in locations]).documents()
    for place in locations:
        known = public.get(place.public_id)
        if known is None or known["kind"] not in AREAS or place.kind in AREAS:
            continue
        entries = IncidentEntry.objects.live().filter(location=place.public_id).values_list("record_id", flat=True)
        for some in batched(list(entries), CHUNK):
            for public_id, document in Revision.objects.live().of("incident", some).each_document():
                if is_generalised(document):
                    raise RefusedError(
                        f"{place.public_id} – kind: {public_id} is published less precisely, as being somewhere in "
                        "this area. As a smaller kind of place it would be the exact place. Hold the incident back "
                        "further and publish it first."
                    )


def _put_datasets(session: PublishingSession, needed: Needed) -> None:
    datasets = cast(list[Dataset], _to_put(session, needed, "dataset"))
    if not datasets:
        return
    watched: dict[str, list[Monitoring]] = dependencies.need_watched(needed)
    sources = Needed()
    for rows in watched.values():
        for row in rows:
            sources.add(row.source)
    _put_some(session, sources, "source", lambda record: render.source_content(cast(Source, record)))
    session.put("dataset", [render.dataset_content(each, watched.get(each.public_id, ())) for each in datasets])


def _put_some(
    session: PublishingSession, needed: Needed, kind: str, content: Callable[[PublicRecord], Document]
) -> None:
    if records := _to_put(session, needed, kind):
        session.put(kind, [content(record) for record in records])


def _to_put(session: PublishingSession, needed: Needed, kind: str) -> list[PublicRecord]:
    """Contents to publish: requested records and new ones; dependencies keep their published version."""
    records = needed.records[kind]
    if not records:
        return []
    public = session.cache.fetch(kind, records)
    chosen = [record for name, record in records.items() if name not in public or (kind, name) in needed.asked]
    _refuse_invalid(chosen)
    return chosen


def withdraw(records: Iterable[PublicRecord], *, reason: str, author: str = "") -> Result:
    """Withdraw public records with a reason that readers see; raises RefusedError."""
    by_kind: dict[str, list[str]] = {}
    ended = list(records)
    refuse_revealing_reason(ended, reason)
    for record in ended:
        by_kind.setdefault(KIND_OF[type(record)], []).append(record.public_id)
    with publication(author=author, message=f"Withdraw: {reason}") as session:
        left = LeftPlaces(session, ended)
        for kind in ("incident", "location", "dataset", "actor", "source"):
            if by_kind.get(kind):
                session.withdraw(kind, sorted(by_kind[kind]), reason=reason)
        _no_longer_ready(ended)
        emptied = left.empty()
    return Result(session.seq, session.counts, emptied=emptied)


def redact(record: PublicRecord, *, reason: str, author: str = "") -> Result:
    """Take a record's content out of all published history, for safety; raises RefusedError."""
    refuse_revealing_reason([record], reason)
    with publication(author=author, message=f"Redact: {reason}") as session:
        session.redact(KIND_OF[type(record)], record.public_id, reason=reason)
        _no_longer_ready([record])
    return Result(session.seq, session.counts)


def _no_longer_ready(records: Iterable[PublicRecord]) -> None:
    """Reset the status of ended records, so that publishing all ready records does not restore them."""
    incidents = [record.pk for record in records if isinstance(record, Incident)]
    for some in batched(incidents, CHUNK):
        Incident.objects.filter(pk__in=some).update(editorial_status="rejected")


def preview(record: PublicRecord) -> Preview:
    """Published document of a record, and the document that publishing now would create; writes nothing."""
    kind = KIND_OF[type(record)]
    live = Revision.objects.live().of(kind, [record.public_id])
    published = _document(live)
    problem, working, still_readable = "", None, StillReadable()
    with transaction.atomic():
        try:
            with publication(preview=True) as session:
                publish_within(session, [_as_ready(record)])
            working, still_readable = _document(live.all()), session.still_readable
        except RefusedError as error:
            problem = str(error)
        transaction.set_rollback(True)
    changed = changed_fields(published or {}, working) if working else []
    return Preview(published, working, changed, problem, still_readable)


def _as_ready(record: PublicRecord) -> PublicRecord:
    record = copy.copy(record)  # the caller's own keeps its status
    if isinstance(record, Incident):
        record.editorial_status = "ready"
    return record


def _document(revisions: RevisionQuerySet) -> Document | None:
    return next(iter(revisions.documents().values()), None)
