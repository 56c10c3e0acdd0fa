"""No value of any parameter makes the server fail, and both databases answer each with the same status."""

from __future__ import annotations

import json
import os

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from tests.contract import hostile
from tests.factories import ActorFactory, DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def one() -> None:
    """A record called one of each kind."""
    source = SourceFactory(public_id="one")
    publishing.publish(
        [
            IncidentFactory(
                public_id="one",
                location=LocationFactory(public_id="one"),
                dataset=DatasetFactory(public_id="one"),
                reports=[ReportFactory(source=source)],
                actors=[(ActorFactory(public_id="one"), "target")],
            )
        ]
    )


def test_every_value_of_every_parameter_has_the_status_that_is_written(one: None, api: APIClient) -> None:
    found = hostile.statuses(api)
    failed = {
        name: of
        for name, by_status in found.items()
        for status, of in by_status.items()
        if not 200 <= int(status) < 500
    }
    assert failed == {}
    if os.environ.get(hostile.WRITE):
        hostile.write(found)
    assert found == json.loads(hostile.GOLDEN.read_text()), "python -m tests.contract.hostile --write shows the change"


@pytest.mark.parametrize("parameter", ["q", "tag", "id", "bbox", "as_of", "cursor", "fields", "surprise"])
def test_the_page_for_people_takes_every_value_too(one: None, api: APIClient, parameter: str) -> None:
    found = {
        name: api.get(f"/api/v1/incidents/?format=api&{parameter}={value}") for name, value in hostile.VALUES.items()
    }
    assert {name for name, answer in found.items() if answer.status_code not in (200, 400)} == set()
    assert {name for name, answer in found.items() if b"<script>alert" in answer.content} == set()


def test_a_thousand_parameters_are_refused_and_not_read(api: APIClient) -> None:
    api.raise_request_exception = False
    answer = api.get("/api/v1/incidents/?" + "&".join(f"p{number}=1" for number in range(5000)))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"' + "a" * 10_000},
        {"If-None-Match": 'W/, ,, "', "Accept": ";;;,q=", "Accept-Language": "\xff"},
        {"If-None-Match": "\x00", "If-Modified-Since": "yesterday"},
        {"Host": "localhost", "Origin": "null", "Cookie": "a=\\000; b"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
        {"X-HTTP-Method-Override": "DELETE", "Range": "bytes=0-1"},
    ],
)
def test_no_header_makes_the_server_fail(one: None, api: APIClient, headers: dict[str, str]) -> None:
    api.raise_request_exception = False
    answer = api.get("/api/v1/incidents/", headers=headers)
    assert answer.status_code in (200, 400, 406)
    assert b"evil.example" not in answer.content
