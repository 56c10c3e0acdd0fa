"""Every list leads to a permanent address of its query, and to a citation that is ready to be pasted."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import orjson
import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.schema import PLURALS
from tests.api.queries import queries_of
from tests.factories import DatasetFactory, IncidentFactory
from tests.query.world import public
from tests.releases.making import named

pytestmark = pytest.mark.django_db

LINKS = re.compile(r'<([^>]+)>; rel="([a-z-]+)"')


def links(answer: Any) -> dict[str, str]:
    return {relation: address for address, relation in LINKS.findall(answer["Link"])}


@pytest.mark.parametrize("kind", PLURALS.values())
def test_every_list_in_every_format_leads_to_its_citation(world: Any, api: APIClient, kind: str) -> None:
    permanent = f"http://testserver/api/v1/{kind}/?as_of=2"
    for address in (
        f"{kind}/",
        f"{kind}/?limit=2&ordering=-published&fields=id",
        f"{kind}.csv",
        f"{kind}/?format=ndjson",
    ):
        answer: Any = api.get(f"/api/v1/{address}")
        found = links(answer)
        assert found["cite-as"] == permanent, address
        assert found["describedby"] == permanent.replace("/?", "/cite/?")
        if not answer.streaming:
            assert answer.json()["cite_url"] == found["describedby"]
        assert api.get(found["describedby"]).json()["url"] == permanent


def test_the_permanent_address_gives_the_same_records_for_ever(world: Any, api: APIClient) -> None:
    first = api.get("/api/v1/incidents/?event_type=armed_attack,explosion&killed_min=0")
    cited = api.get(first.json()["cite_url"]).json()
    for incident in world.incidents.values():
        world.edit(incident)
    publishing.publish(world.incidents.values())
    again = api.get(cited["url"])
    assert again.json()["results"] == first.json()["results"]
    assert again["Cache-Control"] == "public, max-age=3600, must-revalidate"
    assert cited["records"] == len(first.json()["results"]) > 0
    assert api.get(first.json()["cite_url"]).json() == cited


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=shots",
        "date_after=2022-08-01&date_before=2023-01-01",
        "bbox=-180,-90,180,90",
        "dataset=data-1",
        "q=nothing1",
    ],
)
def test_datasets_are_those_of_the_matches_with_their_numbers(world: Any, api: APIClient, query: str) -> None:
    matches = api.get(f"/api/v1/incidents/?limit=1000&{query}").json()["results"]
    told = api.get(f"/api/v1/incidents/cite/?{query}").json()
    numbers = Counter(each["dataset"] for each in matches)
    assert {each["id"]: each["records"] for each in told["datasets"]} == numbers
    assert [each["records"] for each in told["datasets"]] == sorted(numbers.values(), reverse=True)
    assert told["records"] == len(matches)
    documents = {name: document for name, (document, _) in public("dataset").items()}
    assert set(told["licences"]) == {documents[name]["licence"] for name in numbers}
    for each in told["datasets"]:
        assert each["name"] == documents[each["id"]]["name"]
        assert each["name"] in told["citation"]


def test_what_is_asked_as_of_the_past_is_cited_as_it_was_then(api: APIClient) -> None:
    dataset = DatasetFactory(public_id="data", name="Old name", licence="CC0-1.0")
    publishing.publish([IncidentFactory(dataset=dataset)])
    named("old-one")
    dataset.name, dataset.licence = "New name", "CC-BY-4.0"
    dataset.save()
    publishing.publish([dataset, IncidentFactory(dataset=dataset)])
    old, new = (api.get(f"/api/v1/incidents/cite/{query}").json() for query in ("?as_of=old-one", ""))
    assert [(each["datasets"][0]["name"], each["licences"], each["records"], each["as_of"]) for each in (old, new)] == [
        ("Old name", ["CC0-1.0"], 1, 1),
        ("New name", ["CC-BY-4.0"], 2, 2),
    ]
    assert (old["csl"][0]["version"], new["csl"][0]["version"]) == ("release old-one", "publication 2")


def test_each_form_is_what_the_answer_holds(world: Any, api: APIClient) -> None:
    told = api.get("/api/v1/incidents/cite/?tag=x").json()
    for form, media_type, part in (
        ("txt", "text/plain; charset=utf-8", told["citation"].encode()),
        ("bib", "application/x-bibtex; charset=utf-8", told["bibtex"].encode()),
        ("csl", "application/vnd.citationstyles.csl+json", orjson.dumps(told["csl"])),
    ):
        answer = api.get(f"/api/v1/incidents/cite/?tag=x&format={form}")
        assert (answer["Content-Type"], answer.content) == (media_type, part)
        by_header = api.get("/api/v1/incidents/cite/?tag=x", headers={"Accept": media_type.partition(";")[0]})
        assert by_header.content == part
    assert told["url"] in told["bibtex"]
    assert told["bibtex"].startswith(f"@misc{{{told['csl'][0]['id']},\n")


def test_it_costs_a_count_and_is_kept(world: Any, api: APIClient) -> None:
    address = "/api/v1/incidents/cite/?event_type=explosion"
    first = len(queries_of(lambda: api.get(address)))
    assert first == 4  # moment, publication, datasets of the matches, their documents
    assert len(queries_of(lambda: api.get(address))) == first - 1
    etag = api.get(address)["ETag"]
    assert queries_of(lambda: api.get(address, headers={"If-None-Match": etag})) == ["moment"]


def test_there_is_nothing_to_cite_before_the_first_publication(world: Any, api: APIClient) -> None:
    assert api.get("/api/v1/incidents/cite/?as_of=0").status_code == 404


@pytest.mark.parametrize("parameter", ["limit=1", "cursor=a", "fields=id", "ordering=date", "count=exact"])
def test_what_chooses_no_records_is_refused(world: Any, api: APIClient, parameter: str) -> None:
    assert api.get(f"/api/v1/incidents/cite/?{parameter}").status_code == 400


def test_a_very_long_query_is_told_in_the_body_alone(world: Any, api: APIClient) -> None:
    answer = api.get("/api/v1/incidents/", {"id": ",".join(f"case-{number}" for number in range(200))})
    assert "Link" not in answer
    assert api.get(answer.json()["cite_url"]).json()["records"] == answer.json()["count"] > 0


def test_the_page_for_people_leads_there_too(world: Any, api: APIClient) -> None:
    page = api.get("/api/v1/incidents/?tag=x", headers={"Accept": "text/html"}).content.decode()
    assert 'href="http://testserver/api/v1/incidents/cite/?as_of=2&amp;tag=x"' in page
    there = api.get("/api/v1/incidents/cite/?tag=x", headers={"Accept": "text/html"})
    assert there.status_code == 200
    assert "as of publication 2" in there.content.decode()
