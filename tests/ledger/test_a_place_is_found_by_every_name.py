"""A place, and what happened there, is found by any of its names in any script, with or without accents."""

from __future__ import annotations

from functools import partial

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.models import PlaceName
from tests.factories import IncidentFactory, LocationFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db


@partial(world, autouse=True)
def public() -> None:
    """An incident in Sievierodonetsk, which has many names, and one elsewhere."""
    oblast = LocationFactory(public_id="luhansk-oblast", kind="admin1", name="Luhansk Oblast")
    town = LocationFactory(public_id="sievierodonetsk", name="Sievierodonetsk", parent=oblast)
    for place, name, language in (
        (oblast, "Луганська область", "uk"),
        (town, "Сєвєродонецьк", "uk"),
        (town, "Северодонецк", "ru"),
        (town, "Severodonetsk", ""),
        (town, "Siévèrodoneţk", "fr"),
        (town, "Лисхімбуд", "uk"),
    ):
        PlaceName.objects.create(location=place, name=name, language=language)
    there = IncidentFactory(public_id="there", location=town, summary="Постріли біля об'їзної; vüriñg.")
    publishing.publish([there, IncidentFactory(public_id="elsewhere", summary="Shots.")])


def found(api: APIClient, resource: str, words: str) -> list[str]:
    return [each["id"] for each in api.get(f"/api/v1/{resource}/", {"q": words}).json()["results"]]


@pytest.mark.parametrize(
    "words",
    [
        "Sievierodonetsk",
        "SIEVIERODONETSK",
        "Severodonetsk",
        "severodonet*",
        "Сєвєродонецьк",
        "сєвєродонець*",
        "СЄВЄРОДОНЕЦЬК",
        "Северодонецк",
        "Siévèrodoneţk",
        "Sieverodonetk",
        "Лисхімбуд",
    ],
)
def test_a_place_is_found_in_every_spelling(api: APIClient, words: str) -> None:
    assert (found(api, "locations", words), found(api, "incidents", words)) == (["sievierodonetsk"], ["there"])


@pytest.mark.parametrize(
    "words",
    [
        "Луганська область",
        "luhansk oblast",
        "Луганська severodonetsk",
        "обїзної",
        "об’їзної",
        "ОБ'ЇЗНОЇ",
        "vuring",
        "VÜRIÑG",
        "there",
    ],
)
def test_an_incident_is_found_by_what_holds_its_place_and_by_folded_words(api: APIClient, words: str) -> None:
    assert found(api, "incidents", words) == ["there"]


@pytest.mark.parametrize("words", ["odonetsk", "Severo", "luhansk shots", "l*", "n*", "l:luhansk-oblast", "xyz*"])
def test_what_does_not_occur_as_a_whole_word_is_not_found(api: APIClient, words: str) -> None:
    wanted = {"l*": ["there"], "l:luhansk-oblast": []}  # luhansk and Лисхімбуд begin with l
    assert found(api, "incidents", words) == wanted.get(words, [])


def test_a_name_that_is_taken_away_finds_nothing_from_then_on(api: APIClient) -> None:
    PlaceName.objects.filter(name="Лисхімбуд").delete()
    town = PlaceName.objects.get(name="Severodonetsk").location
    publishing.publish([town])
    assert found(api, "incidents", "Лисхімбуд") == []
    before = api.get("/api/v1/incidents/", {"q": "Лисхімбуд", "as_of": "1"}).json()["results"]
    assert [each["id"] for each in before] == ["there"]
