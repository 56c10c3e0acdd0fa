"""What forms take from the declarations of fields: help texts, and the fields that no section of a form names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from incidents.admin.form_fields import CodesField, WordsField
from incidents.schema import KINDS
from incidents.schema.records import stored_fields


@cache
def help_texts(kind: str) -> dict[str, str]:
    """Return what is declared of the fields of a working record, by the name of the field there; of others nothing."""
    if kind not in KINDS:
        return {}
    return {leaf.field.stored: leaf.field.meaning for leaf in KINDS[kind].stored}


def list_field(kind: str, name: str, help_text: str) -> CodesField | WordsField | None:
    """Return the form field of a list that a working record keeps as JSON; None for other fields."""
    for leaf in KINDS[kind].stored if kind in KINDS else ():
        if leaf.field.stored == name and leaf.field.type == "codes" and leaf.field.vocabulary:
            return CodesField(leaf.field.vocabulary, help_text=help_text)
        if leaf.field.stored == name and leaf.field.type == "words":
            return WordsField(help_text=f"{help_text} With commas between them.")
    return None


def others(kind: str, sections: Iterable[Any]) -> tuple[str, ...]:
    """Return the fields of a working record that documents show and none of these fieldsets names."""
    named = {name for _, section in sections for name in _names(section["fields"])}
    return tuple(name for name in stored_fields(kind) if name not in named)


def _names(fields: Iterable[Any]) -> Iterator[str]:
    for each in fields:
        if isinstance(each, str):
            yield each
        else:
            yield from _names(each)
