"""Every document in the ledger has the shape that is declared, and is found by the values that it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import floor
from typing import Any

import orjson
import pytest
from django.core.management import call_command

from incidents import publishing
from incidents.documents import DOCUMENTS
from incidents.ledger import store
from incidents.ledger.models import ENTRIES, KINDS, Revision
from incidents.models import Membership, Monitoring
from incidents.schema import KINDS as DECLARED
from incidents.schema.fields import FIRST_SHAPE
from incidents.schema.kinds import index_column
from incidents.vocabulary import DATE_PRECISIONS, LOCATION_PRECISIONS
from tests import worlds
from tests.ledger.declared import breaches
from tests.ledger.editing import Editors
from tests.query.world import World, public

pytestmark = pytest.mark.django_db


def make_everything() -> None:
    """Publish a world, and edit it for a while."""
    world = World(seed=8)
    Membership.objects.create(location=world.locations["donetsk"], area="Donetsk", claimed_by="A state", control=True)
    for dataset in world.datasets:
        Monitoring.objects.create(dataset=dataset, source=world.sources[0], start=date(2022, 1, 1))
    publishing.publish([*world.sources, *world.actors, *world.datasets, *world.locations.values()])
    publishing.publish([world.incident() for _ in range(40)])
    editors = Editors(world)
    for _ in range(60):
        editors.act()


@worlds.world
def everything() -> None:
    """Such a world."""
    make_everything()


def undeclared() -> tuple[dict[str, int], list[str]]:
    """Return how many documents there are of each kind, and what in them is not as declared."""
    shapes, told, found = {kind: DOCUMENTS[kind]() for kind in KINDS}, dict.fromkeys(KINDS, 0), []
    for kind, record_id, text in Revision.objects.exclude(document="").values_list("kind", "record_id", "document"):
        told[kind] += 1
        found += [f"{kind} {record_id}: {breach}" for breach in breaches(shapes[kind], orjson.loads(text))]
    return told, found


def test_every_document_ever_published_has_its_declared_shape(everything: None) -> None:
    told, found = undeclared()
    assert found == []
    assert (min(told.values()) > 3, told["incident"] > 100) == (True, True)


def test_every_document_of_the_dataset_that_ships_has_its_declared_shape() -> None:
    call_command("loaddata", "luhansk_2022", verbosity=0)
    told, found = undeclared()
    assert (found, min(told.values()) > 0) == ([], True)


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ({"revision": "1"}, ".revision is no IntegerField: '1'"),
        ({"published": "2026-01-01"}, ".published is no DateTimeField: '2026-01-01'"),
        ({"event_type": "batle"}, ".event_type is no CodedField: 'batle'"),
        ({"tags": "a"}, ".tags is no list: 'a'"),
        ({"id": "A B"}, ".id is no RegexField: 'A B'"),
        ({"summary": None}, ".summary is null"),
        (
            {"related": [{"relation": "part_of", "id": "a"}]},
            ".related[0] has ['relation', 'id'], not ['id', 'relation']",
        ),
    ],
)
def test_a_document_of_another_shape_is_noticed(change: dict[str, Any], breach: str) -> None:
    publishing.publish([World(seed=1).incident()])
    document = next(iter(public("incident").values()))[0]
    del document["first_published"]  # which is not stored
    assert list(breaches(DOCUMENTS["incident"](), document)) == []
    assert list(breaches(DOCUMENTS["incident"](), {**document, **change})) == [breach]


def ordinal(day: str | None, missing: int) -> int:
    return date.fromisoformat(day).toordinal() if day else missing


def source_ids(it: dict[str, Any]) -> set[str]:
    parties = [report[part] for report in it["reports"] for part in ("source", "relays") if report[part]]
    return {party["id"] for party in parties} | {claim["source"] for claim in it["claims"]}


CELLS = {"cell_small": 4, "cell_middling": 0.5, "cell_large": 1 / 16}
"""How many cells of the grid fill a degree."""


def cell(place: dict[str, Any], a_degree: float) -> int | None:
    if place["latitude"] is None:
        return None
    row, column = (floor((place[name] + edge) * a_degree) for name, edge in (("latitude", 90), ("longitude", 180)))
    return int(row * (floor(360 * a_degree) + 1) + column)


def incident_columns(it: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an incident's entry by the names of their columns."""
    figures = {f"{what}_{which}": value for what, of in it["casualties"].items() for which, value in of.items()}
    start, end = ordinal(it["date"]["start"], 0), ordinal(it["date"]["end"], 9_999_999)
    best = it["casualties"]["killed"]["best"]
    return figures | {
        "day_from": start,
        "day_to": end,
        "long": end - start > 62,
        "date_rank": list(DATE_PRECISIONS).index(it["date"]["precision"]),
        "place_rank": list(LOCATION_PRECISIONS).index(it["location"]["precision"]),
        "event_type": it["event_type"],
        "event_subtype": it["event_subtype"] or "",
        "dataset": it["dataset"],
        "location": it["location"]["id"] or "",
        "country": it["location"]["country"] or "",
        "admin1": it["location"]["admin1"] or "",
        "admin2": it["location"]["admin2"] or "",
        "latitude": it["location"]["latitude"],
        "longitude": it["location"]["longitude"],
        **{name: cell(it["location"], size) for name, size in CELLS.items()},
        "killed_order": -1 if best is None else best,
        "sources": len({report["source"]["id"] for report in it["reports"]}),
        "actor_ids": " ".join(sorted({actor["id"] for actor in it["actors"]})),
        "source_ids": " ".join(sorted(source_ids(it))),
        "attributes": None,  # no record here has any; see tests/attributes
    }


def named(*more: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda it: {name: it.get(name) or "" for name in ("name", "kind", "country", *more)}


def location_columns(it: dict[str, Any]) -> dict[str, Any]:
    return named("admin1", "admin2")(it) | {
        "parent": it["parent"]["id"] if it["parent"] else "",
        "latitude": it["latitude"],
        "longitude": it["longitude"],
        "geonames_id": it["identifiers"]["geonames"],
    }


COLUMNS = {
    "incident": incident_columns,
    "location": location_columns,
    "source": named("language", "scale", "reliability"),
    "actor": named(),
    "dataset": named("licence"),
}


def later(kind: str, it: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of fields that came after the first shape: null where the document says nothing."""
    fields = [leaf for leaf in DECLARED[kind].indexed if leaf.field.since > FIRST_SHAPE]
    return {
        index_column(leaf): ordinal(leaf.of(it), 0) or None if leaf.field.type == "date" else leaf.of(it)
        for leaf in fields
    }


def test_every_column_of_an_entry_holds_the_value_of_its_name(everything: None) -> None:
    for kind in KINDS:
        documents = public(kind)
        entries = list(ENTRIES[kind].objects.live().values())
        assert {entry["record_id"] for entry in entries} == set(documents)
        for entry in entries:
            document, seq = documents[entry["record_id"]]
            revision = Revision.objects.get(kind=kind, record_id=document["id"], retired=None)
            assert list(entry) == store.columns(ENTRIES[kind])
            own = {"revision_id": revision.pk, "record_id": document["id"], "retired": None, "published": seq}
            first = Revision.objects.get(kind=kind, record_id=document["id"], number=1).seq
            own["first_published"] = None if first == seq else first
            at = {name: entry[name] for name in ("key", "seq")}
            assert entry == {**at, **own, **COLUMNS[kind](document), **later(kind, document)}, document["id"]
