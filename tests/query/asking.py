"""Queries made by chance, most of them about something that is there; and walks over all pages of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from rest_framework.test import APIClient

from incidents import vocabulary
from incidents.schema import PLURALS
from tests.query.oracle import COUNTRIES, REGIONS, Document, distance_km
from tests.query.world import ADDED_NAME, FIRST_DAY, PLACES, SPOKEN, TAGS

PUBLISHED = ("published", "-published", "first_published", "-first_published")
ORDERS = dict.fromkeys(PLURALS, ("name", "-name", *PUBLISHED)) | {
    "incident": ("date", "-date", *PUBLISHED, "killed", "-killed")
}
PLACE_IDS = [place[0] for place in PLACES]
PLACE_NAMES = [*(name for place in PLACES for name in place[7]), ADDED_NAME]
CASUALTIES = ("killed_min", "killed_max", "injured_min", "injured_max")
BOXES = (
    "37.5,47.5,40.5,50.5",
    "-180,-90,180,90",
    "170,-25,-170,0",
    "180,-90,-180,90",
    "39.58975,49.20846,39.58975,49.20846",
    "-180,-17,180,-16",
    "0,89,10,90",
    "-60,-60,-20,-10",
)
AREAS = (
    {"type": "Polygon", "coordinates": [[[37.5, 47.5], [40.5, 47.5], [40.5, 50.5], [37.5, 50.5], [37.5, 47.5]]]},
    {
        "type": "MultiPolygon",
        "coordinates": [
            [[[170, -25], [180, -25], [180, 0], [170, 0], [170, -25]]],
            [[[-180, -25], [-170, -25], [-170, 0], [-180, 0], [-180, -25]]],
        ],
    },
    {
        "type": "Feature",
        "properties": None,
        "geometry": {
            "type": "Polygon",
            "coordinates": [
                [[30, 45], [42, 46], [41, 51], [31, 50], [30, 45]],
                [[38, 48], [39.58975, 48], [39.58975, 49.20846], [38, 49.5], [38, 48]],
            ],
        },
    },
)
CIRCLES = (
    ("39.59,49.21", "25"),
    ("38.5,48.9", "150"),
    ("180,-16.6", "40"),
    ("-179.99,-16.9", "250"),
    ("12,89.5", "100"),
    ("170,-89", "3000"),
    ("0,0", "0.001"),
    ("45,10", "20016"),
    ("-179.5,0", "9000"),
)

Params = dict[str, str]
Maker = Callable[[Random, Document], Params]


def _day(chance: Random) -> str:
    return (FIRST_DAY + timedelta(days=chance.choice((0, 1, 30, 62, 63, 64, chance.randint(-70, 600))))).isoformat()


def _window(chance: Random, _: Document) -> Params:
    after, before = sorted((_day(chance), _day(chance)))
    chosen = chance.choice(
        ({"date_after": after}, {"date_before": before}, {"date_after": after, "date_before": before})
    )
    return chosen | ({"date_match": chance.choice(("possible", "certain"))} if chance.random() < 0.6 else {})


def _month(chance: Random, _: Document) -> Params:
    first = date(2022, chance.randint(1, 12), 1)
    return {"date_after": first.isoformat(), "date_before": (first + timedelta(days=27)).isoformat()}


def _words(chance: Random, document: Document) -> Params:
    words = [chance.choice(SPOKEN) for _ in range(chance.randint(1, 2))]
    names = document.get("name") or document["location"]["name"] or "Post"
    asked = chance.choice(
        (words, [names], [chance.choice(PLACE_NAMES)], [names[:3] + "*"], [chance.choice(("n", "l", "a", "s")) + "*"])
    )
    return {"q": " ".join(asked)}


def _near(chance: Random, document: Document) -> Params:
    """Ask for a circle of the list, or one that ends just before or just behind the document's point."""
    place = document.get("location", document)
    if place["latitude"] is None or chance.random() < 0.3:
        return dict(zip(("near", "radius_km"), chance.choice(CIRCLES), strict=True))
    centre = (round(chance.uniform(-180, 180), 3), round(chance.uniform(-90, 90), 3))
    reach = distance_km(centre, (place["longitude"], place["latitude"])) * chance.choice((0.999, 1.001))
    return {"near": f"{centre[0]},{centre[1]}", "radius_km": f"{max(reach, 0.001):.6f}"}


def _area(chance: Random, document: Document) -> Params:
    """Ask for an area of the list, or for a triangle with a corner at the document's point or near it."""
    place = document.get("location", document)
    if place["latitude"] is None or chance.random() < 0.4:
        return {"within": json.dumps(chance.choice(AREAS))}
    x, y, off = place["longitude"], place["latitude"], chance.choice((0, 0.5, -0.0000002))
    corners = [[x + off, y], [x - 2, y - 1], [x - chance.uniform(0, 3), y + 1], [x + off, y]]
    ring = [[max(-180.0, min(180.0, a)), max(-90.0, min(90.0, b))] for a, b in corners]
    return {"within": json.dumps({"type": "Polygon", "coordinates": [ring]})}


def _figure(chance: Random, _: Document) -> Params:
    return {name: str(chance.randint(0, 4)) for name in (chance.choice(CASUALTIES),)}


def _actors(chance: Random, document: Document) -> Params:
    there = chance.choice(document["actors"] or [{"id": "group-1", "role": "target"}])
    actor, role = {"actor": f"group-0,{there['id']}"}, {"actor_role": there["role"]}
    return chance.choice((actor, role, actor | role, {"actor": there["id"], "actor_role": "claimant,other"}))


def _one(name: str, of: vocabulary.Vocabulary, path: str = "") -> Maker:
    def make(chance: Random, document: Document) -> Params:
        value: Any = document
        for step in (path or name).split("."):
            value = value[step]
        told = [value] if isinstance(value, str) else []
        return {
            name: ",".join(dict.fromkeys([*told, *chance.sample(list(of), chance.randint(0, 2))])) or next(iter(of))
        }

    return make


def _ids(chance: Random, document: Document) -> Params:
    return {chance.choice(("id", "exclude_id")): f"{document['id']},case-0000.b,source-3,data-1,donetsk,nobody"}


def _published(chance: Random, document: Document) -> Params:
    return {"published_after": chance.choice((document["published"], str(chance.randint(0, 9))))}


def _first_published(chance: Random, document: Document) -> Params:
    return {chance.choice(("first_published_after", "first_published_before")): document["first_published"]}


def _of(name: str, values: Any) -> Maker:
    return lambda chance, _: {name: ",".join(chance.sample(list(values), chance.randint(1, min(2, len(values)))))}


OF_ALL: tuple[Maker, ...] = (_words, _ids, _published, _first_published)
OF_PLACES: tuple[Maker, ...] = (
    lambda chance, _: {"bbox": chance.choice(BOXES)},
    _near,
    _area,
    _of("location", [*PLACE_IDS, *REGIONS]),
    _of("country", ("UKR", "FJI", "ATA", *COUNTRIES)),
    _of("admin1", ("Luhansk Oblast", "Donetsk Oblast", "Nowhere", *REGIONS)),
    _of("admin2", ("Starobilsk Raion", "Nowhere")),
)
MAKERS: dict[str, tuple[Maker, ...]] = {
    "incident": (
        *OF_ALL,
        *OF_PLACES,
        *[_window] * 4,
        _month,
        _figure,
        _figure,
        _actors,
        _one("event_type", vocabulary.EVENT_TYPES),
        _one("event_subtype", vocabulary.EVENT_SUBTYPES),
        _of("date_precision", ["day"]),
        lambda chance, _: {"date_precision": chance.choice(list(vocabulary.DATE_PRECISIONS))},
        lambda chance, _: {"location_precision": chance.choice(list(vocabulary.LOCATION_PRECISIONS))},
        _of("dataset", ("data-0", "data-1", "data-2")),
        _of("source", [f"source-{n}" for n in range(8)]),
        _of("source_kind", vocabulary.SOURCE_KINDS),
        _of("target", vocabulary.TARGET_KINDS),
        _of("tag", [tag for tag in TAGS if "," not in tag]),
        lambda chance, _: {"min_sources": str(chance.randint(0, 4))},
    ),
    "location": (
        *OF_ALL,
        *OF_PLACES,
        _one("kind", vocabulary.LOCATION_KINDS),
        _of("parent", PLACE_IDS),
        lambda chance, _: {"geonames": str(chance.randint(1, 15))},
    ),
    "source": (
        *OF_ALL,
        _one("kind", vocabulary.SOURCE_KINDS),
        _of("country", ("UKR", "RUS")),
        _of("language", ("uk", "ru", "en")),
        _one("scale", vocabulary.SCALES),
        _one("reliability", vocabulary.RELIABILITIES),
    ),
    "actor": (*OF_ALL, _one("kind", vocabulary.ACTOR_KINDS), _of("country", ("UKR",))),
    "dataset": (*OF_ALL, _of("licence", ("CC0-1.0", "ODbL-1.0"))),
}


def ask(chance: Random, kind: str, document: Document) -> Params:
    """Return the parameters of a query; where it can, it asks for something of the document."""
    params: Params = {}
    for make in chance.sample(MAKERS[kind], chance.choice((0, 1, 1, 2, 2, 3))):
        params |= make(chance, document)
    for low, high in (("killed_min", "killed_max"), ("injured_min", "injured_max"), ("date_after", "date_before")):
        if low in params and high in params and params[low] > params[high]:
            params[low], params[high] = params[high], params[low]
    if "near" in params:
        params.pop("bbox", None)
    if chance.random() < 0.7:
        params["ordering"] = chance.choice(ORDERS[kind])
    return params


def walk(api: APIClient, kind: str, params: Params) -> tuple[list[list[Document]], list[list[Document]]]:
    """Return all pages forwards, and all backwards from the last one, each in the order of its answer."""
    pages = [_page(api, f"/api/v1/{PLURALS[kind]}/", params)]
    while pages[-1]["next"]:
        pages.append(_page(api, pages[-1]["next"]))
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(_page(api, back[-1]["previous"]))
    assert pages[0]["previous"] is None
    assert {page["as_of"] for page in (*pages, *back)} == {pages[0]["as_of"]}
    return [page["results"] for page in pages], [page["results"] for page in reversed(back)]


def _page(api: APIClient, address: str, params: Params | None = None) -> dict[str, Any]:
    response = api.get(address, params)
    assert response.status_code == 200, (address, params, response.content)
    page: dict[str, Any] = response.json()
    return page
