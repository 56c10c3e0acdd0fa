"""Codes of errors are closed lists: declared, documented, and no other is ever sent."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from rest_framework.test import APIClient

from incidents_api.parameters.errors import ERROR_CODES, ErrorCode
from incidents_api.rest.problem_codes import PROBLEM_CODES, ProblemCode
from tests.schema.golden import golden

ROOT = Path(__file__).resolve().parents[2]
MAKERS = {
    "Problem": PROBLEM_CODES,
    "parameter_error": ERROR_CODES,
    "RefusedValueError": ERROR_CODES,
    "IntegerParameter": ERROR_CODES,
}
"""Who makes an error → the codes that it may have."""


def codes_in_code() -> Iterator[tuple[str, str]]:
    """Yield each code that is written in a call of a maker, with the maker."""
    for package in ("incidents", "incidents_api"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
                    first = node.args[:1] if node.func.id == "Problem" else []
                    said = [*first, *(each.value for each in node.keywords if each.arg in ("code", "above"))]
                    for each in said:
                        if isinstance(each, ast.Constant):
                            yield node.func.id, str(each.value)


def test_every_code_that_is_raised_is_declared_and_every_error_code_is_raised() -> None:
    found = set(codes_in_code())

    assert [(maker, code) for maker, code in found if code not in MAKERS[maker]] == []
    raised = {code for maker, code in found if maker != "Problem"}
    assert set(ERROR_CODES) - raised == {"invalid_value"}  # which is the default


def test_the_types_the_documents_and_the_docs_list_the_same_codes() -> None:
    pages = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    problems, _, errors = pages.partition("## Errors of parameters")
    for name, type_, declared, page in (
        ("ProblemCode", ProblemCode, PROBLEM_CODES, problems),
        ("ErrorCode", ErrorCode, ERROR_CODES, errors),
    ):
        assert list(get_args(type_)) == list(declared)
        for version in ("3.0", "3.1"):
            assert golden(version)["components"]["schemas"][name]["enum"] == list(declared)
        assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(declared)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("evnt_type=battle", "unknown_parameter"),
        ("attr.nothing=1", "unknown_parameter"),
        ("limit=1&limit=2", "repeated_parameter"),
        ("near=39,49", "missing_parameter"),
        ("date_match=certain", "missing_parameter"),
        ("near=39,49&radius_km=2&bbox=1,2,3,4", "conflicting_parameters"),
        ("date_after=2022-02&date_before=2022-01", "conflicting_parameters"),
        ("profile=acled&fields=id", "conflicting_parameters"),
        ("country=", "empty_value"),
        ("id=a,,b", "empty_value"),
        ("limit=ten", "invalid_value"),
        ("country=ZZZ", "unknown_value"),
        ("event_type=batle", "unknown_value"),
        ("ordering=-dat", "unknown_value"),
        ("as_of=release-of-nobody", "unknown_value"),
        ("limit=0", "out_of_range"),
        ("as_of=99", "out_of_range"),
        ("bbox=1,2,3,400", "out_of_range"),
        ('within={"type":"Point","coordinates":[1,2]}', "invalid_value"),
        ("limit=1001", "limit_too_large"),
        (f"q={'a' * 600}", "too_long"),
        (f"q={'+'.join(map(str, range(100)))}", "too_many_values"),
        (f"id={','.join(map(str, range(1001)))}", "too_many_values"),
        ("fields=killed_best", "not_in_format"),
        ("hxl=1", "not_in_format"),
        ("cursor=nonsense", "invalid_cursor"),
        ("q=%00", "unreadable_value"),
    ],
)
def test_an_error_of_a_parameter_has_a_code(api: APIClient, query: str, code: str) -> None:
    response = api.get(f"/api/v1/incidents/?{query}")

    assert response.status_code == 400
    assert [error["code"] for error in response.json()["errors"]] == [code]
