"""Makes a public document coarser where precision may harm people.

Not only the field itself is hidden: spellings, remarks, quotes, original columns and links can reveal the place too, so
they are removed. The summary stays, and is refused if it mentions a hidden place.
"""

from __future__ import annotations

import calendar
from datetime import date

from incidents.ledger.denormalisation import Document, place_shown
from incidents.ledger.document_cache import DocumentCache
from incidents.models import Incident, Location
from incidents.schema.attributes import declared_by
from incidents.text_folding import words, words_again
from incidents.vocabulary import DATE_PRECISIONS, LOCATION_PRECISIONS

RADIUS_KM = {"admin2": 50.0, "admin1": 200.0, "country": 1000.0}
"""A radius that surely holds the place, by the level that is disclosed."""


def disclosed_place(incident: Incident) -> Location | None:
    """Place to publish: the incident's own, or the surrounding area at the disclosure level."""
    place = incident.location
    if incident.place_disclosure == "full":
        return place
    levels = ("admin2", "admin1", "country")
    allowed = levels[levels.index(incident.place_disclosure) :]
    while place is not None and place.kind not in allowed:
        place = place.parent
    return place


def generalised(content: Document, incident: Incident, cache: DocumentCache) -> Document:
    """Content with place and date as coarse as the incident's disclosure level."""
    if incident.place_disclosure != "full" or incident.date_disclosure != "full":
        content = {**content, "attributes": _kept_attributes(content, cache)}
    if incident.place_disclosure != "full":
        content = _coarser_place(content, incident, cache)
    if incident.date_disclosure != "full":
        content = _coarser_date(content, incident.date_disclosure)
    return content


def _kept_attributes(content: Document, cache: DocumentCache) -> Document:
    """Return the values of own fields that identify neither a place, a day nor a person, as the dataset declares."""
    if not content["attributes"]:
        return {}
    dataset = cache.fetch("dataset", [content["dataset"]])[content["dataset"]]
    kept = {name for each in declared_by(dataset) if each.generalised == "keep" for name in each.names}
    return {name: value for name, value in content["attributes"].items() if name in kept}


def told_in_summary(incident: Incident) -> str | None:
    """First name of a hidden place that the summary mentions, or None."""
    if incident.place_disclosure == "full" or incident.location is None:
        return None
    public = disclosed_place(incident)
    place: Location | None = incident.location
    told = set(words(incident.summary))
    while place is not None and place != public:
        names = [place.name, *(name.name for name in place.names.all())]
        for name in names:
            if (parts := words_again(name)) and told.issuperset(parts):
                return name
        place = place.parent
    return None


def _coarser_place(content: Document, incident: Incident, cache: DocumentCache) -> Document:
    public = disclosed_place(incident)
    location: Document = dict.fromkeys(content["location"], None)
    level = incident.place_disclosure
    if public is not None:
        place = cache.fetch("location", [public.public_id])[public.public_id]
        location |= place_shown(place) | {"latitude": place["latitude"], "longitude": place["longitude"]}
        level = public.kind
    ranks = list(LOCATION_PRECISIONS)
    known = content["location"]["precision"]
    location["precision"] = max(level, known, key=ranks.index)
    location["radius_km"] = max(RADIUS_KM[level], incident.radius_km or 0)
    reports = [{**report, "title": None, "url": None, "archive_url": None} for report in content["reports"]]
    claims = [{**claim, "quote": None} for claim in content["claims"] if claim["field"] != "location"]
    return {**content, "location": location, "reports": reports, "claims": claims, "extra": {}}


def _coarser_date(content: Document, level: str) -> Document:
    known = content["date"]
    precision = max(level, known["precision"], key=list(DATE_PRECISIONS).index)
    widened = {
        "start": _first_day(known["start"], level),
        "end": _last_day(known["end"], level),
        "precision": precision,
        "remark": None,
        "time": None,
        "time_zone": None,
    }
    claims = [{**claim, "quote": None} for claim in content["claims"] if claim["field"] != "date"]
    untold = dict.fromkeys(("title", "url", "archive_url", "published", "published_not_before"))
    reports = [{**report, **untold} for report in content["reports"]]
    return {**content, "date": widened, "claims": claims, "reports": reports, "extra": {}}


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
