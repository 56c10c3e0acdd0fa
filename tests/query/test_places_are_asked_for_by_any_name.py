"""`country`, `admin1`, `admin2` and `location` take an id, a name in any language and spelling, or a code."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import models, publishing
from incidents import world as of_world
from incidents.ledger.models import Head
from incidents.ledger.reindex import rebuild_places
from tests.factories import IncidentFactory, LocationFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def incidents() -> None:
    """Incidents in two countries, in regions of which some share names."""
    ukraine = LocationFactory(public_id="ukraine", name="Ukraine", kind="country", country_code="UKR")
    donetsk = _region("donetsk", "Donetsk oblast", ukraine)
    luhansk = _region("lug", "Lugansk", ukraine, names=["Regio Luganscensis"], pcode="UA44")
    kyiv, around = _region("kyiv-city", "Kyiv City", ukraine), _region("kyiv-region", "Kyiv Oblast", ukraine)
    raion = LocationFactory(
        public_id="bakhmut-raion", name="Bakhmut Raion", kind="admin2", parent=donetsk, pcode="UA1402", country_code=""
    )
    town = LocationFactory(public_id="bakhmut", name="Bakhmut", parent=raion, geonames_id=712441, country_code="")
    models.PlaceName.objects.create(location=town, name="Артемівськ", language="uk", kind="former")
    canada = LocationFactory(public_id="canada", name="Canada", kind="country", country_code="CAN")
    central = [
        _region("central-one", "Central", canada, code="CAN"),
        _region("central-two", "Central", LocationFactory(public_id="fiji", kind="country", country_code="FJI")),
    ]
    for place in (town, donetsk, luhansk, kyiv, around, *central):
        publishing.publish([IncidentFactory(public_id=f"at-{place.public_id}", location=place)])
    LocationFactory(public_id="hidden", name="Hidden Oblast", kind="admin1", parent=ukraine, country_code="UKR")


def _region(
    public_id: str, name: str, country: models.Location, *, names: list[str] | None = None, code: str = "", **more: Any
) -> models.Location:
    place = LocationFactory(
        public_id=public_id,
        name=name,
        kind="admin1",
        parent=country,
        country_code=code or country.country_code,
        **more,
    )
    for each in names or []:
        models.PlaceName.objects.create(location=place, name=each)
    return place


def found(api: APIClient, query: str) -> set[str]:
    response = api.get(f"/api/v1/incidents/?{query}")
    assert response.status_code == 200, response.content
    count = api.get(f"/api/v1/incidents/count/?{query}").json()["count"]
    results = {each["id"].removeprefix("at-") for each in response.json()["results"]}
    assert count == len(results)
    return results


@pytest.mark.parametrize(
    "name",
    [
        *("Donetsk oblast", "Donetsk Oblast", "DONETSK OBLAST", "donets'k", "Донецька область", "Донецкая область"),
        *("UA-14", "ua-14", "UA14", "709716", "UA14000000000091971", "donetsk", "Donétsk Oblast"),
    ],
)
def test_a_region_is_found_by_any_name_and_code(incidents: None, api: APIClient, name: str) -> None:
    assert found(api, f"admin1={name}") == {"bakhmut", "donetsk"}
    assert found(api, f"location={name}") == {"bakhmut", "donetsk"}


@pytest.mark.parametrize("name", ["Donetsk Obl.", "donetsk obl", "Oblast of Donetsk", "обл. Донецьк", "the Donetsk"])
def test_a_region_is_found_by_names_with_particles_and_short_forms(incidents: None, api: APIClient, name: str) -> None:
    assert found(api, f"admin1={name}") == {"bakhmut", "donetsk"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("COTE D IVOIRE", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("U.S.A.", "USA"),
        ("The Philippines", "PHL"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Republic of Korea", "KOR"),
        ("Korea, Democratic People's Republic of", "PRK"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("Ceylon", "LKA"),
        ("Korea", None),
        ("the", None),
        ("!", None),
    ],
)
def test_a_country_is_found_by_its_name_in_any_order_of_words(name: str, code: str | None) -> None:
    country = of_world.country_of(name)
    assert (country and country.alpha3) == code


@pytest.mark.parametrize("name", ["lug", "Lugansk", "luhansk oblast", "regio luganscensis", "UA-09", "UA44"])
def test_a_region_is_found_by_what_the_world_and_its_record_call_it(incidents: None, api: APIClient, name: str) -> None:
    assert found(api, f"admin1={name}") == {"lug"}


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("admin2=bakhmut raion", {"bakhmut"}),
        ("admin2=Бахмут", {"bakhmut"}),
        ("admin2=UA1402", {"bakhmut"}),
        ("location=Артемовск", set()),
        ("location=артемівськ", {"bakhmut"}),
        ("location=712441", {"bakhmut"}),
        ("admin1=Kyiv", {"kyiv-city", "kyiv-region"}),
        ("admin1=Kyiv Oblast", {"kyiv-region"}),
        ("admin1=Kyiv City", {"kyiv-city"}),
        ("admin1=central", {"central-one", "central-two"}),
        ("admin1=central-one", {"central-one"}),
        ("admin1=Central&country=Фіджі", {"central-two"}),
        ("country=ua&admin1=UA-09,UA-14", {"lug", "donetsk", "bakhmut"}),
        ("country=FJ,124", {"central-one", "central-two"}),
        ("country=Канада", {"central-one"}),
        ("country=Antarctica", set()),
        ("admin1=Hidden Oblast", set()),
        ("location=hidden", set()),
        ("admin1=Bakhmut", set()),
    ],
)
def test_everything_inside_is_found(incidents: None, api: APIClient, query: str, places: set[str]) -> None:
    assert found(api, query) == places


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [("country=ZZZ", None), ("country=UKX", None), ("country=999", None), ("admin1=UA-99", "UA-09")],
)
def test_what_cannot_exist_is_refused(incidents: None, api: APIClient, query: str, suggestion: str | None) -> None:
    response = api.get(f"/api/v1/incidents/?{query}")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["value"]) == (400, query.partition("=")[2])
    assert suggestion is None or error["suggestion"] == suggestion


def test_a_code_that_no_list_has_is_taken_where_a_public_place_has_it(incidents: None, api: APIClient) -> None:
    region = _region("new", "New", models.Location.objects.get(public_id="ukraine"), pcode="UA-99")
    abroad = LocationFactory(public_id="union", name="Union", kind="country", country_code="SUN")
    queries = ("admin1=UA-99", "country=SUN")
    assert [api.get(f"/api/v1/incidents/?{query}").status_code for query in queries] == [400, 400]
    publishing.publish([IncidentFactory(public_id=f"at-{each.public_id}", location=each) for each in (region, abroad)])
    assert (found(api, "admin1=UA-99"), found(api, "country=SUN")) == ({"new"}, {"union"})


def test_a_name_means_what_it_meant_at_the_moment_of_the_answer(incidents: None, api: APIClient) -> None:
    before = Head.objects.get(id=1).seq
    assert found(api, "admin1=Severia") == set()
    region = models.Location.objects.get(public_id="kyiv-region")
    region.name = "Severia"
    region.save()
    publishing.publish([region])
    assert found(api, "admin1=Severia") == {"kyiv-region"}
    assert found(api, "admin1=Kyivska oblast") == set()
    assert found(api, f"admin1=Severia&as_of={before}") == set()
    assert found(api, f"admin1=Kyivska oblast&as_of={before}") == {"kyiv-region"}


def test_a_value_with_a_comma_stands_in_quotation_marks(incidents: None, api: APIClient) -> None:
    twin = LocationFactory(public_id="twin", name='Twin, "The" County', kind="admin1", country_code="")
    publishing.publish([IncidentFactory(public_id="at-twin", location=twin, tags=["one, two"])])
    assert found(api, 'admin1="Twin, ""The"" County",lug') == {"twin", "lug"}
    assert found(api, 'tag="one, two"') == {"twin"}
    assert found(api, 'admin1="Twin, ""The"" County"&admin1=lug') == {"twin", "lug"}
    response = api.get('/api/v1/incidents/?admin1="Twin, County')
    assert response.status_code == 400
    assert "quotation mark" in response.json()["errors"][0]["message"]


def test_places_of_an_older_index_are_found_after_the_upgrade(incidents: None, api: APIClient) -> None:
    from django.db import connection

    from incidents.ledger.models import LocationEntry
    from incidents.ledger.store import words_table

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"UPDATE {words_table(LocationEntry)} SET words = 'old'")
        else:
            cursor.execute("UPDATE ledger_locationentry SET words = 'old'")
    assert sum(rebuild_places()) == 0  # the head says that all are of the latest version
    Head.objects.update(place_index=0)
    assert sum(rebuild_places()) == models.Location.objects.exclude(public_id="hidden").count()
    assert found(api, "admin1=UA-14") == {"bakhmut", "donetsk"}
    assert sum(rebuild_places()) == 0


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("admin1=Kyiv Oblast", set()),
        ("admin1=Київська область", set()),
        ("location=Kyiv Oblast", set()),
        ("location=kyivska oblast", set()),
        ("admin1=Kyiv City", {"city", "town"}),
        ("admin1=Kyiv", {"city", "town"}),
        ("location=Kyiv", {"city", "town"}),
        ("location=town of Kyiv", {"city", "town"}),
    ],
)
def test_an_area_without_records_is_not_the_town_or_another_region_of_its_name(
    db: None, api: APIClient, query: str, places: set[str]
) -> None:
    ukraine = LocationFactory(public_id="ukr", name="Ukraine", kind="country", country_code="UKR")
    city = _region("city", "Kyiv City", ukraine)
    town = LocationFactory(public_id="town", name="Kyiv", parent=city, country_code="UKR")
    publishing.publish([IncidentFactory(public_id=f"at-{place.public_id}", location=place) for place in (city, town)])
    assert found(api, query) == places


@pytest.mark.parametrize("code", ["UA09", "ua 09", "UKR-09", "UKR09"])
def test_a_code_of_iso_is_found_as_others_write_it(incidents: None, api: APIClient, code: str) -> None:
    assert found(api, f"admin1={code}") == {"lug"}


@pytest.mark.parametrize("code", ["UA9", "XX09", "09", "UKR-99"])
def test_what_is_no_code_finds_nothing(incidents: None, api: APIClient, code: str) -> None:
    assert found(api, f"admin1={code}") == set()


@pytest.mark.parametrize(
    ("countries", "codes"),
    [
        ("Congo, Democratic Republic of the", {"COD"}),
        ("Congo,Democratic Republic of the Congo", {"COD", "COG"}),
        ("Ukraine,Korea, Republic of,Congo", {"UKR", "KOR", "COG"}),
        ("Congo", {"COG"}),
    ],
)
def test_a_comma_within_the_name_of_a_country_parts_no_list(
    db: None, api: APIClient, countries: str, codes: set[str]
) -> None:
    places = [
        LocationFactory(public_id=code.lower(), name=code, kind="country", country_code=code)
        for code in ("COD", "COG", "UKR", "KOR", "PRK")
    ]
    publishing.publish([IncidentFactory(public_id=f"at-{place.public_id}", location=place) for place in places])
    assert found(api, f"country={countries}") == {code.lower() for code in codes}
