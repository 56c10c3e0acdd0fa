"""The codebook tells every code, every field and every column, as JSON and on a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from incidents.documents import DOCUMENTS
from incidents.schema import VOCABULARIES
from incidents.tables import TABLES
from tests.ledger.test_documents_are_as_declared import make_everything
from tests.query.world import public

ADDRESS = "/api/v1/codebook/"


@pytest.fixture
def book(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get(ADDRESS).json()
    return found


@pytest.fixture
def page(client: Client) -> str:
    response = client.get(ADDRESS, headers={"accept": "text/html"})
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return response.content.decode()


def test_every_code_is_there_with_its_definition_and_counterparts(book: dict[str, Any]) -> None:
    told = {each["name"]: {term["code"]: term for term in each["terms"]} for each in book["vocabularies"]}
    assert {name: list(terms) for name, terms in told.items()} == {name: list(of) for name, of in VOCABULARIES.items()}
    assert told["event_type"]["battle"] == {
        "code": "battle",
        "label": "Battle",
        "definition": "Organised armed groups fight each other for a place.",
        "acled": "Battles",
        "ucdp": "type_of_violence 1, 2",
        "gtd": None,
        "parent": None,
    }
    assert told["event_subtype"]["shooting"]["parent"] == "armed_attack"
    assert [each["ordered"] for each in book["vocabularies"] if each["name"] == "date_precision"] == [True]


def paths(value: Any, at: str = "") -> set[str]:
    """Return the path of everything in a document."""
    if isinstance(value, dict):
        return {path for name, inner in value.items() for path in {f"{at}{name}"} | paths(inner, f"{at}{name}.")}
    if isinstance(value, list):
        return {path for inner in value if isinstance(inner, dict) for path in paths(inner, at[:-1] + "[].")}
    return set()


@pytest.mark.django_db
def test_every_field_of_what_is_published_is_told(book: dict[str, Any]) -> None:
    make_everything()
    for document in book["documents"]:
        told = {field["path"] for field in document["fields"]}
        found = {path for each, _ in public(document["kind"]).values() for path in paths(each)}
        assert {path for path in found - told if not path.startswith(("extra.", "claims[].value."))} == set()
        assert len(told) == len(document["fields"])
        assert all(field["definition"] and field["null"] and field["type"] for field in document["fields"])
    assert [document["kind"] for document in book["documents"]] == list(DOCUMENTS)


def test_fields_say_their_type_unit_and_what_null_means(book: dict[str, Any]) -> None:
    fields = {field["path"]: field for field in book["documents"][0]["fields"]}
    killed = fields["casualties.killed.best"]
    assert (killed["type"], killed["unit"]) == ("integer", "people")
    assert killed["null"] == "null: not reported. 0: reported as none."
    assert fields["date.end"]["null"] == "null: unknown or ongoing."
    assert fields["date.end"]["definition"] == "The latest day on which it can have ended."
    assert fields["reports[].published"]["null"] == "null: unknown."
    assert fields["id"]["null"] == "Never null."
    assert fields["reports"]["null"].startswith("Never null; an empty list")
    assert fields["location.latitude"]["unit"] == "degrees, WGS 84"
    assert (fields["actors[].role"]["type"], fields["actors[].role"]["vocabulary"]) == ("code", "actor_role")
    assert fields["targets"]["type"] == "list of code"
    assert fields["reports[].relays"]["type"] == "object"


def test_every_column_of_every_table_is_told(book: dict[str, Any]) -> None:
    told = {table["kind"]: [column["name"] for column in table["columns"]] for table in book["tables"]}
    assert told == {kind: list(table.names) for kind, table in TABLES.items()}
    assert all(column["definition"] and column["empty"] for table in book["tables"] for column in table["columns"])


def test_every_type_that_is_used_is_explained(book: dict[str, Any]) -> None:
    used = {field["type"].split()[-1] for document in book["documents"] for field in document["fields"]}
    used |= {column["type"] for table in book["tables"] for column in table["columns"]}
    assert used <= set(book["types"])


def test_profiles_tell_column_by_column_what_has_no_equivalent(book: dict[str, Any]) -> None:
    acled, ucdp = book["profiles"]
    assert [len(acled["columns"]), len(ucdp["columns"])] == [31, 50]
    assert [column["name"] for column in acled["columns"] if column["empty"]] == ["iso", "region", "source_scale"]
    assert all(
        column["definition"].startswith("Always empty: ") == column["empty"]
        for profile in book["profiles"]
        for column in profile["columns"]
    )


def test_one_vocabulary_has_an_address_of_its_own(client: Client, book: dict[str, Any]) -> None:
    assert client.get(f"{ADDRESS}event_type/").json() == book["vocabularies"][0]
    missing = client.get(f"{ADDRESS}event_typ/")
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert "Did you mean event_type?" in missing.json()["detail"]
    html = client.get(f"{ADDRESS}event_type/", headers={"accept": "text/html"}).content.decode()
    assert 'id="event_type-battle"' in html
    assert client.get(f"{ADDRESS}none/", headers={"accept": "text/html"}).status_code == 404


def test_a_reader_who_has_it_is_not_sent_it_again(client: Client) -> None:
    first = client.get(ADDRESS)
    assert client.get(ADDRESS, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(ADDRESS, headers={"accept": "text/html"})["ETag"] != first["ETag"]
    assert client.get(f"{ADDRESS}?q=1").json()["errors"][0]["parameter"] == "q"


def test_the_page_has_an_anchor_for_all_and_no_link_into_nothing(page: str, book: dict[str, Any]) -> None:
    anchors = re.findall(r'id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    wanted = {f"{each['name']}-{term['code']}" for each in book["vocabularies"] for term in each["terms"]}
    wanted |= {f"{each['kind']}-{field['path']}" for each in book["documents"] for field in each["fields"]}
    wanted |= {f"table-{each['kind']}-{column['name']}" for each in book["tables"] for column in each["columns"]}
    wanted |= {f"profile-{each['name']}-{column['name']}" for each in book["profiles"] for column in each["columns"]}
    assert wanted <= set(anchors)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)


def test_the_page_has_nothing_inline_that_the_csp_forbids(client: Client, page: str) -> None:
    assert not re.search(r"<style|style=|<script|\son\w+=|javascript:", page)
    response = client.get(ADDRESS, headers={"accept": "text/html"})
    assert "script-src 'self'" in response["Content-Security-Policy"]
    for source in re.findall(r'(?:src|href)="([^"#]+)"', page):
        assert source.startswith("/")
    assert finders.find("incidents/codebook.css")


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}event_type/"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_whoever_has_it_already_is_sent_nothing(client: Client, address: str, accept: str) -> None:
    etag = client.get(address, headers={"accept": accept})["ETag"]

    response = client.get(address, headers={"accept": accept, "if-none-match": etag})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
