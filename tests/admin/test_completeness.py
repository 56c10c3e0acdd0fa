"""Every working record can be edited somewhere, and every record can be chosen by typing."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import ForeignKey, Model

from incidents.admin.published import PublishedAdmin
from incidents.admin.state import kind_of
from incidents.publishing.dependencies import KIND_OF

NOT_EDITED: dict[str, str] = {}
"""Models without an admin, each with its reason."""

ADMINS = {
    model: model_admin
    for model, model_admin in admin.site._registry.items()
    if model._meta.app_label in ("incidents", "ledger")
}
INLINES = [inline for model_admin in ADMINS.values() for inline in model_admin.inlines]


@pytest.mark.parametrize("model", list(apps.get_app_config("incidents").get_models()), ids=lambda model: model.__name__)
def test_every_model_has_an_admin_or_is_a_part_of_one_or_says_why_not(model: type[Model]) -> None:
    inline_models = {inline.model for inline in INLINES}
    assert (model in ADMINS or model in inline_models) != (model.__name__ in NOT_EDITED)


@pytest.mark.parametrize("model", list(KIND_OF), ids=lambda model: model.__name__)
def test_what_can_be_published_can_be_published_from_its_admin(model: type[Model]) -> None:
    model_admin = ADMINS[model]
    assert isinstance(model_admin, PublishedAdmin)
    assert "publication" in model_admin.list_display
    assert kind_of(model) == dict[type, str](KIND_OF)[model]


CHOOSERS: list[Any] = [
    *(model_admin for model_admin in ADMINS.values() if model_admin.actions is not None),
    *(inline(model, admin.site) for model, model_admin in ADMINS.items() for inline in model_admin.inlines),
]
each_chooser = pytest.mark.parametrize("chooser", CHOOSERS, ids=lambda each: type(each).__name__)


def _key_to_owner(inline: InlineModelAdmin[Any, Any]) -> str:
    """Return the field of an inline that its form sets by itself."""
    keys = [field.name for field in inline.model._meta.fields if field.related_model is inline.parent_model]
    return inline.fk_name or keys[0]


@each_chooser
def test_no_form_lists_a_whole_table_to_choose_from(chooser: Any) -> None:
    keys = {field.name for field in chooser.model._meta.fields if isinstance(field, ForeignKey)}
    if isinstance(chooser, InlineModelAdmin):
        keys.remove(_key_to_owner(chooser))
    if chooser.fields is not None:
        keys &= set(chooser.fields)
    assert keys - set(chooser.readonly_fields) == set(chooser.autocomplete_fields)


@each_chooser
def test_whatever_is_chosen_by_typing_can_be_searched(chooser: Any) -> None:
    for name in chooser.autocomplete_fields:
        target = chooser.model._meta.get_field(name).remote_field.model
        assert ADMINS[target].search_fields, target


@pytest.mark.parametrize("model_admin", list(ADMINS.values()), ids=lambda each: type(each).__name__)
def test_no_list_counts_a_whole_table_beside_its_own_rows(model_admin: Any) -> None:
    assert model_admin.show_full_result_count is False
