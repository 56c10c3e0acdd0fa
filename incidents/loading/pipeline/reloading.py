"""An incident that was there before its file is loaded: the fields that the profile sets, and all others as they were.

The working record and the public document are merged apart, since editors may have changed the one and not yet
published the other: a load publishes what the file says and no edit besides.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from incidents.ledger.denormalisation import Document
from incidents.ledger.document_cache import Shown
from incidents.loading.pipeline.bulk_rows import Maker
from incidents.loading.pipeline.existing import Before, disclosures, is_full
from incidents.loading.pipeline.intervals import precision_of
from incidents.loading.pipeline.parsed import as_stored
from incidents.loading.pipeline.shared_lists import Listed, merged_entries
from incidents.loading.profiles.authority import DERIVED, Authority
from incidents.models import Dataset, Incident, IncidentActor, Location, Report
from incidents.publishing import render
from incidents.publishing.generalise import generalised
from incidents.schema.records import stored_values
from incidents.vocabulary import EVENT_SUBTYPES

Fields = Mapping[str, Any]
FIGURES = tuple(tuple(f"{what}_{which}" for which in ("low", "best", "high")) for what in ("killed", "injured"))


OF_OTHERS = ("latitude", "longitude", "place_disclosure", "date_disclosure")
"""Fields that follow from the place, or say how much of the others is public."""

FULL = {"place_disclosure": "full", "date_disclosure": "full"}


class ConflictError(Exception):
    """What a row sets does not go with what the editors set; the message says what would."""


class Around(Protocol):
    """What is the same for all incidents of a chunk."""

    @property
    def dataset(self) -> Dataset:
        """The dataset that the incidents belong to."""

    @property
    def shown(self) -> Shown:
        """The published documents that incidents show."""

    @property
    def authority(self) -> Authority:
        """What the profile sets."""


class Told(NamedTuple):
    """What a row says of an incident: its fields, its place, and the actors and reports that it lists."""

    fields: Fields
    place: Location | None
    actors: Sequence[IncidentActor]
    reports: Sequence[Report]


def merged(told: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return an incident's fields: those that the profile sets as the row has them, all others as they were.

    `extra` is left out. Raises ConflictError where the two do not go together.
    """
    values = {**kept, **{name: told[name] for name in authority.fields if name in told and name != "extra"}}
    values |= _dates(told, kept, authority)
    _refuse_conflicts(values)
    if wrong := _figures_out_of_order(values):
        if not (values["figures_as_coded"] or kept["figures_as_coded"]):
            raise ConflictError(f"{wrong}; the editors set one of them")
        values["figures_as_coded"] = True
    return values


def merged_extra(told: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return `extra`: the profile sets the names that it maps, all others stay."""
    extra = {name: value for name, value in kept.items() if name not in authority.extra} | dict(told)
    return dict(sorted(extra.items(), key=as_stored))


class Republisher:
    """Makes the content of an incident that is public of what is public and what a row says."""

    def __init__(self) -> None:
        self._make_incident, self._make_place = Maker(Incident), Maker(Location)

    def content(self, told: Told, before: Before, chunk: Around, listed: Listed) -> Document:
        """Return the content; raises ConflictError."""
        document, authority, disclosed = before.document or {}, chunk.authority, disclosures(before)
        values = merged(told.fields, _public_fields(document, before), authority)
        if not is_full(disclosed):
            values["summary"] = _held_summary(document, before, disclosed)
        place = told.place if authority.sets("location_id") else self._place_of(document)
        if not authority.sets("latitude"):
            values["latitude"], values["longitude"] = _kept_point(document, before, place)
        incident = self._make_incident.make(values | FULL, dataset=chunk.dataset, location=place)
        content = render.incident_content(
            incident, actors=told.actors, reports=told.reports, claims=(), related=(), shown=chunk.shown
        )
        content |= _lists(content, document, told, authority, listed)
        if is_full(disclosed):
            return content
        exact = told.place if authority.sets("location_id") else before.public_place
        incident.location, content["disclosure"] = exact, disclosed
        incident.place_disclosure, incident.date_disclosure = disclosed["place"], disclosed["date"]
        return generalised(content, incident, chunk.shown)

    def _place_of(self, document: Document) -> Any:
        """Return what stands for the place that is public: a document's content needs its id alone."""
        place = document["location"]["id"]
        return self._make_place.make({"id": None, "public_id": place}) if place else None


def _lists(content: Document, document: Document, told: Told, authority: Authority, listed: Listed) -> Document:
    """Return the parts of a document that are lists, and `extra`."""
    public = {each["id"]: each for each in document["reports"]}
    rested_on = {claim["report"] for claim in document["claims"]}
    reports = [public.get(each["id"], each) for each in content["reports"]]  # a load changes no report
    parts = {"claims": document["claims"], "related": document["related"], "extra": document["extra"]}
    parts["actors"], parts["reports"] = document["actors"], document["reports"]
    if authority.actors:
        parts["actors"] = merged_entries(content["actors"], document["actors"], listed.actors)
    if authority.reports:
        parts["reports"] = merged_entries(reports, document["reports"], listed.reports - rested_on)
    if authority.sets("extra"):
        parts["extra"] = merged_extra(told.fields["extra"], document["extra"], authority)
    return parts


def _public_fields(document: Document, before: Before) -> dict[str, Any]:
    """Return the fields of an incident as they are public; days that are held back are those of the working record."""
    working = before.working or {}
    told = stored_values("incident", document)
    kept = {name: value for name, value in told.items() if name not in OF_OTHERS}
    fields = kept | {"figures_as_coded": working.get("figures_as_coded", True), "extra": {}}
    if document["disclosure"]["date"] != "full":
        fields |= {name: working[name] for name in ("date_start", *DERIVED) if name in working}
    return fields


def _dates(told: Fields, kept: Fields, authority: Authority) -> dict[str, Any]:
    """Return the days and their precision; what follows from the start does so unless an editor set it otherwise."""
    start, end, precision = told["date_start"], told["date_end"], told["date_precision"]
    if not authority.sets("date_end") and kept["date_end"] != kept["date_start"]:
        end = kept["date_end"]
    if not authority.sets("date_precision"):
        followed = kept["date_precision"] == precision_of(kept["date_start"], kept["date_end"])
        precision = precision_of(start, end) if followed or not (start or end) else kept["date_precision"]
    return {"date_start": start, "date_end": end, "date_precision": precision}


def _refuse_conflicts(values: Fields) -> None:
    start, end = values["date_start"], values["date_end"]
    if start and end and start > end:
        raise ConflictError(f"a start that is not after {end}, the end that the editors set")
    subtype = EVENT_SUBTYPES.get(values["event_subtype"])
    if subtype and subtype.parent != values["event_type"]:
        raise ConflictError(f"the event type {subtype.parent}, of which the editors set the sub-type {subtype.code}")


def _figures_out_of_order(values: Fields) -> str:
    """Return what figures would be right, "" if they are."""
    for names in FIGURES:
        known = [(name, values[name]) for name in names if values[name] is not None]
        for (lower, small), (higher, large) in itertools.pairwise(known):
            if small > large:
                return f"{lower} ({small}) of at most {higher} ({large})"
    return ""


def _held_summary(document: Document, before: Before, disclosed: Mapping[str, str]) -> str:
    """Return the editors' summary of an incident of which something is held back, since the file's may tell it."""
    if before.working is not None and disclosed != document["disclosure"]:
        return str(before.working["summary"])
    return str(document["summary"])


def _kept_point(document: Document, before: Before, place: Location | None) -> tuple[float | None, float | None]:
    """Return the point of an incident of which the profile sets none: its own, or none where its place moved."""
    public = document["location"]
    moved = (place.public_id if place else None) != public["id"]
    if moved and (before.working is None or before.working["latitude"] is None):
        return None, None
    return public["latitude"], public["longitude"]
