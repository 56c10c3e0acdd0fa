"""An incident that was there before its file is loaded: the fields that the profile sets, and all others as they were.

The working record and the public document are merged apart, since editors may have changed the one and not yet
published the other: a load publishes what the file says and no edit besides.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from incidents.ledger.denormalisation import Document, is_generalised
from incidents.loading.bulk_rows import record_maker
from incidents.loading.dates.readings import precision_of
from incidents.loading.pipeline.actors import BOUNDS
from incidents.loading.pipeline.existing import Existing, FileEntries, disclosures, is_full, merged_entries
from incidents.loading.pipeline.intervals import FROM_FILE
from incidents.loading.profiles.authority import DERIVED, Authority
from incidents.loading.staging.parsed import as_stored
from incidents.models import Incident, IncidentActor, Location, Report
from incidents.publishing import render
from incidents.publishing.generalise import generalised
from incidents.schema.attributes import declared_by
from incidents.schema.records import stored_values
from incidents.vocabulary import EVENT_SUBTYPES

if TYPE_CHECKING:
    from incidents.loading.pipeline.chunk import Chunk

Fields = Mapping[str, Any]

OF_OTHERS = ("latitude", "longitude", "place_disclosure", "date_disclosure")
"""Fields that follow from the place, or say how much of the others is public."""


class ConflictError(Exception):
    """What a row sets does not go with what the editors set; the message says what would."""


class FileContent(NamedTuple):
    """What a row says of an incident: its fields, its place, and the actors and reports that it lists."""

    fields: Fields
    place: Location | None
    actors: Sequence[IncidentActor]
    reports: Sequence[Report]


def merged_fields(of_file: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return an incident's fields: those that the profile sets as the row has them, all others as they were.

    `extra` and `attributes` are left out. Raises ConflictError where the two do not go together.
    """
    kept_apart = ("extra", "attributes")
    values = {
        **kept,
        **{name: of_file[name] for name in authority.fields if name in of_file and name not in kept_apart},
    }
    values |= _dates(of_file, kept, authority) | _said_of_dates(of_file, kept, authority)
    _refuse_conflicts(values)
    for (lower, small), (higher, large) in falling_figures(values):
        if not (values["figures_as_coded"] or kept["figures_as_coded"]):
            raise ConflictError(f"{lower} ({small}) of at most {higher} ({large}); the editors set one of them")
        values["figures_as_coded"] = True
    return values


def merged_extra(of_file: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return `extra`: the profile sets the names that it maps, all others stay."""
    extra = {name: value for name, value in kept.items() if name not in authority.extra} | dict(of_file)
    return dict(sorted(extra.items(), key=as_stored))


def merged_attributes(of_file: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return the values of own fields: the profile sets those that it names, all others stay."""
    return {name: value for name, value in kept.items() if name not in authority.attributes} | dict(of_file)


def republished(of_file: FileContent, existing: Existing, chunk: Chunk, entries: FileEntries) -> Document:
    """Return the content of a public incident, made of what is public and what a row says; raises ConflictError."""
    document, authority, disclosed = existing.document or {}, chunk.authority, disclosures(existing)
    values = merged_fields(of_file.fields, _public_fields(document, existing), authority)
    if not is_full(disclosed):
        values["summary"] = _held_summary(document, existing, disclosed)
    place = of_file.place if authority.sets("location_id") else _place_of(document)
    if not authority.sets("latitude"):
        values["latitude"], values["longitude"] = _kept_point(document, existing, place)
    values["attributes"] = of_file.fields.get("attributes", {})
    values |= {f"{name}_disclosure": level for name, level in disclosed.items()}
    incident = record_maker(Incident)(values, dataset=chunk.dataset, location=place)
    content = render.known_content(
        incident, actors=of_file.actors, reports=of_file.reports, claims=(), related=(), cache=chunk.cache
    )
    content |= _lists(content, document, of_file, chunk, entries)
    if is_full(disclosed):
        return content
    incident.location = of_file.place if authority.sets("location_id") else existing.public_place
    incident.text_confirmations = (existing.working or {}).get("text_confirmations")
    safe = {each.actor.public_id for each in of_file.actors if each.actor.safe_when_generalised}
    return generalised(content, incident, chunk.cache, safe | chunk.safe_actors)


def _place_of(document: Document) -> Any:
    """Return what stands for the place that is public: a document's content needs its id alone."""
    place = document["location"]["id"]
    return record_maker(Location)({"id": None, "public_id": place}) if place else None


def _lists(content: Document, document: Document, of_file: FileContent, chunk: Chunk, entries: FileEntries) -> Document:
    """Return the parts of a document that are lists, and `extra`.

    The actors and reports of a generalised document stay: it does not say which of them the file listed.
    """
    authority, is_named = chunk.authority, not is_generalised(document)
    parts = {name: document[name] for name in ("claims", "related", "extra", "attributes", "actors", "reports")}
    if authority.actors and is_named:
        parts["actors"] = merged_entries(content["actors"], document["actors"], entries.actors)
    if authority.reports and is_named:
        public = {each["id"]: each for each in document["reports"]}
        reports = [public.get(each["id"], each) for each in content["reports"]]  # a load changes no report
        rested_on = {claim["report"] for claim in document["claims"]}
        parts["reports"] = merged_entries(reports, document["reports"], entries.reports - rested_on)
    if authority.sets("extra"):
        parts["extra"] = merged_extra(of_file.fields["extra"], document["extra"], authority)
    if authority.attributes:
        own = merged_attributes(content["attributes"], document["attributes"], authority)
        parts["attributes"] = _in_order(own, chunk)
    return parts


def _in_order(values: Fields, chunk: Chunk) -> dict[str, Any]:
    """Return values of own fields in the order in which the dataset declares them."""
    dataset = chunk.dataset.public_id
    declared = declared_by(chunk.cache.fetch("dataset", [dataset])[dataset])
    known = [name for attribute in declared for name in attribute.names if name in values]
    return {name: values[name] for name in (*known, *(name for name in values if name not in known))}


def _public_fields(document: Document, existing: Existing) -> dict[str, Any]:
    """Return the fields of an incident as they are public; days that are held back are those of the working record."""
    working = existing.working or {}
    fields = {name: value for name, value in stored_values("incident", document).items() if name not in OF_OTHERS}
    fields |= {"figures_as_coded": working.get("figures_as_coded", True), "extra": {}}
    fields |= {"attributes": {}}
    if document["disclosure"]["date"] != "full":
        fields |= {name: working[name] for name in ("date_start", *DERIVED) if name in working}
    return fields


def _dates(of_file: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return the days and their precision; what follows from the start does so unless an editor set it otherwise."""
    start, end, precision = of_file["date_start"], of_file["date_end"], of_file["date_precision"]
    if not authority.sets("date_end") and kept["date_end"] != kept["date_start"]:
        end = kept["date_end"]
    if not authority.sets("date_precision"):
        followed = kept["date_precision"] == precision_of(kept["date_start"], kept["date_end"])
        precision = precision_of(start, end) if followed or not (start or end) else kept["date_precision"]
    return {"date_start": start, "date_end": end, "date_precision": precision}


def _said_of_dates(of_file: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return the time of day and the remark on the date: a date of the file may have them, and editors' own stay."""
    said: dict[str, Any] = {}
    if not authority.sets("time_of_day") and of_file["time_of_day"]:
        said |= {"time_of_day": of_file["time_of_day"]}
        if not authority.sets("time_zone"):
            said |= {"time_zone": of_file["time_zone"]}
    if not kept["date_remark"] or kept["date_remark"].startswith(FROM_FILE):
        said["date_remark"] = of_file["date_remark"]
    return said


def _refuse_conflicts(values: Fields) -> None:
    start, end = values["date_start"], values["date_end"]
    if start and end and start > end:
        raise ConflictError(f"a start that is not after {end}, the end that the editors set")
    subtype = EVENT_SUBTYPES.get(values["event_subtype"])
    if subtype and subtype.parent != values["event_type"]:
        raise ConflictError(f"the event type {subtype.parent}, of which the editors set the sub-type {subtype.code}")


def falling_figures(values: Fields) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Yield low, best or high with the figure above it that is smaller, each with its name."""
    for what in ("killed", "injured"):
        names = [f"{what}_{bound}" for bound in BOUNDS]
        known = [(name, values[name]) for name in names if values.get(name) is not None]
        yield from (pair for pair in itertools.pairwise(known) if pair[0][1] > pair[1][1])


def _held_summary(document: Document, existing: Existing, disclosed: Mapping[str, str]) -> str:
    """Return the editors' summary of an incident of which something is held back, since the file's may tell it."""
    if existing.working is not None and disclosed != document["disclosure"]:
        return str(existing.working["summary"])
    return str(document["summary"])


def _kept_point(document: Document, existing: Existing, place: Location | None) -> tuple[float | None, float | None]:
    """Return the point of an incident of which the profile sets none: its own, or none where its place moved."""
    public = document["location"]
    moved = (place.public_id if place else None) != public["id"]
    if moved and (existing.working is None or existing.working["latitude"] is None):
        return None, None
    return public["latitude"], public["longitude"]
