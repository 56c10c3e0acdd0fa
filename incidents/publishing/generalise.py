"""Makes the document of an incident whose place or date is coarser than it is known, for the safety of people.

The document is built from what the declaration of each field says is safe at that level (`incidents.schema.fields`),
so a field whose declaration says nothing is withheld. It depends on nothing else of the incident, which is all that
search, counts and the history of readers are made of.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from incidents.ledger.denormalisation import Document, place_shown
from incidents.ledger.document_cache import DocumentCache
from incidents.models import Incident, Location
from incidents.publishing.text_confirmations import confirmed_texts
from incidents.publishing.withheld_names import withheld_actors, withheld_evidence
from incidents.schema.attributes import declared_by
from incidents.schema.fields import Field
from incidents.schema.incident import INCIDENT
from incidents.vocabulary import DATE_PRECISIONS, EVENT_SUBTYPES, EVENT_TYPES, LOCATION_PRECISIONS

RADIUS_KM = {"admin2": 50.0, "admin1": 200.0, "country": 1000.0}
"""A radius that surely holds the place, by the level that is disclosed."""

WITHHELD_TEXT = "The description is withheld for safety."
"""What stands for a summary that no editor confirmed."""


def is_held_back(incident: Incident) -> bool:
    """True if the incident's document is generalised."""
    return incident.place_disclosure != "full" or incident.date_disclosure != "full"


def disclosed_place(incident: Incident) -> Location | None:
    """Place to publish: the incident's own, or the surrounding area at the disclosure level."""
    return area_at(incident.location, incident.place_disclosure)


def area_at(place: Location | None, level: str) -> Location | None:
    """A place itself at the level "full", else the smallest area around it that is no finer than the level."""
    if level == "full":
        return place
    levels = ("admin2", "admin1", "country")
    allowed = levels[levels.index(level) :]
    while place is not None and place.kind not in allowed:
        place = place.parent
    return place


def generalised(content: Document, incident: Incident, cache: DocumentCache, safe_actors: Collection[str]) -> Document:
    """Content that has of each field what its declaration says is safe at the incident's disclosure level.

    `content` may be generalised already. `safe_actors` are the ids of the actors that keep their names.
    """
    levels = {"place": incident.place_disclosure, "date": incident.date_disclosure}
    held_back = frozenset(name for name, level in levels.items() if level != "full")
    made = _made(content, incident, cache, safe_actors)
    document = _declared(INCIDENT.part.fields, content, held_back, made)
    if "place" in held_back:
        document["location"] |= _area(content["location"], incident, cache)
    if "date" in held_back:
        document["date"] |= _interval(content["date"], incident.date_disclosure)
    return document


def _declared(
    fields: Iterable[Field], content: Document, held_back: Collection[str], made: Mapping[str, Any]
) -> Document:
    """Object with what is declared of each of its fields; `made` has the values of those that functions make."""
    return {each.name: _value(each, content[each.name], held_back, made) for each in fields if not each.derived}


def _value(field: Field, value: Any, held_back: Collection[str], made: Mapping[str, Any]) -> Any:
    if field.part and field.type == "object":
        return None if value is None else _declared(field.part.fields, value, held_back, value)
    match field.generalised:
        case "keep":
            return value
        case "place" | "date" as level:
            return field.withheld if level in held_back else value
        case "make" | "confirm":
            kept = made[field.name]
            return [_declared(field.part.fields, each, held_back, each) for each in kept] if field.part else kept
    return field.withheld


def _made(content: Document, incident: Incident, cache: DocumentCache, safe_actors: Collection[str]) -> Document:
    """Values of the fields that functions make; of the items of lists their declarations apply too."""
    reports, claims = withheld_evidence(content["reports"], content["claims"])
    safe_tags = {tag.casefold() for tag in incident.dataset.safe_tags or ()}
    return {
        "summary": content["summary"] if "summary" in confirmed_texts(incident) else _summary_of_codes(content),
        "actors": withheld_actors(content["actors"], safe_actors),
        "reports": reports,
        "claims": claims,
        "tags": sorted({tag for tag in content["tags"] if tag.casefold() in safe_tags}),
        "attributes": _kept_attributes(content, cache),
    }


def _summary_of_codes(content: Document) -> str:
    """Sentence that says no more than the codes do, such as "Armed attack (shooting)."."""
    what = EVENT_TYPES[content["event_type"]].label
    if content["event_subtype"]:
        label = EVENT_SUBTYPES[content["event_subtype"]].label
        what = f"{what} ({label[0].lower()}{label[1:]})"
    return f"{what}. {WITHHELD_TEXT}"


def _kept_attributes(content: Document, cache: DocumentCache) -> Document:
    """Return the values of own fields that identify neither a place, a day nor a person, as the dataset declares."""
    if not content["attributes"]:
        return {}
    dataset = cache.fetch("dataset", [content["dataset"]])[content["dataset"]]
    kept = {name for each in declared_by(dataset) if each.generalised == "keep" for name in each.names}
    return {name: value for name, value in content["attributes"].items() if name in kept}


def _area(known: Document, incident: Incident, cache: DocumentCache) -> Document:
    """Fields of the place at the disclosure level, with a point and a radius that say nothing of the incident."""
    area: Document = {}
    level, public = incident.place_disclosure, disclosed_place(incident)
    if public is not None:
        place = cache.fetch("location", [public.public_id])[public.public_id]
        area |= place_shown(place) | {"latitude": place["latitude"], "longitude": place["longitude"]}
        level = public.kind
    area["precision"] = max(level, known["precision"], key=list(LOCATION_PRECISIONS).index)
    area["radius_km"] = _round_radius(max(RADIUS_KM[level], incident.radius_km or 0))
    return area


def _round_radius(kilometres: float) -> float:
    """Radius of a level that is not smaller: an odd figure would identify the incident."""
    largest = max(RADIUS_KM.values())
    fitting = [radius for radius in RADIUS_KM.values() if radius >= kilometres]
    return min(fitting) if fitting else math.ceil(kilometres / largest) * largest


def _interval(known: Document, level: str) -> Document:
    """Bounds and precision of an interval that is widened to whole months or years."""
    return {
        "start": _first_day(known["start"], level),
        "end": _last_day(known["end"], level),
        "precision": max(level, known["precision"], key=list(DATE_PRECISIONS).index),
    }


def _first_day(day: str | None, level: str) -> str | None:
    if day is None:
        return None
    known = date.fromisoformat(day)
    return known.replace(day=1, month=1 if level == "year" else known.month).isoformat()


def _last_day(day: str | None, level: str) -> str | None:
    if day is None:
        return None
    known = date.fromisoformat(day)
    month = 12 if level == "year" else known.month
    return known.replace(month=month, day=calendar.monthrange(known.year, month)[1]).isoformat()
