import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from drf_spectacular.validation import validate_schema
from openapi_spec_validator import validate
from yaml import CSafeLoader, load

from incidents_api.management.commands import write_schema
from incidents_api.openapi import VERSIONS, build_document

Documents = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def documents() -> Documents:
    """Build each version once: it takes a second."""
    return {version: build_document(version) for version in VERSIONS}


@pytest.fixture(autouse=True, scope="module")
def each_document_is_validated_once() -> Iterator[None]:
    """Remember which documents were valid when the command looked: it takes a second."""
    valid = set[str]()

    def validate_once(document: dict[str, Any]) -> None:
        text = json.dumps(document)
        if text not in valid:
            validate_schema(document)
            valid.add(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_schema, "validate_schema", validate_once)
        yield


@pytest.mark.parametrize("version", VERSIONS)
def test_the_document_is_valid(documents: Documents, version: str) -> None:
    validate(json.loads(json.dumps(documents[version])))


@pytest.mark.parametrize(("query", "version"), [("", "3.1.0"), ("?version=3.1", "3.1.0"), ("?version=3.0", "3.0.3")])
def test_the_version_is_chosen_by_the_address(client: Client, query: str, version: str) -> None:
    response = client.get(f"/api/v1/schema/{query}")

    assert (response["Content-Type"], response.json()["openapi"]) == ("application/json", version)


@pytest.mark.parametrize(
    ("accept", "query", "type_"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "application/json"),
        ("application/vnd.oai.openapi+json", "", "application/vnd.oai.openapi+json"),
        ("application/yaml", "", "application/yaml"),
        ("*/*", "?format=yaml", "application/yaml"),
        ("application/yaml", "?format=json", "application/json"),
    ],
)
def test_the_document_comes_as_json_and_as_yaml(client: Client, accept: str, query: str, type_: str) -> None:
    response = client.get(f"/api/v1/schema/{query}", headers={"accept": accept})

    assert response["Content-Type"] == type_
    assert load(response.content, CSafeLoader)["info"]["title"] == "Incidents API"


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [("version=2", "version", None), ("version=3.2", "version", "3.1"), ("verson=3.0", "verson", "version")],
)
def test_a_wrong_parameter_answers_400(client: Client, query: str, parameter: str, suggestion: str | None) -> None:
    response = client.get(f"/api/v1/schema/?{query}")

    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert (error["parameter"], error["suggestion"]) == (parameter, suggestion)


def test_a_reader_who_has_the_document_is_not_sent_it_again(client: Client) -> None:
    etag = client.get("/api/v1/schema/")["ETag"]

    assert client.get("/api/v1/schema/", headers={"if-none-match": etag}).status_code == 304
    assert client.get("/api/v1/schema/?version=3.0", headers={"if-none-match": etag}).status_code == 200


def test_versions_that_are_built_at_once_are_not_mixed(documents: Documents) -> None:
    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(build_document, ["3.0", "3.1"]))

    assert built == [documents["3.0"], documents["3.1"]]


def test_every_operation_documents_its_errors(documents: Documents) -> None:
    document = documents["3.1"]

    for path, operations in document["paths"].items():
        for operation in operations.values():
            expected = {"200", "304", "400", "429", "503"} | ({"404"} if "{" in path else set())
            expected |= set() if path.endswith("/files/{path}") else {"406"}  # a file has one form
            assert expected <= operation["responses"].keys(), path
            assert operation["responses"]["400"] == {"$ref": "#/components/responses/BadRequest"}
    assert document["components"]["responses"]["BadRequest"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }


def test_operations_have_stable_and_distinct_names(documents: Documents) -> None:
    operations = [operation for path in documents["3.1"]["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]

    assert len(names) == len(set(names))
    assert {"root", "incidents_list", "incidents_retrieve", "sources_list"} <= set(names)


def test_the_documents_in_docs_say_what_the_code_says() -> None:
    call_command("write_schema", check=True)


def test_a_document_that_has_fallen_behind_is_shown_with_its_difference(
    documents: Documents, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(write_schema, "build_document", documents.__getitem__)
    call_command("write_schema", folder=tmp_path)
    path = tmp_path / "openapi-3.1.json"
    path.write_text(path.read_text().replace('"Incidents API"', '"Another API"', 1))
    capsys.readouterr()

    with pytest.raises(CommandError, match=r"openapi-3\.1\.json.*make schema"):
        call_command("write_schema", folder=tmp_path, check=True)

    shown = capsys.readouterr().out
    assert '-    "title": "Another API",' in shown
    assert '+    "title": "Incidents API",' in shown
