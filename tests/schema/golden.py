"""The documents that are kept in docs/, and validators made from them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator, OAS31Validator

FOLDER = Path(__file__).resolve().parents[2] / "docs"
VALIDATORS: dict[str, Any] = {"3.1": OAS31Validator, "3.0": OAS30Validator}


@cache
def text(version: str) -> str:
    return (FOLDER / f"openapi-{version}.json").read_text(encoding="utf-8")


OF_ALL = {
    *("Content-Type", "Content-Length", "Vary", "Allow", "Content-Language", "Connection", "Date", "Server"),
    *("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"),
    *("Cross-Origin-Opener-Policy", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"),
}
"""Headers of HTTP itself and of every answer of the site, which no operation declares."""


def golden(version: str = "3.1") -> dict[str, Any]:
    """Return a version of the document as it is kept in the repository."""
    document: dict[str, Any] = json.loads(text(version))
    return document


@cache
def strict(version: str) -> dict[str, Any]:
    """Return a version in which objects have no members but those that are declared."""
    document = golden(version)
    for schema in document["components"]["schemas"].values():
        if schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
    return document


def resolved(node: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference leads to."""
    while "$ref" in node:
        found = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node


def complaints(schema: dict[str, Any], instance: Any, version: str = "3.1") -> list[str]:
    """Return what is wrong with a value that should be of a schema, strictly."""
    validator = VALIDATORS[version](
        {**schema, "components": strict(version)["components"]}, format_checker=FormatChecker()
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(instance)]


def complaints_about(response: HttpResponse, path: str, version: str = "3.1") -> list[str]:
    """Return how a response departs from what is declared of its path: status, headers, type, body."""
    document = strict(version)
    declared = next(iter(document["paths"][path].values()))["responses"]
    if str(response.status_code) not in declared:
        return [f"{response.status_code} is not declared"]
    wanted = resolved(declared[str(response.status_code)], document)
    headers = wanted.get("headers", {})
    missing = [
        f"has no {name}"
        for name, header in headers.items()
        if resolved(header, document).get("required") and name not in response
    ]
    missing += [f"has an undeclared {name}" for name in response.headers.keys() - headers.keys() - OF_ALL]
    for name in response.headers.keys() & headers.keys():
        type_ = resolved(headers[name], document)["schema"]["type"]
        missing += [f"has {name}: {response[name]}"] if type_ == "integer" and not response[name].isdecimal() else []
    if "content" not in wanted:
        return missing + (["has a body"] if response.content else [])
    if response["Content-Type"] not in wanted["content"]:
        return [*missing, f"is {response['Content-Type']}"]
    schema = wanted["content"][response["Content-Type"]]["schema"]
    content = response.getvalue()
    if schema.get("format") == "binary":
        return missing
    body = json.loads(content) if response["Content-Type"].endswith("json") else content.decode()
    return missing + complaints(schema, body, version)
