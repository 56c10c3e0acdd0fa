"""Ids are made where none is given, never given twice, and fixed once readers have seen them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents import publishing
from incidents.admin.public_ids import free_slug, next_incident_id, slug
from incidents.models import Actor, Dataset, Incident, Location, Report, Source
from tests.admin.pages import add_url, change_url, errors_of, fields_of, send
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "more", "expected"),
    [
        (Location, {"kind": "settlement"}, "city-of-roses"),
        (Source, {"kind": "news_outlet"}, "city-of-roses"),
        (Actor, {"kind": "partisans"}, "city-of-roses"),
        (Dataset, {"licence": "CC-BY-4.0"}, "city-of-roses"),
    ],
)
def test_an_id_is_made_from_the_name(editor: Client, model: Any, more: dict[str, str], expected: str) -> None:
    for _ in range(2):
        response = send(editor, add_url(model), name="City of Roses", **more)
        assert response.status_code == 302, errors_of(response)
    assert sorted(model.objects.values_list("public_id", flat=True)) == [expected, f"{expected}-2"]


def test_an_id_is_ascii_whatever_the_script() -> None:
    assert slug("Сєвєродонецьк") == "sievierodonetsk" or slug("Сєвєродонецьк").isascii()
    assert slug("Київ’ – Lviv").startswith("ki")
    assert slug("🙂") == "" or slug("🙂").isascii()
    assert len(slug("word " * 50)) <= 60
    assert not slug("word " * 50).endswith("-")


def test_no_record_gets_an_id_that_would_hide_it_behind_a_list(editor: Client) -> None:
    response = send(editor, add_url(Actor), name="The count", public_id="count", kind="partisans")
    (said,) = errors_of(response)["public_id"]
    assert said.startswith("“count” is reserved by the API. Choose another id, for example count-1.")
    assert send(editor, add_url(Actor), name="Count", kind="partisans").status_code == 302
    assert Actor.objects.get().public_id == "count-2"


def test_a_name_without_letters_asks_for_an_id(editor: Client) -> None:
    response = send(editor, add_url(Location), name="—", kind="other")
    assert errors_of(response) == {"public_id": ["Enter an id: it cannot be generated from the name."]}


def test_a_report_is_numbered_within_its_source(editor: Client) -> None:
    source = SourceFactory(public_id="paper")
    ReportFactory(public_id="paper-0009")
    send(editor, add_url(Report), source=source.pk)
    assert Report.objects.filter(source=source).get().public_id == "paper-0010"


def test_incidents_are_numbered_on_from_the_highest_ever_used() -> None:
    data, other = DatasetFactory(public_id="data"), DatasetFactory(public_id="data-2022")
    assert next_incident_id(data) == "data-0001"
    IncidentFactory(public_id="data-0009", dataset=data)
    IncidentFactory(public_id="data-x-0100", dataset=data)
    IncidentFactory(public_id="data-2022-0500", dataset=other)
    assert (next_incident_id(data), next_incident_id(other)) == ("data-0010", "data-2022-0501")
    IncidentFactory(public_id="data-12345", dataset=data)
    assert next_incident_id(data) == "data-12346"


def test_the_id_of_a_deleted_record_that_was_published_is_not_given_again(editor: Client) -> None:
    place, incident = LocationFactory(public_id="town"), IncidentFactory(public_id="data-0007")
    publishing.publish([place, incident])
    publishing.withdraw([place, incident], reason="Wrong.")
    place.delete()
    incident.delete()
    assert free_slug(Location, "location", "Town") == "town-2"
    assert next_incident_id(DatasetFactory(public_id="data")) == "data-0008"
    response = send(editor, add_url(Location), name="Town", kind="settlement", public_id="town")
    assert errors_of(response) == {"public_id": ["This id is already used by a published record. Choose another id."]}


def test_an_id_is_fixed_once_it_was_published(editor: Client) -> None:
    report = ReportFactory(public_id="doc")
    town = LocationFactory()
    incident = IncidentFactory(public_id="one", location=town, reports=[report])
    assert fields_of(editor.get(change_url(incident)))["public_id"] == "one"
    publishing.publish([incident])
    publishing.withdraw([incident], reason="Wrong.")
    for record in (incident, town, report):
        assert "public_id" not in fields_of(editor.get(change_url(record)))
    send(editor, change_url(incident), public_id="two")
    assert Incident.objects.get().public_id == "one"


def test_a_saved_record_keeps_an_id(editor: Client) -> None:
    response = send(editor, change_url(IncidentFactory()), public_id="")
    assert errors_of(response) == {"public_id": ["This field is required."]}


def test_a_taken_id_is_refused(editor: Client) -> None:
    LocationFactory(public_id="town")
    response = send(editor, add_url(Location), name="Town", kind="settlement", public_id="town")
    assert "already exists" in errors_of(response)["public_id"][0]
