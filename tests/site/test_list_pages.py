"""The page of a list has its records as a table beside the JSON, and its form in groups."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from incidents import publishing
from incidents.api.page_tables import COLUMNS, FORM_GROUPS
from incidents.query import filters
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db

BROWSER = {"accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def incidents() -> None:
    town = LocationFactory(public_id="town", name="Town & co")
    publishing.publish(
        [
            IncidentFactory(
                public_id="one",
                summary="<b>Shots</b>",
                location=town,
                killed_best=0,
                injured_best=None,
                reports=[ReportFactory(source=SourceFactory(name="The Post"))],
                actors=[(ActorFactory(public_id="group"), "target")],
            )
        ]
    )


def cells(html: str) -> list[list[str]]:
    """Text of each cell, by row, the heading first."""
    found = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [
        [
            re.sub(r"<[^>]+>", "", unescape(cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in found
    ]


def page(client: Client, address: str) -> str:
    answer = client.get(f"/api/v1/{address}", headers=BROWSER)
    assert answer.status_code == 200
    return answer.text


def test_incidents_are_a_table_beside_their_json(client: Client, incidents: None) -> None:
    html = page(client, "incidents/")
    heading, row = cells(html)
    assert heading == ["Id", "Date", "Event", "Place", "Summary", "Killed", "Injured", "Sources"]
    assert (row[0], row[1], row[2], row[5:]) == ("one", "2022-08-04", "Shooting", ["0", "–", "The Post"])
    assert "Town & co" in row[3]
    assert "&lt;b&gt;Shots&lt;/b&gt;" in html
    assert "<b>Shots" not in html
    assert '<a href="/api/v1/incidents/one/">one</a>' in html
    assert '<pre class="body"' in html


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_list_has_one(client: Client, incidents: None, kind: str) -> None:
    heading, *rows = cells(page(client, f"{kind}s/"))
    assert heading == [column.heading for column in COLUMNS[kind]]
    assert rows
    assert all(len(row) == len(heading) and row[0] for row in rows)


def test_it_has_the_columns_whose_fields_were_asked_for(client: Client, incidents: None) -> None:
    assert cells(page(client, "incidents/?fields=date,reports")) == [
        ["Id", "Date", "Sources"],
        ["one", "2022-08-04", "The Post"],
    ]
    assert cells(page(client, "incidents/?fields=revision")) == []
    assert cells(page(client, "incidents/?profile=ucdp-ged")) == []


def test_what_scrolls_sideways_is_reached_by_keys_and_has_a_name(client: Client, incidents: None) -> None:
    assert '<div class="scroll"' in page(client, "incidents/")
    frame = re.findall(r'<div class="scroll".*?>', page(client, "incidents/"), re.DOTALL)
    assert all('tabindex="0"' in each and "aria-label=" in each for each in frame)


def test_a_query_that_finds_nothing_says_so(client: Client, incidents: None) -> None:
    html = page(client, "incidents/?q=silence")
    assert "No record matches." in html
    assert cells(html) == []
    assert "No record matches." not in page(client, "incidents/one/")


def test_the_form_begins_with_dates_place_and_type(client: Client) -> None:
    html = page(client, "incidents/")
    groups = re.findall(r'<details class="group"\s*(open)?>\s*<summary>(.*?)</summary>', html)
    assert groups[:3] == [("open", "When"), ("open", "Where"), ("open", "What")]
    assert {opened for opened, _ in groups[3:]} == {""}
    assert list(FORM_GROUPS)[:3] == ["When", "Where", "What"]


def test_a_group_in_which_something_is_asked_for_is_open(client: Client) -> None:
    html = page(client, "incidents/?killed_min=1")
    opened = re.findall(r'<details class="group"\s*open>\s*<summary>(.*?)</summary>', html)
    assert opened == ["When", "Where", "What", "How many"]


def test_every_parameter_of_incidents_has_a_group() -> None:
    placed = {name for names in FORM_GROUPS.values() for name in names}
    assert filters.IncidentFilterSet.base_filters.keys() - placed == {"cursor", "format"}
