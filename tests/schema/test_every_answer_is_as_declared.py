"""Every answer about the example dataset, and each kind of error, against the documents that are in the repository."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from incidents.api.representations import Representation, representations
from incidents.ledger.models import Revision
from tests.schema.golden import VALIDATORS, complaints_about, golden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history")]

API = "/api/v1/"
KINDS = {
    "incident": "incidents",
    "location": "locations",
    "source": "sources",
    "actor": "actors",
    "dataset": "datasets",
}
SEARCH = f"{API}incidents/search/"
OF_A_RELEASE = {
    f"{API}releases/{{earlier}}...{{later}}/",
    f"{API}releases/{{name}}/",
    f"{API}releases/{{name}}/files/{{path}}",
}
"""Tried in tests/releases, where there is one."""
FAILING: list[tuple[str, str, dict[str, str], int]] = [
    ("incidents/", "incidents/?evnt_type=battle&limit=0", {}, 400),
    ("incidents/", "incidents/?q=%00", {}, 400),
    ("incidents/count/", "incidents/count/?limit=1", {}, 400),
    ("incidents/{id}/", "incidents/none/", {}, 404),
    ("incidents/{id}/", "incidents/luhansk-2022-0002/?as_of=0", {}, 404),
    ("incidents/{id}/revisions/", "incidents/none/revisions/", {}, 404),
    ("locations/", "locations/", {"accept": "image/png"}, 406),
    ("incidents/{id}/", "incidents/luhansk-2022-0006/", {}, 308),
    ("incidents/{id}/", "incidents/luhansk-2022-0009/", {}, 410),
    ("incidents/{id}/", "incidents/luhansk-2022-0010/", {}, 410),
    ("", "?format=xml", {}, 400),
    ("incidents.csv", "incidents.csv?fields=kiled", {}, 400),
    ("incidents.geojson", "incidents.geojson?fields=claims", {}, 400),
    ("incidents.acled.json", "incidents.acled.json?fields=id", {}, 400),
    ("incidents/{id}.geojson", "incidents/none.geojson", {}, 404),
    ("incidents/{id}.geojson", "incidents/luhansk-2022-0006.geojson", {}, 308),
    ("incidents/{id}.fields.json", "incidents/luhansk-2022-0009.fields.json", {}, 410),
]


def answers() -> Iterator[tuple[str, str]]:
    """Yield each path with the addresses below it that there are something to say about."""
    yield API, API
    yield f"{API}changes/", f"{API}changes/?limit=20"
    yield f"{API}changes/checksum/", f"{API}changes/checksum/?limit=20"
    yield f"{API}incidents.atom", f"{API}incidents.atom"
    yield f"{API}incidents/aggregate/", f"{API}incidents/aggregate/?by=month,event_type&fill=zero"
    yield f"{API}incidents/aggregate/", f"{API}incidents/aggregate/?by=year&coverage=sources&spread=every"
    yield f"{API}codebook/", f"{API}codebook/"
    yield f"{API}codebook/{{vocabulary_name}}/", f"{API}codebook/event_type/"
    yield f"{API}codebook/datasets/{{dataset}}/", f"{API}codebook/datasets/luhansk-2022/"
    yield f"{API}releases/", f"{API}releases/"
    yield from forms()
    for kind, plural in KINDS.items():
        yield f"{API}{plural}/", f"{API}{plural}/?limit=3"
        yield f"{API}{plural}/count/", f"{API}{plural}/count/"
        yield f"{API}{plural}/cite/", f"{API}{plural}/cite/"
        for record_id in Revision.objects.filter(kind=kind, number=1).values_list("record_id", flat=True):
            yield f"{API}{plural}/{{id}}/", f"{API}{plural}/{record_id}/"
            yield f"{API}{plural}/{{id}}/revisions/", f"{API}{plural}/{record_id}/revisions/"


def forms() -> Iterator[tuple[str, str]]:
    """Yield the path of each form of an answer with an address, and some of them with chosen fields."""
    for kind, plural in KINDS.items():
        one = Revision.objects.filter(kind=kind, number=1).values_list("record_id", flat=True)[0]
        for form in representations(kind):
            path = {
                "list": f"{API}{plural}.{form.suffix}",
                "retrieve": f"{API}{plural}/{{id}}.{form.suffix}",
                "aggregate": f"{API}{plural}/aggregate.{form.suffix}",
            }[form.action]
            yield path, path.format(id=one)
            if "fields" in form.takes:
                yield path, f"{path.format(id=one)}?fields=revision"
            if form.action == "list":
                yield path, f"{path}?limit=2"


def wrong(path: str, address: str, version: str, statuses: Counter[int]) -> dict[str, list[str]]:
    """Return the complaints about an address and, if it is a page, about all that follow it."""
    found = {}
    following: str | None = address
    while following:
        response: Any = Client().get(following)
        statuses[response.status_code] += 1
        found[following] = complaints_about(response, path, version)
        following = response.json().get("next") if path.endswith("s/") and "{" not in path else None
    return {address: said for address, said in found.items() if said}


@pytest.mark.parametrize("version", VALIDATORS)
def test_every_answer_is_as_declared(version: str) -> None:
    statuses: Counter[int] = Counter()

    departures = [wrong(path, address, version, statuses) for path, address in answers()]

    assert [each for each in departures if each] == []
    assert statuses[200] > 60
    assert (statuses[308], statuses[410]) == (1, 2)
    assert {path for path, _ in answers()} | OF_A_RELEASE | {SEARCH} == set(golden(version)["paths"])


@pytest.mark.parametrize("version", VALIDATORS)
@pytest.mark.parametrize(("body", "status"), [("{}", 200), ("[]", 400), ('{"limit": 0}', 400)])
def test_a_search_is_as_declared(body: str, status: int, version: str) -> None:
    response: Any = Client().post(SEARCH, body, "application/json")

    assert response.status_code == status
    assert complaints_about(response, SEARCH, version) == []


@pytest.mark.parametrize("version", VALIDATORS)
@pytest.mark.parametrize(("path", "address", "headers", "status"), FAILING)
def test_every_error_is_as_declared(
    path: str, address: str, headers: dict[str, str], status: int, version: str
) -> None:
    response: Any = Client(headers=headers).get(API + address)

    assert response.status_code == status
    assert complaints_about(response, API + path, version) == []


def test_a_copy_that_is_still_right_is_as_declared() -> None:
    client = Client()
    etag = client.get(f"{API}incidents/")["ETag"]

    response: Any = client.get(f"{API}incidents/", headers={"if-none-match": etag})

    assert response.status_code == 304
    assert complaints_about(response, f"{API}incidents/") == []


def parameters_of(form: Representation) -> dict[str, str]:
    """Return the parameters that ask the JSON address for the same form."""
    found = {"format": form.written} if form.written != "json" else {}
    return found | ({"profile": form.profile} if form.profile else {})


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_of_the_json_address_answer_as_the_operations_do(kind: str) -> None:
    for form in representations(kind):
        one = Revision.objects.filter(kind=kind, number=1).values_list("record_id", flat=True)[0]
        path = (
            API
            + {
                "list": KINDS[kind],
                "retrieve": f"{KINDS[kind]}/{one}",
                "aggregate": f"{KINDS[kind]}/aggregate",
            }[form.action]
        )
        asked = {"fields": "revision"} if "fields" in form.takes else {}
        asked |= {"hxl": "1"} if "hxl" in form.takes else {}
        answers = [
            Client().get(f"{path}.{form.suffix}", asked),
            Client().get(f"{path}/", asked | parameters_of(form)),
        ]
        assert [answer.status_code for answer in answers] == [200, 200], form
        assert answers[0]["Content-Type"] == answers[1]["Content-Type"]
        bodies = [answer.getvalue().replace(f".{form.suffix}?".encode(), b"/?") for answer in answers]
        assert without_cursors(bodies[0]) == without_cursors(bodies[1]), form


def without_cursors(body: bytes) -> bytes:
    """Return a page without what is signed for its own query."""
    return re.sub(rb"(cursor|profile|fields)=[^&\"]*&?", b"", body)
