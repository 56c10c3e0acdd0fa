"""What is stored as JSON goes through its form field and comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from incidents.admin.field_help import FORM_TEXTS
from incidents.admin.form_fields import ClaimValueField, ObjectField, WordsField

letters = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1).filter(
    lambda text: text == text.strip()
)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)


@given(letters | numbers | st.lists(letters | numbers, min_size=1, max_size=3))
def test_a_claims_value_comes_back_as_it_was(value: Any) -> None:
    field = ClaimValueField()
    shown = field.prepare_value(value)
    back = field.clean(shown)
    assert (back, type(back)) == (value, type(value))
    assert not field.has_changed(value, shown)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2", 2),
        ("2.5", 2.5),
        ('"2"', "2"),
        ("traffic lights out", "traffic lights out"),
        ("2022-07-01/..", "2022-07-01/.."),
        ("007", "007"),
        ("null", "null"),
        ("true", "true"),
        ("NaN", "NaN"),
        ("1e999", "1e999"),
        ("“quoted”", "“quoted”"),
        ('"open', '"open'),
    ],
)
def test_a_claims_value_is_a_number_or_text(typed: str, value: Any) -> None:
    found = ClaimValueField().clean(typed)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("typed", ["", " ", "9007199254740993", "1" * 30, '"\\ud800"', '"\\u0000"'])
def test_a_claims_value_that_cannot_be_kept_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        ClaimValueField().clean(typed)


def test_a_number_for_a_text_is_a_change() -> None:
    assert ClaimValueField().has_changed("2", "2")
    assert not ClaimValueField().has_changed("2", '"2"')


def test_tags_are_lower_case_and_each_stands_once() -> None:
    assert WordsField().clean(" Railway-War,, leaflets , railway-war,two  words") == [
        "railway-war",
        "leaflets",
        "two words",
    ]


def test_a_tag_with_a_comma_is_no_change_until_somebody_types() -> None:
    field = WordsField()
    shown = field.prepare_value(["a, b"])
    assert not field.has_changed(["a, b"], shown)
    assert field.has_changed(["a, b"], "a")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('{"a": 1', "Invalid JSON in line 1"),
        ("[1]", "Enter an object"),
        ('{"a": NaN}', "Invalid JSON"),
        ('{"a": 1' + "0" * 30 + "}", "64 bits"),
        ('{"a": "\\u0000"}', "Null characters"),
        ('{"a": "\\ud800"}', "unpaired surrogates"),
    ],
)
def test_origin_columns_that_cannot_be_kept_are_refused_with_a_reason(typed: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        ObjectField().clean(typed)


@given(st.dictionaries(letters, letters | numbers | st.none() | st.booleans(), max_size=4))
def test_origin_columns_come_back_as_they_were(value: dict[str, Any]) -> None:
    field = ObjectField()
    shown = field.prepare_value(value)
    assert field.clean(shown) == value
    assert not field.has_changed(value, shown)


def test_every_reworded_help_text_is_one_of_a_model_field() -> None:
    models = apps.get_app_config("incidents").get_models()
    texts = {str(getattr(field, "help_text", "")) for model in models for field in model._meta.get_fields()}
    assert FORM_TEXTS.keys() <= texts
