"""What each parameter means, said once more in plain Python over whole documents, for tests to compare with."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from anyascii import anyascii

from incidents.vocabulary import DATE_PRECISIONS, LOCATION_PRECISIONS

Document = dict[str, Any]
State = Mapping[str, Mapping[str, tuple[Document, int]]]
"""Kind → id → document and the publication that wrote it."""

EARTH_RADIUS_KM = 6371.0088


def fold(text: str | None) -> set[str]:
    """Return the words of a text in ASCII."""
    return set(re.findall("[a-z0-9]+", re.sub("['’`´]", "", anyascii(text or "")).lower()))


def spoken(kind: str, document: Document, places: Mapping[str, tuple[Document, int]]) -> set[str]:
    """Return all words that a record is found by."""
    texts = [document["id"], document.get("name"), document.get("affiliation"), document.get("description")]
    around: list[str] = []
    if kind == "location":
        texts += [name["name"] for name in document["names"]]
    elif kind == "incident":
        texts += [document["summary"], document["location"]["as_reported"], *document["tags"]]
        texts += [actor["name"] for actor in document["actors"]]
        texts += [report["title"] for report in document["reports"]]
        texts += [
            party["name"] for report in document["reports"] for party in (report["source"], report["relays"]) if party
        ]
        texts += [claim["quote"] for claim in document["claims"]]
        texts += [claim["value"] for claim in document["claims"] if isinstance(claim["value"], str)]
        here = document["location"]["id"]
        around = [here, *places[here][0]["within"]] if here else []
    else:
        texts.append(document.get("remark"))
    for place in around:
        texts += [places[place][0]["name"], *(name["name"] for name in places[place][0]["names"])]
    return {word for text in texts for word in fold(text)}


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (longitude, latitude) by the spherical law of cosines on unit vectors."""
    a, b = (_unit(*point) for point in (one, other))
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return EARTH_RADIUS_KM * math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(a, b, strict=True)))


def _unit(longitude: float, latitude: float) -> tuple[float, float, float]:
    lam, phi = math.radians(longitude), math.radians(latitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def _point(document: Document) -> tuple[float, float] | None:
    place = document.get("location", document)
    return None if place["latitude"] is None else (place["longitude"], place["latitude"])


def _in_box(document: Document, text: str) -> bool:
    west, south, east, north = map(float, text.split(","))
    point = _point(document)
    if point is None or not south <= point[1] <= north:
        return False
    return west <= point[0] <= east if west <= east else point[0] >= west or point[0] <= east


def _near(document: Document, text: str, radius_km: float) -> bool:
    longitude, latitude = map(float, text.split(","))
    point = _point(document)
    return point is not None and distance_km(point, (longitude, latitude)) <= radius_km


def _in_area(document: Document, text: str) -> bool:
    """Tell whether a point is in a polygon by the winding of a ray to the north, in fractions of whole units."""
    point = _point(document)
    if point is None:
        return False
    found = json.loads(text)
    found = found.get("geometry", found)
    polygons = [found["coordinates"]] if found["type"] == "Polygon" else found["coordinates"]
    x, y = map(_unit_of, point)
    return any(
        in_rings(x, y, [[tuple(map(_unit_of, each[:2])) for each in ring] for ring in rings]) for rings in polygons
    )


def _unit_of(degrees: float) -> Fraction:
    return round(Fraction(repr(degrees)) * 10**7) * Fraction(1)


def in_rings(x: Fraction, y: Fraction, rings: Any) -> bool:
    """Tell whether a point is on a ring, or the ray from it to the north meets an odd number of sides."""
    odd = False
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            if ax == bx:
                if x == ax and min(ay, by) <= y <= max(ay, by):
                    return True
                continue
            if not min(ax, bx) <= x <= max(ax, bx):
                continue
            height = ay + (by - ay) * (x - ax) / (bx - ax)
            if height == y:
                return True
            odd ^= height > y and x < max(ax, bx)
    return odd


def _in_window(document: Document, params: Mapping[str, str]) -> bool:
    start = date.fromisoformat(document["date"]["start"] or "0001-01-01")
    end = date.fromisoformat(document["date"]["end"] or "9999-12-31")
    after = date.fromisoformat(params.get("date_after", "0001-01-01"))
    before = date.fromisoformat(params.get("date_before", "9999-12-31"))
    if params.get("date_match") == "certain":
        bounds = (("date_after", document["date"]["start"]), ("date_before", document["date"]["end"]))
        known = all(bound is not None for name, bound in bounds if name in params)
        return (
            known and (start >= after or "date_after" not in params) and (end <= before or "date_before" not in params)
        )
    return start <= before and end >= after


def _within(kind: str, document: Document, places: Mapping[str, tuple[Document, int]]) -> set[str]:
    here = document["id"] if kind == "location" else document["location"]["id"]
    return {here, *places[here][0]["within"]} if here else set()


def _speakers(document: Document) -> list[Document]:
    return [party for report in document["reports"] for party in (report["source"], report["relays"]) if party]


def _actors(document: Document, params: Mapping[str, str]) -> bool:
    ids, roles = (params.get(name, "").split(",") for name in ("actor", "actor_role"))
    return any(
        (actor["id"] in ids or ids == [""]) and (actor["role"] in roles or roles == [""])
        for actor in document["actors"]
    )


def _figure(document: Document, name: str, value: int) -> bool:
    what, _, end = name.partition("_")
    best = document["casualties"][what]["best"]
    return best is not None and (best >= value if end == "min" else best <= value)


def _source_ids(document: Document) -> set[str]:
    return {party["id"] for party in _speakers(document)} | {claim["source"] for claim in document["claims"]}


def _tag_words(tag: str) -> str:
    return "-".join(dict.fromkeys(re.findall("[a-z0-9]+", re.sub("['’]", "", anyascii(tag)).lower())))


Meaning = Callable[[Document, list[str]], bool]

COUNTRIES = {"Україна": "UKR", "fiji": "FJI", "ua": "UKR", "242": "FJI"}
"""Other ways to ask for a country."""

REGIONS = {
    "луганская область": ("Luhansk Oblast", "luhansk-oblast"),
    "UA-09": ("Luhansk Oblast", "luhansk-oblast"),
    "donetsk oblast'": ("Donetsk Oblast", "donetsk-oblast"),
    "Donetsk oblast": ("Donetsk Oblast", "donetsk-oblast"),
}
"""Other ways to ask for a region: its name, and its id."""


CODES = {"Luhansk Oblast": "UA-09", "Donetsk Oblast": "UA-14"}


def with_codes(kind: str, document: Document) -> Document:
    """Return a document as it is shown, with the codes of its regions, or with the terms that it does not state."""
    if kind == "location":
        return {**document, "admin1_code": CODES.get(document["admin1"] or ""), "admin2_code": None}
    if kind == "dataset":
        return {**document, "not_stated": [term for term in ("licence", "attribution") if not document[term]]}
    return {**document, "location": with_codes("location", document["location"])} if kind == "incident" else document


def _region(value: str) -> str:
    return REGIONS.get(value, (value, ""))[0]


OF_LISTS: dict[str, Meaning] = {
    "id": lambda doc, values: doc["id"] in values,
    "exclude_id": lambda doc, values: doc["id"] not in values,
    "dataset": lambda doc, values: doc["dataset"] in values,
    "event_type": lambda doc, values: doc["event_type"] in values,
    "event_subtype": lambda doc, values: doc["event_subtype"] in values,
    "country": lambda doc, values: (
        doc.get("location", doc)["country"] in [COUNTRIES.get(value, value) for value in values]
    ),
    "admin1": lambda doc, values: doc.get("location", doc)["admin1"] in map(_region, values),
    "admin2": lambda doc, values: doc.get("location", doc)["admin2"] in values,
    "source": lambda doc, values: bool(_source_ids(doc) & set(values)),
    "source_kind": lambda doc, values: any(party["kind"] in values for party in _speakers(doc)),
    "target": lambda doc, values: bool(set(doc["targets"]) & set(values)),
    "tag": lambda doc, values: bool({_tag_words(tag) for tag in doc["tags"]} & {_tag_words(tag) for tag in values}),
    "kind": lambda doc, values: doc["kind"] in values,
    "parent": lambda doc, values: doc["parent"] is not None and doc["parent"]["id"] in values,
    "geonames": lambda doc, values: str(doc["identifiers"]["geonames"]) in values,
    "language": lambda doc, values: doc["language"] in values,
    "scale": lambda doc, values: doc["scale"] in values,
    "reliability": lambda doc, values: doc["reliability"] in values,
    "licence": lambda doc, values: doc["licence"] in values,
    "min_sources": lambda doc, values: len({report["source"]["id"] for report in doc["reports"]}) >= int(values[0]),
    "date_precision": lambda doc, values: doc["date"]["precision"] in DATE_PRECISIONS.at_least(values[0]),
    "location_precision": lambda doc, values: doc["location"]["precision"] in LOCATION_PRECISIONS.at_least(values[0]),
}


class Candidate(NamedTuple):
    """A record that may match, with all that its matching depends on."""

    kind: str
    document: Document
    seq: int
    places: Mapping[str, tuple[Document, int]]
    params: Mapping[str, str]


def _has_words(it: Candidate, value: str) -> bool:
    words = spoken(it.kind, it.document, it.places)
    return all(_held(word, words) for word in value.split())


def _published_since(it: Candidate, value: str) -> bool:
    return it.seq > int(value) if value.isdigit() else bool(it.document["published"] >= value)


OF_WHOLES: dict[str, Callable[[Candidate, str], bool]] = {
    "q": _has_words,
    "bbox": lambda it, value: _in_box(it.document, value),
    "near": lambda it, value: _near(it.document, value, float(it.params["radius_km"])),
    "within": lambda it, value: _in_area(it.document, value),
    "location": lambda it, value: bool(
        _within(it.kind, it.document, it.places) & {REGIONS.get(each, ("", each))[1] for each in value.split(",")}
    ),
    "published_after": _published_since,
    "first_published_after": lambda it, value: bool(it.document["first_published"] >= value),
    "first_published_before": lambda it, value: bool(it.document["first_published"] < value),
    **dict.fromkeys(("date_after", "date_before"), lambda it, _: _in_window(it.document, it.params)),
    **dict.fromkeys(("actor", "actor_role"), lambda it, _: _actors(it.document, it.params)),
}
for figure in ("killed_min", "killed_max", "injured_min", "injured_max"):
    OF_LISTS[figure] = lambda doc, values, name=figure: _figure(doc, name, int(values[0]))  # type: ignore[misc]  # mypy knows no default of a lambda that binds a loop's variable
NO_FILTERS = {"ordering", "radius_km", "date_match"}


def matches(it: Candidate) -> bool:
    """Tell whether a record is what the parameters ask for."""
    return all(
        OF_WHOLES[name](it, value) if name in OF_WHOLES else OF_LISTS[name](it.document, value.split(","))
        for name, value in it.params.items()
        if name not in NO_FILTERS
    )


def _held(asked: str, words: set[str]) -> bool:
    """Tell whether all words of one part of a search occur; the last may be a beginning."""
    folded = re.findall("[a-z0-9]+", re.sub("['’`´]", "", anyascii(asked)).lower())
    if not asked.endswith("*") or not folded:
        return words.issuperset(folded)
    *whole, last = folded
    return any(word.startswith(last) for word in words) and words.issuperset(whole)


def sort_key(kind: str, ordering: str) -> Callable[[tuple[Document, int]], Any]:
    """Return what an ordering compares, ties by id."""
    by = {
        "date": lambda doc, seq: doc["date"]["start"] or "",
        "published": lambda doc, seq: seq,
        "first_published": lambda doc, seq: doc["first_published"],
        "killed": lambda doc, seq: (
            -1 if doc["casualties"]["killed"]["best"] is None else doc["casualties"]["killed"]["best"]
        ),
        "name": lambda doc, seq: doc["name"],
    }[ordering.removeprefix("-") or ("date" if kind == "incident" else "name")]
    return lambda each: (by(*each), each[0]["id"])


def expected(kind: str, state: State, params: Mapping[str, str]) -> list[Document]:
    """Return the documents that a query must answer, in order."""
    ordering = params.get("ordering", "-date" if kind == "incident" else "name")
    found = [each for each in state[kind].values() if matches(Candidate(kind, *each, state["location"], params))]
    return [
        with_codes(kind, doc)
        for doc, _ in sorted(found, key=sort_key(kind, ordering), reverse=ordering.startswith("-"))
    ]
