"""Search finds names in any script, published or not, and every word of it has to be found."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents import publishing
from incidents.models import Actor, Incident, Location, PlaceName, Report, Source
from tests.admin.pages import list_url
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db


def found(client: Client, model: Any, text: str) -> list[str]:
    response = client.get(list_url(model), {"q": text})
    assert response.status_code == 200
    return [row.public_id for row in response.context["cl"].result_list]


@pytest.fixture
def town(db: None) -> Location:
    town: Location = LocationFactory(public_id="town", name="Sievierodonetsk", geonames_id=693468)
    PlaceName.objects.create(location=town, name="Сєвєродонецьк", language="uk")
    PlaceName.objects.create(location=town, name="Северодонецк", language="ru")
    LocationFactory(public_id="other", name="Elsewhere")
    return town


@pytest.mark.parametrize(
    "text", ["sieviero", "Сєвєродонецьк", "сєвєро", "СЕВЕРОДОНЕЦК", "693468", "town", '"sievierodonetsk"']
)
def test_a_place_is_found_by_any_of_its_names_before_it_is_published(editor: Client, town: Location, text: str) -> None:
    assert found(editor, Location, text) == ["town"]


def test_a_published_place_is_found_in_another_script_too(editor: Client, town: Location) -> None:
    assert found(editor, Location, "Severodonetsk") == []
    publishing.publish([town])
    assert found(editor, Location, "Severodonetsk") == ["town"]


@pytest.mark.parametrize("text", ["Сєвєродонецьк", "shots сєвєродонецьк", "incident-7 town", "“shots"])
def test_an_incident_is_found_by_its_place_and_its_words(editor: Client, town: Location, text: str) -> None:
    IncidentFactory(public_id="incident-7", location=town, summary="There were “shots”.")
    IncidentFactory(public_id="incident-8", location=town, summary="Leaflets.")
    expected = ["incident-8", "incident-7"] if text == "Сєвєродонецьк" else ["incident-7"]
    assert found(editor, Incident, text) == expected


def test_every_word_has_to_be_found(editor: Client, town: Location) -> None:
    IncidentFactory(public_id="one", location=town, summary="Shots.")
    assert found(editor, Incident, "shots leaflets") == []


def test_published_words_are_found_without_their_accents(editor: Client) -> None:
    publishing.publish([IncidentFactory(public_id="one", summary="A café burnt.")])
    assert found(editor, Incident, "cafe burnt") == ["one"]


def test_sources_actors_and_reports_are_found_by_their_names(editor: Client) -> None:
    source = SourceFactory(public_id="paper", name="Громадське")
    ReportFactory(public_id="doc", source=source, title="On the line")
    ActorFactory(public_id="group", name="Group of five")
    assert found(editor, Source, "громадське") == ["paper"]
    assert found(editor, Report, "Громадське line") == ["doc"]
    assert found(editor, Actor, "five") == ["group"]


@pytest.mark.parametrize("text", ["—", '"', "\\", "%", "_", "a" * 200, "'; DROP TABLE", "NEAR( AND", "🙂"])
def test_no_search_text_breaks_a_list(editor: Client, text: str) -> None:
    publishing.publish([IncidentFactory(public_id="one")])
    for model in (Incident, Location, Report):
        assert "one" not in found(editor, model, text)


def test_empty_quotes_ask_for_nothing(editor: Client) -> None:
    IncidentFactory(public_id="one")
    assert found(editor, Incident, "''") == ["one"]


def test_an_id_finds_that_incident_and_no_other(editor: Client) -> None:
    for name in ("set-1", "set-12"):
        IncidentFactory(public_id=name)
    assert found(editor, Incident, "set-1 ") == ["set-1"]
    assert found(editor, Incident, "set-") == ["set-12", "set-1"]
