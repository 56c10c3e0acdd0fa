"""The document tells a client developer what there is: descriptions, names, and examples that are true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.schema.golden import VALIDATORS, complaints, golden, resolved, text

API = "/api/v1/"
AS_ASKED = {"Aggregate", "AggregateGroup", "AggregateTotal", "WatchedUnit"}
CHOSEN = ("Fields", "Properties")
"""Shapes whose members depend on what was asked for."""
WITHOUT_EXAMPLE = {
    f"{API} 200",
    *(f"{API}codebook/{page} 200" for page in ("", "{vocabulary_name}/", "datasets/{dataset}/")),
}


def operations(version: str = "3.1") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each operation with its path; its parameters are resolved."""
    document = golden(version)
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation | {"parameters": [resolved(each, document) for each in operation["parameters"]]}


def test_every_operation_and_parameter_and_answer_is_described() -> None:
    document = golden()

    silent = []
    for path, operation in operations():
        if not all(operation.get(word) for word in ("operationId", "summary", "description", "tags")):
            silent.append(path)
        silent += [f"{path} {each['name']}" for each in operation["parameters"] if not each.get("description")]
        answers = {status: resolved(answer, document) for status, answer in operation["responses"].items()}
        silent += [f"{path} {status}" for status, answer in answers.items() if not answer["description"]]

    assert silent == []


def test_every_field_of_every_shape_is_described_where_it_is_or_where_it_leads() -> None:
    document = golden()
    silent = []
    for name, shape in document["components"]["schemas"].items():
        if shape["type"] == "object":
            assert shape["description"], name
            for field, schema in shape["properties"].items():
                holder = resolved(schema.get("items", schema), document)
                holder = resolved(holder["oneOf"][0], document) if "oneOf" in holder else holder
                if not (schema.get("description") or holder.get("description")):
                    silent.append(f"{name}.{field}")
        elif not name.endswith("Field") or name == "ClaimField":
            assert all(f"- `{code}`: " in shape["description"] for code in shape["enum"]), name

    assert silent == []


SOMETIMES = {"PublishedChange": {"shape", "effect"}, "ChangesPage": {"warnings"}}
"""The feed names no first shape: its bytes are what checksums are made of, which must stay as they are since 0.1.0; and
only the changes of a query have an effect and warnings in it."""


def test_every_field_of_a_public_document_is_always_there() -> None:
    for name, shape in golden()["components"]["schemas"].items():
        if shape["type"] == "object" and name not in AS_ASKED and not name.endswith(("Problem", *CHOSEN)):
            assert set(shape["required"]) == set(shape["properties"]) - SOMETIMES.get(name, set()), name


def test_lists_are_joined_by_commas_and_hold_named_values() -> None:
    lists = [each for _, operation in operations() for each in operation["parameters"] if "items" in each["schema"]]

    assert {(each["style"], each["explode"], each["schema"]["minItems"] > 0) for each in lists} == {
        ("form", False, True)
    }
    inline = [(path, each["name"]) for path, one in operations() for each in one["parameters"] if has_codes(each)]
    assert inline == []  # a list of codes is a component, so that all operations share its name


@pytest.mark.parametrize("version", VALIDATORS)
def test_a_parameter_of_several_operations_is_written_once(version: str) -> None:
    document = golden(version)
    written = [each for path in document["paths"].values() for one in path.values() for each in one["parameters"]]
    shared = document["components"]["parameters"]

    inline = [each for each in written if "$ref" not in each]
    assert [each for each in inline if inline.count(each) > 1 or each in shared.values()] == []
    uses = Counter(each["$ref"].rpartition("/")[2] for each in written if "$ref" in each)
    assert uses.keys() == shared.keys()
    assert min(uses.values()) > 1
    ends = {name: f"{each['name']}_{each['in']}".lower().replace("-", "_") for name, each in shared.items()}
    assert [name for name, end in ends.items() if not name.endswith(end)] == []
    shapes = {name.lower() for name in document["components"]["schemas"]}
    assert shapes & {name.replace("_", "") for name in shared} == set()  # no client has both by one name
    assert len(text(version)) < 900_000


def has_codes(parameter: dict[str, Any]) -> bool:
    schema = parameter["schema"]
    return "enum" in schema or "enum" in schema.get("items", {})


def test_both_versions_tell_of_the_same() -> None:
    old, new = golden("3.0"), golden("3.1")

    assert {path: list(methods) for path, methods in old["paths"].items()} == {
        path: list(methods) for path, methods in new["paths"].items()
    }
    assert old["components"]["schemas"].keys() == new["components"]["schemas"].keys()


def examples(version: str) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield each example of an answer with its schema."""
    document = golden(version)
    for path, operation in operations(version):
        for status, answer in operation["responses"].items():
            for media in resolved(answer, document).get("content", {}).values():
                shown = [media["example"]] if "example" in media else []
                shown += [each["value"] for each in media.get("examples", {}).values()]
                yield from ((f"{path} {status}", media["schema"], each) for each in shown)


@pytest.mark.parametrize("version", VALIDATORS)
def test_every_answer_that_is_shown_is_of_its_own_shape(version: str) -> None:
    shown = list(examples(version))

    assert [(where, said) for where, schema, each in shown if (said := complaints(schema, each, version))] == []
    silent = {f"{path} 200" for path, one in operations(version) if not is_binary(one)} - {where for where, *_ in shown}
    assert silent == WITHOUT_EXAMPLE


def is_binary(operation: dict[str, Any]) -> bool:
    content = operation["responses"]["200"]["content"].values()
    return any(each["schema"].get("format") == "binary" for each in content)


@pytest.mark.parametrize("version", VALIDATORS)
def test_an_operation_has_one_form_and_no_parameter_that_changes_it(version: str) -> None:
    for path, operation in operations(version):
        schemas = [each["schema"] for each in operation["responses"]["200"]["content"].values()]
        assert all(each == schemas[0] for each in schemas), path
        assert not {each["name"] for each in operation["parameters"]} & {"format", "profile"}, path
        names = [each["name"] for each in operation["parameters"]]
        assert len(names) == len(set(names)), path


@pytest.mark.parametrize("version", VALIDATORS)
def test_every_schema_that_may_be_null_has_a_type(version: str) -> None:
    assert [node for node in nodes(golden(version)) if "nullable" in node and "type" not in node] == []
    assert [node for node in nodes(golden(version)) if node.get("enum") == [None] and "type" not in node] == []


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a document."""
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(each)


@pytest.mark.django_db
@pytest.mark.usefixtures("history")
def test_the_records_that_are_shown_are_those_of_the_example_dataset() -> None:
    for path, operation in operations():
        if path.endswith("{id}/"):
            (identity,) = (each["example"] for each in operation["parameters"] if each["in"] == "path")
            shown = operation["responses"]["200"]["content"]["application/json"]["examples"]["Example"]["value"]
            served = Client().get(path.replace("{id}", identity)).json()
            times = {name: shown[name] for name in ("published", "first_published")}
            assert served | times == shown


@pytest.mark.django_db
@pytest.mark.usefixtures("history")
def test_every_parameter_that_is_shown_is_taken() -> None:
    together = {"near": {"radius_km": "25"}, "radius_km": {"near": "39.59,49.21"}}
    refused = []
    for path, operation in operations():
        for each in operation["parameters"]:
            shown = each["schema"].get("examples", [])
            if each["name"] == "cursor" or not shown:  # a cursor belongs to one server and one query
                continue
            value = ",".join(map(str, shown[0])) if isinstance(shown[0], list) else str(shown[0])
            address = path.replace("{id}", "luhansk-2022-0002")
            filtered = {"killed_min": "1"} if address.endswith("/changes/") and each["name"] != "since" else {}
            response = Client().get(address, {**filtered, each["name"]: value, **together.get(each["name"], {})})
            response.getvalue()  # read to its end, since closing it would close the connection of the test
            if response.status_code not in (200, 404):
                refused.append((path, each["name"], value, response.content))

    assert refused == []
