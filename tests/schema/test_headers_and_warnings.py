"""Headers and warnings stand in the document with every operation that sends them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.schema.golden import VALIDATORS, complaints_about, golden, resolved
from tests.schema.test_what_the_document_shows import API, operations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history")]

RECORDS = {"incidents": "luhansk-2022-0002", "locations": "bilovodsk", "sources": "newspaper-of-the-report"}
RECORDS |= {"actors": "luhansk-partisans", "datasets": "luhansk-2022"}
SAFE = {"Cache-Control", "Location"}
"""Headers that scripts may read without our leave, and the one that browsers follow themselves."""
OPEN = {"id", "dataset", "location", "country", "admin1", "source", "actor", "tag", "parent", "language", "licence"}
"""Parameters that take what no record may have."""


def asking(parameter: str) -> list[str]:
    """Return the path of each operation on records of the ledger that has a parameter and is asked by GET."""
    return [
        path
        for path, one in operations()
        if parameter in {each["name"] for each in one["parameters"] if each["in"] == "query"}
        and not path.startswith(f"{API}releases/")
    ]


def address(path: str) -> str:
    plural = path.removeprefix(API).partition("/")[0]
    query = {f"{API}changes/": "country=UKR"}.get(path, "by=month" if "aggregate" in path else "")
    return f"{path.replace('{id}', RECORDS.get(plural, ''))}?{query}"


def members(operation: dict[str, Any]) -> set[str]:
    """Return the names of the members of an answer in JSON."""
    (media,) = list(operation["responses"]["200"]["content"].values())[:1]
    return set(resolved(media["schema"], golden()).get("properties", ()))


def test_whatever_takes_values_that_may_be_unknown_can_warn_of_them() -> None:
    found = [(path, one) for path, one in operations() if OPEN & {each["name"] for each in one["parameters"]}]
    taking = [(path, one) for path, one in found if not path.endswith(("{id}/", "/revisions/")) and "{id}" not in path]

    assert len(taking) > 30
    silent = [
        path
        for path, one in taking
        if not path.startswith((f"{API}releases/", f"{API}codebook/"))
        and "warnings" not in members(one)
        and "X-Warnings" not in one["responses"]["200"]["headers"]
    ]
    assert silent == []


@pytest.mark.parametrize("version", VALIDATORS)
@pytest.mark.parametrize("path", [path for path in asking("exclude_id") if "{" not in path])
def test_an_unknown_value_is_warned_of_as_declared(path: str, version: str) -> None:
    response: Any = Client().get(f"{address(path)}&exclude_id=never-was")

    assert response.status_code == 200
    assert complaints_about(response, path, version) == []
    said = response["X-Warnings"] if "X-Warnings" in response else json.dumps(json.loads(response.content)["warnings"])
    assert [each["value"] for each in json.loads(said)] == ["never-was"]


@pytest.mark.parametrize("version", VALIDATORS)
@pytest.mark.parametrize("path", asking("as_of"))
def test_an_answer_as_of_a_day_has_the_notice_as_declared(path: str, version: str) -> None:
    with time_machine.travel("2099-01-02T03:00:00Z", tick=False):
        response: Any = Client().get(f"{address(path)}&as_of=2099-01-01")
        known: Any = Client().get(f"{address(path)}&as_of=2099-01-01", headers={"if-none-match": response["ETag"]})

    assert (response.status_code, known.status_code) == (200, 304)
    assert response["X-Notice"].startswith("as_of=2099-01-01 is the end of that day")
    assert complaints_about(response, path, version) == []
    assert complaints_about(known, path, version) == []


def test_a_search_as_of_a_day_and_a_redirect_of_a_day_have_the_notice() -> None:
    with time_machine.travel("2099-01-02T03:00:00Z", tick=False):
        search: Any = Client().post(f"{API}incidents/search/", '{"as_of": "2099-01-01"}', "application/json")
        merged: Any = Client().get(f"{API}incidents/luhansk-2022-0006/?as_of=2099-01-01")

    assert (search.status_code, merged.status_code) == (200, 308)
    assert complaints_about(search, f"{API}incidents/search/") == []
    assert complaints_about(merged, f"{API}incidents/{{id}}/") == []
    assert {"X-Notice"} <= search.headers.keys() & merged.headers.keys()


def test_a_search_that_is_no_search_says_what_it_takes() -> None:
    response: Any = Client().post(f"{API}incidents/search/", "{}", "text/plain")

    assert response.status_code == 415
    assert complaints_about(response, f"{API}incidents/search/") == []
    assert response["Accept-Post"] == "application/json, application/x-www-form-urlencoded"


def test_scripts_of_other_sites_may_read_every_declared_header() -> None:
    assert golden()["components"]["headers"].keys() - SAFE <= set(settings.CORS_EXPOSE_HEADERS)
