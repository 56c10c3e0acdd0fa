"""What must be public for a record to be public, fetched in a number of queries that does not grow with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from incidents.ledger.document_cache import DocumentCache
from incidents.models import (
    Actor,
    Claim,
    Dataset,
    Incident,
    IncidentActor,
    IncidentReport,
    Location,
    Monitoring,
    PublicRecord,
    Relation,
    Source,
)
from incidents.publishing.generalise import disclosed_place, is_held_back

PARENTS = "parent__parent__parent__parent__parent__parent"
"""Six joins reach from a street to its country in one query; a deeper chain costs a query a step."""

KIND_OF: dict[type[PublicRecord], str] = {
    Dataset: "dataset",
    Location: "location",
    Source: "source",
    Actor: "actor",
    Incident: "incident",
}


@dataclass
class Needed:
    """Records to publish by kind and public id; `asked` are those that the caller requested."""

    asked: set[tuple[str, str]] = field(default_factory=set)
    records: dict[str, dict[str, PublicRecord]] = field(default_factory=lambda: {kind: {} for kind in KIND_OF.values()})

    def add(self, record: PublicRecord, *, asked: bool = False) -> None:
        """Add a record, as requested or as a dependency."""
        kind = KIND_OF[type(record)]
        self.records[kind].setdefault(record.public_id, record)
        if asked:
            self.asked.add((kind, record.public_id))


def incidents_with_parts(ids: Sequence[int]) -> QuerySet[Incident]:
    """Fetch incidents with all relations that their documents show, in a fixed number of queries."""
    claims = Claim.objects.select_related("speaker", "report__source", "report__relays").order_by("position", "id")
    actors = IncidentActor.objects.select_related("actor").order_by("position", "id")
    evidence = IncidentReport.objects.select_related("report__source", "report__relays").order_by("position", "id")
    return (
        Incident.objects.filter(pk__in=ids)
        .select_related("dataset", "location", f"location__{PARENTS}")
        .prefetch_related(
            Prefetch("participations", actors),
            Prefetch("evidence", evidence),
            Prefetch("claims", claims),
            Prefetch("relations", Relation.objects.select_related("related").order_by("id")),
            Prefetch("related_from", Relation.objects.select_related("incident").order_by("id")),
            "location__names",
        )
        .order_by("public_id")
    )


def around(needed: Needed, location: Location | None) -> None:
    """Note a place and all places that hold it."""
    while location is not None and location.public_id not in needed.records["location"]:
        needed.add(location)
        location = location.parent


def need_incident(needed: Needed, incident: Incident) -> None:
    """Note an incident and what its public document shows: a generalised one shows no source, and safe actors only."""
    needed.add(incident, asked=True)
    needed.add(incident.dataset)
    around(needed, disclosed_place(incident))
    held_back = is_held_back(incident)
    for participation in incident.participations.all():
        if not held_back or participation.actor.safe_when_generalised:
            needed.add(participation.actor)
    if not held_back:
        _need_sources(needed, incident)


def _need_sources(needed: Needed, incident: Incident) -> None:
    reports = [evidence.report for evidence in incident.evidence.all()]
    for report in (*reports, *(claim.report for claim in incident.claims.all())):
        needed.add(report.source)
        if report.relays:
            needed.add(report.relays)
    for claim in incident.claims.all():
        if claim.speaker:
            needed.add(claim.speaker)


def fetch_unnamed(cache: DocumentCache, incidents: Iterable[Incident]) -> None:
    """Fetch at once what is public of the sources and actors of which held back incidents give only the kind."""
    held_back = [each for each in incidents if is_held_back(each)]
    reports = [evidence.report for each in held_back for evidence in each.evidence.all()]
    speakers = [source for report in reports for source in (report.source, report.relays) if source]
    actors = [participation.actor for each in held_back for participation in each.participations.all()]
    cache.fetch("source", {source.public_id for source in speakers})
    cache.fetch("actor", {actor.public_id for actor in actors})


def need_watched(needed: Needed) -> dict[str, list[Monitoring]]:
    """Note the sources that the noted datasets watch; returns the monitoring by dataset."""
    watched: dict[str, list[Monitoring]] = {}
    rows = (
        Monitoring.objects.filter(dataset__public_id__in=needed.records["dataset"])
        .select_related("source", "dataset")
        .order_by("id")
    )
    for row in rows:
        watched.setdefault(row.dataset.public_id, []).append(row)
    return watched


def parents_first(locations: Iterable[Location]) -> list[list[Location]]:
    """Places in layers, so that the parent of each is in an earlier layer or not in the list."""
    left = {location.public_id: location for location in locations}
    layers: list[list[Location]] = []
    while left:
        layer = [each for each in left.values() if each.parent is None or each.parent.public_id not in left]
        if not layer:
            raise ValueError(f"Places contain each other in a circle: {', '.join(sorted(left))}")
        layers.append(layer)
        for each in layer:
            del left[each.public_id]
    return layers
