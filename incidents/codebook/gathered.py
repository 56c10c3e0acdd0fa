"""The codebook as one object: vocabularies, documents, tables, aggregates, and the columns of other datasets."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from incidents.codebook.document_fields import fields
from incidents.codebook.profiles import EXPORT_PROFILES
from incidents.schema import KINDS, VOCABULARIES
from incidents.tables import TABLES, Column
from incidents.vocabulary import Vocabulary
from incidents.vocabulary.recommended import RECOMMENDED

COUNTERPARTS = {
    "acled": "Armed Conflict Location & Event Data Project (ACLED)",
    "ucdp": "Uppsala Conflict Data Program, Georeferenced Event Dataset (UCDP GED)",
    "gtd": "Global Terrorism Database (GTD)",
}
TYPES = {
    "id": "Lower-case letters and digits, with single - _ . between them; never reused.",
    "text": "Unicode text.",
    "code": "One code of the named vocabulary.",
    "date": "A day, ISO 8601: 2022-08-04.",
    "time": "A time in UTC, ISO 8601: 2026-11-23T09:00:00Z.",
    "clock": "A local time of day: 14:30 or 14:30:05.",
    "zone": "A time zone of the IANA database, such as Europe/Kyiv.",
    "integer": "A whole number.",
    "number": "A number.",
    "boolean": "true or false.",
    "any": "Any JSON value.",
    "object": "An object with its own fields.",
    "list": "In tables: words joined by |. Write a literal bar as \\| and a backslash as \\\\.",
    "json": "In tables: nested values, as JSON.",
}
NEVER_EMPTY = "Never empty."
EMPTY_CELLS = "An empty cell means unknown or not reported; 0 means reported as none."
FORMULAS = (
    "A text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a line break) has "
    "an apostrophe before it. If it already has apostrophes before such a character, it gets one more. To "
    "get the published text, remove one apostrophe."
)


@cache
def codebook() -> dict[str, Any]:
    """The whole codebook; it changes only when the code changes."""
    return {
        "counterparts": COUNTERPARTS,
        "types": TYPES,
        "vocabularies": [_vocabulary(each) for each in VOCABULARIES.values()],
        "documents": [
            {"kind": kind, "definition": declared.part.definition, "fields": fields(kind)}
            for kind, declared in KINDS.items()
        ],
        "tables": [
            {"kind": kind, "columns": [_column(column) for column in table.columns]} for kind, table in TABLES.items()
        ],
        "recommended_fields": [each._asdict() for each in RECOMMENDED.values()],
        "table_notes": [EMPTY_CELLS, FORMULAS],
        "profiles": [
            {
                "name": profile.name,
                "title": profile.title,
                "definition": profile.definition,
                "columns": [
                    {"name": column.name, "definition": column.definition, "empty": column.value is None}
                    for column in profile.columns
                ],
            }
            for profile in EXPORT_PROFILES.values()
        ],
    }


def vocabulary(name: str) -> dict[str, Any] | None:
    """A single vocabulary; None if there is none of this name."""
    found = VOCABULARIES.get(name)
    return _vocabulary(found) if found else None


def _vocabulary(of: Vocabulary) -> dict[str, Any]:
    """A vocabulary as a dict; equivalents and parents are null if there are none."""
    terms = [{name: value or None for name, value in asdict(term).items()} for term in of.values()]
    return {"name": of.name, "definition": of.definition, "ordered": of.ordered, "terms": terms}


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "path": ".".join(column.path) + ("[]." + ".".join(column.gathered) if column.gathered else ""),
        "type": column.type,
        "definition": column.description,
        "empty": column.missing or NEVER_EMPTY,
        "unit": column.unit or None,
        "vocabulary": column.vocabulary.name if column.vocabulary else None,
        "hxl": column.hxl or None,
        "editable": column.editable,
    }
