"""Publishes records, and what they show, within an open publication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import cast

from incidents.batches import batched
from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document, is_generalised
from incidents.ledger.models import IncidentEntry, Revision
from incidents.ledger.store import CHUNK
from incidents.models import Actor, Dataset, Incident, Location, Monitoring, PublicRecord, Source
from incidents.publishing import dependencies, render
from incidents.publishing.dependencies import Needed
from incidents.publishing.faults import refuse_invalid
from incidents.publishing.readable_texts import refuse_revealing, refuse_revealing_names
from incidents.publishing.relations import related
from incidents.publishing.session import PublishingSession

AREAS = ("country", "admin1", "admin2")
"""Kinds of places that stand for less precise ones."""


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
    refuse_invalid(incidents)
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
    refuse_invalid(chosen)
    return chosen
