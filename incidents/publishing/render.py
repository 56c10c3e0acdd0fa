"""From working records to the content of public documents, in the shape that `incidents.documents` declares.

Lists are put in order here: databases differ in where they sort nulls, and in how they sort text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from incidents.ledger.embed import Document, party_shown, place_shown, place_within, watched_in_order
from incidents.ledger.shown import Shown
from incidents.models import (
    Actor,
    Claim,
    Dataset,
    Incident,
    IncidentActor,
    Location,
    Membership,
    Monitoring,
    PlaceName,
    Report,
    Source,
)
from incidents.publishing.generalise import generalised


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def dataset_content(dataset: Dataset, monitoring: Iterable[Monitoring] = ()) -> Document:
    """Return the content of a dataset's document."""
    return {
        "id": dataset.public_id,
        "revision": None,
        "published": None,
        "name": dataset.name,
        "description": dataset.description,
        "licence": dataset.licence,
        "attribution": dataset.attribution,
        "citation": dataset.citation,
        "homepage": dataset.homepage or None,
        "version": dataset.version or None,
        "coverage": {
            "start": _day(dataset.coverage_start),
            "end": _day(dataset.coverage_end),
            "area": dataset.coverage_area or None,
            "sources": watched_in_order(
                {
                    "source": watched.source.public_id,
                    "start": _day(watched.start),
                    "end": _day(watched.end),
                    "remark": watched.remark or None,
                }
                for watched in monitoring
            ),
        },
    }


def location_content(
    location: Location,
    parent: Document | None,
    names: Iterable[PlaceName] = (),
    memberships: Iterable[Membership] = (),
) -> Document:
    """Return the content of a place's document; `parent` is the published document of its parent, if it has one."""
    own = {
        "id": location.public_id,
        "revision": None,
        "published": None,
        "name": location.name,
        "kind": location.kind,
        "parent": None,
        "admin1": None,
        "admin2": None,
        "country": location.country_code or None,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "within": [],
        "names": [
            {"name": each.name, "language": each.language or None, "kind": each.kind}
            for each in sorted(names, key=lambda each: (each.language, each.name))
        ],
        "identifiers": {
            "geonames": location.geonames_id,
            "katotth": location.katotth or None,
            "pcode": location.pcode or None,
            "wikidata": location.wikidata_id or None,
        },
        "memberships": [
            {
                "area": each.area,
                "claimed_by": each.claimed_by,
                "start": _day(each.start),
                "end": _day(each.end),
                "control": each.control,
            }
            for each in sorted(memberships, key=lambda each: (_day(each.start) or "", each.area, each.claimed_by))
        ],
        "remark": location.remark or None,
    }
    return place_within(own, parent)


def source_content(source: Source) -> Document:
    """Return the content of a source's document."""
    return {
        "id": source.public_id,
        "revision": None,
        "published": None,
        "name": source.name,
        "kind": source.kind,
        "url": source.url or None,
        "language": source.language or None,
        "country": source.country_code or None,
        "affiliation": source.affiliation or None,
        "scale": source.scale,
        "reliability": source.reliability,
        "remark": source.remark or None,
    }


def actor_content(actor: Actor) -> Document:
    """Return the content of an actor's document."""
    return {
        "id": actor.public_id,
        "revision": None,
        "published": None,
        "name": actor.name,
        "kind": actor.kind,
        "country": actor.country_code or None,
        "identifiers": {"ucdp": actor.ucdp_id},
        "remark": actor.remark or None,
    }


def incident_content(
    incident: Incident,
    *,
    actors: Sequence[IncidentActor],
    reports: Sequence[Report],
    claims: Sequence[Claim],
    related: Sequence[Document],
    shown: Shown,
) -> Document:
    """Return the content of an incident's document, generalised as its disclosure asks.

    `related` holds objects of id and relation, of public incidents only. Everything else that the document shows is
    taken as published (`shown`), not as edited. Works on instances that are not saved.
    """
    content = {
        "id": incident.public_id,
        "dataset": incident.dataset.public_id,
        "revision": None,
        "published": None,
        "summary": incident.summary,
        "event_type": incident.event_type,
        "event_subtype": incident.event_subtype or None,
        "date": {
            "start": _day(incident.date_start),
            "end": _day(incident.date_end),
            "precision": incident.date_precision,
            "remark": incident.date_remark or None,
        },
        "location": _location_part(incident, shown),
        "actors": _actor_parts(actors, shown),
        "targets": incident.targets,
        "casualties": {
            "killed": {"low": incident.killed_low, "best": incident.killed_best, "high": incident.killed_high},
            "injured": {"low": incident.injured_low, "best": incident.injured_best, "high": incident.injured_high},
        },
        "reports": _report_parts(reports, shown),
        "claims": [
            {
                "field": claim.field,
                "value": claim.value,
                "stance": claim.stance,
                "source": _speaker(claim).public_id,
                "report": claim.report.public_id,
                "quote": claim.quote or None,
                "adopted": claim.adopted,
            }
            for claim in claims
        ],
        "tags": incident.tags,
        "related": list(related),
        "extra": incident.extra,
        "disclosure": {"place": incident.place_disclosure, "date": incident.date_disclosure},
        "licence": shown.fetch("dataset", [incident.dataset.public_id])[incident.dataset.public_id]["licence"],
    }
    if incident.place_disclosure == "full" and incident.date_disclosure == "full":
        return content
    return generalised(content, incident, shown)


def _speaker(claim: Claim) -> Source:
    return claim.speaker or claim.report.relays or claim.report.source


def _location_part(incident: Incident, shown: Shown) -> Document:
    part: Document = {
        "id": None,
        "name": None,
        "kind": None,
        "admin1": None,
        "admin2": None,
        "country": None,
        "as_reported": incident.location_as_reported or None,
        "latitude": incident.latitude,
        "longitude": incident.longitude,
        "precision": incident.location_precision,
        "radius_km": incident.radius_km,
        "remark": incident.location_remark or None,
    }
    if incident.location is not None and incident.place_disclosure == "full":
        public_id = incident.location.public_id
        place = shown.fetch("location", [public_id])[public_id]
        part |= place_shown(place)
        if incident.latitude is None:
            part["latitude"], part["longitude"] = place["latitude"], place["longitude"]
    return part


def _actor_parts(actors: Sequence[IncidentActor], shown: Shown) -> list[Document]:
    documents = shown.fetch("actor", [each.actor.public_id for each in actors])
    return [
        {
            "id": each.actor.public_id,
            "name": documents[each.actor.public_id]["name"],
            "kind": documents[each.actor.public_id]["kind"],
            "role": each.role,
            "certainty": each.certainty,
        }
        for each in actors
    ]


def _report_parts(reports: Sequence[Report], shown: Shown) -> list[Document]:
    speakers = shown.fetch(
        "source", [source.public_id for each in reports for source in (each.source, each.relays) if source]
    )
    return [
        {
            "id": each.public_id,
            "source": party_shown(speakers[each.source.public_id]),
            "relays": party_shown(speakers[each.relays.public_id]) if each.relays else None,
            "title": each.title or None,
            "url": each.url or None,
            "archive_url": each.archive_url or None,
            "published": _day(each.published_on),
            "published_not_before": _day(each.published_not_before),
            "language": each.language or None,
        }
        for each in reports
    ]
