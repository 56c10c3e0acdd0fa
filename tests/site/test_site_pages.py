import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from incidents_api.views import RESOURCES


@pytest.mark.django_db
def test_the_start_leads_to_the_api_its_docs_and_the_staff(client: Client) -> None:
    html = client.get("/").content.decode()

    for address in ("/api/v1/", "/api/v1/docs/", "/api/v1/redoc/", "/api/v1/schema/", "/admin/"):
        assert f'href="{address}"' in html


def test_the_root_of_the_api_lists_every_resource_by_its_full_address(client: Client) -> None:
    listed = client.get("/api/v1/").json()

    assert list(listed) == list(RESOURCES)
    assert listed["incidents"] == "http://testserver/api/v1/incidents/"


def test_the_root_takes_no_parameter_that_it_does_not_know(client: Client) -> None:
    response = client.get("/api/v1/?limit=1")

    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "limit"


def test_a_list_without_its_last_slash_is_found(client: Client) -> None:
    response = client.get("/api/v1/incidents?limit=1")

    assert (response.status_code, response["Location"]) == (301, "/api/v1/incidents/?limit=1")


def test_browsers_find_an_icon_where_they_look_for_one(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/incidents_api/icon.svg"
    assert finders.find("incidents_api/icon.svg")


def test_crawlers_are_told_what_is_not_for_them(client: Client) -> None:
    assert b"Disallow: /admin/" in client.get("/robots.txt").content


@pytest.mark.django_db
def test_a_reader_gets_no_cookie(client: Client) -> None:
    for address in ("/", "/api/v1/", "/api/v1/docs/", "/nothing/"):
        assert not client.get(address).cookies
