"""From working records to the content of public documents, as `incidents.schema` declares it.

Lists are put in order here: databases differ in where they sort nulls, and in how they sort text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypedDict, Unpack

from incidents.ledger.content import RefusedError
from incidents.ledger.denormalisation import Document, party_shown, place_shown, place_within, watched_in_order
from incidents.ledger.document_cache import DocumentCache
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
from incidents.models.datasets import declarations
from incidents.publishing.generalise import generalised, is_held_back
from incidents.schema.attribute_values import AttributeValueError, published
from incidents.schema.attributes import declared_by
from incidents.schema.records import content_of


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def dataset_content(dataset: Dataset, monitoring: Iterable[Monitoring] = ()) -> Document:
    """Render a dataset as a document without revision and time."""
    watched = (
        {
            "source": each.source.public_id,
            "start": _day(each.start),
            "end": _day(each.end),
            "remark": each.remark or None,
        }
        for each in monitoring
    )
    own_fields = dataset.own_fields.prefetch_related("codes") if dataset.pk else ()
    declared = [each.document() for each in declarations(own_fields) if each.public]
    return content_of("dataset", dataset, {"coverage.sources": watched_in_order(watched), "attributes": declared})


def location_content(
    location: Location,
    parent: Document | None,
    names: Iterable[PlaceName] = (),
    memberships: Iterable[Membership] = (),
) -> Document:
    """Content of a place's document; `parent` is the published document of its parent, if any."""
    made = {
        "names": [
            {"name": each.name, "language": each.language or None, "kind": each.kind}
            for each in sorted(names, key=lambda each: (each.language, each.name))
        ],
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
    }
    return place_within(content_of("location", location, made), parent)


def source_content(source: Source) -> Document:
    """Render a source as a document without revision and time."""
    return content_of("source", source)


def actor_content(actor: Actor) -> Document:
    """Render an actor as a document without revision and time."""
    return content_of("actor", actor)


class Parts(TypedDict):
    """What the document of an incident shows besides its own fields."""

    actors: Sequence[IncidentActor]
    reports: Sequence[Report]
    claims: Sequence[Claim]
    related: Sequence[Document]
    """Objects of id and relation, of public incidents only."""
    cache: DocumentCache
    """Everything else, as published and not as edited."""


def incident_content(incident: Incident, **parts: Unpack[Parts]) -> Document:
    """Content of an incident's document, generalised to its disclosure level; works on instances that are not saved."""
    content = known_content(incident, **parts)
    if not is_held_back(incident):
        return content
    safe = {each.actor.public_id for each in parts["actors"] if each.actor.safe_when_generalised}
    return generalised(content, incident, parts["cache"], safe)


def known_content(incident: Incident, **parts: Unpack[Parts]) -> Document:
    """Content of an incident's document before it is generalised; without the place if that is held back.

    A generalised document gives only the kind of its sources and actors, so these need not be public: of one that is
    not, the working record is taken.
    """
    actors, reports, cache = parts["actors"], parts["reports"], parts["cache"]
    dataset = incident.dataset.public_id
    shown_actors = cache.fetch("actor", [each.actor.public_id for each in actors])
    shown_sources = cache.fetch("source", [source.public_id for source in _speakers(reports)])
    shown_actors |= {
        each.actor.public_id: actor_content(each.actor) for each in actors if each.actor.public_id not in shown_actors
    }
    shown_sources |= {
        source.public_id: source_content(source)
        for source in _speakers(reports)
        if source.public_id not in shown_sources
    }
    made = {
        "dataset": dataset,
        "location": _place_part(incident, cache),
        "actors": _actor_parts(actors, shown_actors),
        "reports": _report_parts(reports, shown_sources),
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
            for claim in parts["claims"]
        ],
        "related": list(parts["related"]),
        "licence": cache.fetch("dataset", [dataset])[dataset]["licence"],
        "attributes": _attributes(incident, cache),
    }
    return content_of("incident", incident, made)


def _speakers(reports: Iterable[Report]) -> list[Source]:
    return [source for each in reports for source in (each.source, each.relays) if source]


def _attributes(incident: Incident, cache: DocumentCache) -> Document:
    """Return the values of the public fields of the incident's dataset. Raises RefusedError."""
    if not incident.attributes:
        return {}
    dataset = incident.dataset.public_id
    declared = declared_by(cache.fetch("dataset", [dataset])[dataset])
    try:
        return published(incident.attributes, declared)
    except AttributeValueError as error:
        raise RefusedError(f"incident {incident.public_id}: {error}") from None


def _speaker(claim: Claim) -> Source:
    return claim.speaker or claim.report.relays or claim.report.source


def _place_part(incident: Incident, cache: DocumentCache) -> Document:
    """Fields of the place in an incident, and its point if the incident has none."""
    if incident.location is None or incident.place_disclosure != "full":
        return {}
    public_id = incident.location.public_id
    place = cache.fetch("location", [public_id])[public_id]
    point = {} if incident.latitude is not None else {name: place[name] for name in ("latitude", "longitude")}
    return place_shown(place) | point


def _actor_parts(actors: Sequence[IncidentActor], documents: Mapping[str, Document]) -> list[Document]:
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


def _report_parts(reports: Sequence[Report], speakers: Mapping[str, Document]) -> list[Document]:
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
