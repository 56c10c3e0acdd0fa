"""Whatever is published together is as if it had been published at once: one revision a record, nothing out of date."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import publishing
from incidents.ledger.models import Head, IncidentEntry, Revision
from incidents.models import Incident, Relation
from incidents.publishing import actions, session
from tests.factories import IncidentFactory, LocationFactory
from tests.publishing.test_publish import document
from tests.worlds import world

pytestmark = pytest.mark.django_db


def history(kind: str, record_id: str) -> list[tuple[int, int, int | None]]:
    rows = Revision.objects.filter(kind=kind, record_id=record_id).order_by("number")
    return list(rows.values_list("number", "seq", "retired"))


@world
def places() -> dict[str, Any]:
    """A published town in a district in a region, with an incident at the town."""
    region = LocationFactory(public_id="region", kind="admin1", name="Old region")
    district = LocationFactory(public_id="district", kind="admin2", parent=region)
    town = LocationFactory(public_id="town", parent=district)
    incident = IncidentFactory(public_id="one", location=town)
    publishing.publish([incident])
    return {"region": region, "district": district, "town": town, "incident": incident}


def test_a_region_and_a_town_in_it_can_be_published_together(places: dict[str, Any]) -> None:
    region, town = places["region"], places["town"]
    region.name, town.remark = "New region", "Looked up again."
    region.save()
    town.save()
    result = publishing.publish([region, town])
    assert result.counts["location"] == {"added": 0, "changed": 3, "unchanged": 0}
    assert history("location", "town") == [(1, 1, 2), (2, 2, None)]
    shown = document("location", "town")
    assert (shown["admin1"], shown["remark"]) == ("New region", "Looked up again.")
    assert document("incident", "one")["location"]["admin1"] == "New region"


def test_an_incident_is_rendered_after_the_region_that_is_published_with_it(places: dict[str, Any]) -> None:
    region, incident = places["region"], places["incident"]
    region.name, incident.killed_best = "New region", 3
    region.save()
    incident.save()
    publishing.publish([region, incident])
    shown = document("incident", "one")
    assert (shown["location"]["admin1"], shown["casualties"]["killed"]["best"]) == ("New region", 3)
    assert history("incident", "one") == [(1, 1, 2), (2, 2, None)]
    assert list(IncidentEntry.objects.order_by("seq").values_list("seq", "retired", "admin1")) == [
        (1, 2, "Old region"),
        (2, None, "New region"),
    ]
    assert publishing.publish([region, incident]).seq is None


def test_an_incident_that_only_comes_along_shows_the_place_that_is_published_with_it() -> None:
    place = LocationFactory(public_id="place", name="Old name")
    one, two = IncidentFactory(public_id="one", location=place), IncidentFactory(public_id="two")
    publishing.publish([one])
    Relation.objects.create(incident=two, related=one, relation="part_of")
    place.name = "New name"
    place.save()
    publishing.publish([place, two])
    shown = document("incident", "one")
    assert (shown["location"]["name"], shown["related"]) == ("New name", [{"id": "two", "relation": "has_part"}])
    assert history("incident", "one") == [(1, 1, 2), (2, 2, None)]


def test_relations_across_the_chunks_of_one_publication_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = IncidentFactory(public_id="one"), IncidentFactory(public_id="two")
    publishing.publish([one, two])
    Relation.objects.create(incident=one, related=two, relation="part_of")
    Incident.objects.filter(public_id="two").update(summary="Edited.")
    for module in (actions, session):
        monkeypatch.setattr(module, "CHUNK", 1)
    result = publishing.publish([one, two])
    assert result.counts["incident"] == {"added": 0, "changed": 2, "unchanged": 0}
    shown = document("incident", "two")
    assert (shown["summary"], shown["related"]) == ("Edited.", [{"id": "one", "relation": "has_part"}])
    assert (history("incident", "two"), Head.objects.get().totals["incident"]) == ([(1, 1, 2), (2, 2, None)], 2)
