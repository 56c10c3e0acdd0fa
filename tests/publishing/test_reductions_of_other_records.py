"""Reductions of sources, actors, places and own fields reach every incident that showed them."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.ledger.dump import dump
from tests.ledger.test_redactions_reach_all_of_the_past import told

pytestmark = pytest.mark.django_db

SECRET = "plugh"
REASON = "A witness lives there."


def test_the_old_name_of_a_source_is_gone_from_every_incident_of_any_time(api: APIClient) -> None:
    source = SourceFactory(public_id="channel", name="plugh Ivan")
    incidents = [IncidentFactory(public_id=f"i-{n}", reports=[ReportFactory(source=source)]) for n in range(3)]
    publishing.publish(incidents)
    publishing.withdraw([incidents[2]], reason="Doubts.")
    source.name = "A resident"
    source.save()

    result = publishing.reduce([source], reason=REASON)

    assert result.reduced == 1
    assert told(dump("ledger_"), SECRET) == []
    for number, status in ((0, 200), (1, 200), (2, 410)):
        assert api.get(f"/api/v1/incidents/i-{number}/").status_code == status
        before = api.get(f"/api/v1/incidents/i-{number}/?as_of=1").json()
        assert before["reports"][0]["source"]["name"] == "A resident"
    assert api.get("/api/v1/incidents/?q=plugh*&as_of=1").json()["count"] == 0
    assert api.get("/api/v1/incidents/?source=channel&as_of=1").json()["count"] == 3


def test_the_old_name_of_an_actor_and_the_point_of_a_place_are_gone(api: APIClient) -> None:
    actor, place = ActorFactory(public_id="group", name="plugh group"), LocationFactory(public_id="spot", latitude=12.5)
    publishing.publish([IncidentFactory(public_id="one", actors=[(actor, "target")], location=place)])
    actor.name = "A group"
    actor.save()
    place.latitude = place.longitude = None
    place.save()

    publishing.reduce([actor, place], reason=REASON)

    assert told(dump("ledger_"), SECRET) == []
    assert told(dump("ledger_"), "12.5") == []
    one = api.get("/api/v1/incidents/one/?as_of=1").json()
    assert (one["actors"][0]["name"], one["location"]["latitude"]) == ("A group", None)
    assert api.get("/api/v1/incidents/?bbox=38,12,40,13&as_of=1").json()["count"] == 0


def test_an_own_field_that_is_public_no_longer_is_gone_from_every_incident(api: APIClient) -> None:
    dataset = DatasetFactory(public_id="own")
    field = dataset.own_fields.create(name="informant", type="text", label="Informant")
    incidents = [
        IncidentFactory(public_id=f"own-{n}", dataset=dataset, attributes={"informant": f"plugh {n}"}) for n in (1, 2)
    ]
    publishing.publish(incidents)
    publishing.withdraw([incidents[1]], reason="Doubts.")
    field.is_public = False
    field.save()
    noted = publishing.what_stays_readable([dataset])
    assert [(each.kind, dict(each.values)) for each in noted] == [("dataset", {"attributes.informant": ["Informant"]})]

    publishing.publish([dataset], reduce_because=REASON)

    assert told(dump("ledger_"), SECRET) == []
    assert api.get("/api/v1/incidents/own-1/").json()["attributes"] == {}
    assert api.get("/api/v1/incidents/own-2/?as_of=1").json()["attributes"] == {}
    assert api.get("/api/v1/datasets/own/?as_of=1").json()["attributes"] == []
