"""The shape of what an origin may send, and one sentence on the first thing that has another.

A page is checked as a whole before anything of it is kept. Documents are checked by the fields that
`incidents.documents` declares for the API: types, ids, days, numbers that can be stored. Codes that this version does
not know are taken, except those that it has to rank; members that it does not know are copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache, partial
from itertools import pairwise
from typing import Any

from rest_framework import serializers

from incidents.documents import DOCUMENTS, DerivedField
from incidents.fields import PUBLIC_ID_LENGTH, PUBLIC_ID_PATTERN, RESERVED_IDS
from incidents.ledger import shapes
from incidents.ledger.models import KINDS, LIVING
from incidents.schema.attribute_declarations import DeclarationError, check_declarations
from incidents.schema.attribute_values import fault_of
from incidents.schema.attributes import declared_by
from incidents.vocabulary import CHANGES, DATE_PRECISIONS, LOCATION_PRECISIONS

Check = Callable[[Any], str]
"""Checks a value; returns the error, starting with the path in the value, or "" if it is valid."""

LARGEST = 2**63 - 1
CODE_LENGTH = 80
_ID = re.compile(PUBLIC_ID_PATTERN)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")

RANKED = {"date.precision": DATE_PRECISIONS, "location.precision": LOCATION_PRECISIONS}
DEGREES = {"latitude": 90.0, "longitude": 180.0}


def text(value: Any) -> str:
    """Check a text."""
    return "" if isinstance(value, str) else " must be a text"


def code(value: Any) -> str:
    """Check a coded value, which may be one of a later version."""
    return "" if isinstance(value, str) and 0 < len(value) <= CODE_LENGTH else " must be a code"


def public_id(value: Any) -> str:
    """Check an id."""
    known = isinstance(value, str) and len(value) <= PUBLIC_ID_LENGTH and _ID.fullmatch(value)
    return "" if known and value not in RESERVED_IDS else " must be an id"


def whole(value: Any, least: int = 0) -> str:
    """Check a whole number that fits into a column."""
    return "" if type(value) is int and least <= value <= LARGEST else f" must be a whole number from {least}"


def day(value: Any) -> str:
    """Check a day."""
    return _of_calendar(value, _DAY, date.fromisoformat, "a date, such as 2022-08-04")


def moment(value: Any) -> str:
    """Check a time with its zone."""
    return _of_calendar(value, _TIME, datetime.fromisoformat, "a time with its zone, such as 2022-08-04T12:00:00Z")


def flag(value: Any) -> str:
    """Check a yes or no."""
    return "" if isinstance(value, bool) else " must be true or false"


def number(value: Any, limit: float = float("inf")) -> str:
    """Check a number between minus and plus a limit."""
    return "" if type(value) in (int, float) and abs(value) <= limit and abs(value) < 1e300 else " must be a number"


def mapping(value: Any) -> str:
    """Check an object."""
    return "" if isinstance(value, dict) else " must be an object"


def anything(value: Any) -> str:
    """Take every value."""
    return ""


def null_or(check: Check) -> Check:
    """Make a check that also accepts null."""
    return lambda value: "" if value is None else check(value)


def one_of(codes: Iterable[str]) -> Check:
    """Make a check for codes that this version knows."""
    known = frozenset(codes)
    return lambda value: "" if isinstance(value, str) and value in known else " is unknown to this version"


def each(check: Check) -> Check:
    """Make a check that applies another check to each item of a list."""

    def list_of(value: Any) -> str:
        if not isinstance(value, list):
            return " must be a list"
        return next((f".{place}{wrong}" for place, item in enumerate(value) if (wrong := check(item))), "")

    return list_of


def values(check: Check) -> Check:
    """Make a check that applies another check to each value of an object."""

    def object_of(value: Any) -> str:
        return mapping(value) or next(
            (f".{name[:80]}{wrong}" for name, item in value.items() if (wrong := check(item))), ""
        )

    return object_of


def members(checks: Mapping[str, Check]) -> Check:
    """Make a check for objects with exactly these required members."""

    def object_with(value: Any) -> str:
        if not isinstance(value, dict):
            return " must be an object"
        for name, check in checks.items():
            if name not in value:
                return f".{name} is missing"
            if wrong := check(value[name]):
                return f".{name}{wrong}"
        return ""

    return object_with


@cache
def document_of(kind: str) -> Check:
    """Make a check for documents of a kind, from the declarations of its fields."""
    return _fields(DOCUMENTS[kind](), "")


PUBLICATION = members(
    {
        "seq": partial(whole, least=1),
        "published": moment,
        "message": text,
        "counts": values(values(whole)),
        "totals": values(whole),
    }
)

CHANGE = members(
    {
        "seq": partial(whole, least=1),
        "kind": one_of(KINDS),
        "id": public_id,
        "revision": partial(whole, least=1),
        "change": one_of(CHANGES),
        "changed_fields": each(text),
        "reason": null_or(text),
        "target": null_or(public_id),
        "redacted": flag,
        "document": null_or(mapping),
    }
)

REDUCTION = members(
    {
        "kind": one_of(KINDS),
        "id": public_id,
        "revision": partial(whole, least=1),
        "publication": partial(whole, least=1),
    }
)

PAGE = members({"as_of": whole, "redacted": whole, "next": null_or(text), "publications": each(PUBLICATION)})
CHECKSUM = members(
    {
        "as_of": whole,
        "redacted": whole,
        "next": null_or(text),
        "count": whole,
        "seq": whole,
        "checksum": lambda value: (
            "" if isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) else " must have 64 hexadecimal digits"
        ),
    }
)


def change(value: Any) -> str:
    """Check a change, and that its document is of this change."""
    if wrong := CHANGE(value):
        return wrong
    document = value["document"]
    if document is None:
        empty = value["redacted"] or value["change"] not in LIVING
        return "" if empty else ".document is missing"
    if value["change"] not in LIVING or value["redacted"]:
        return ".document must be null"
    if wrong := _document(value["kind"], value.get("shape", shapes.FIRST), document):
        return wrong
    same = all(document[name] == value[name] for name in ("id", "revision"))
    return "" if same else ".document is one of another revision"


def _document(kind: str, shape: Any, document: Any) -> str:
    if wrong := whole(shape, least=shapes.FIRST):
        return f".shape{wrong}"
    if shape > shapes.latest():
        return (
            f".shape is {shape}, and this server supports document formats up to {shapes.latest()}. "
            "The origin runs a newer version: upgrade this server"
        )
    try:
        document = shapes.upgraded(kind, shape, document)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return f".document is not of shape {shape} ({type(error).__name__}: {error})"
    wrong = document_of(kind)(document) or _own_fields(kind, document)
    return f".document{wrong}" if wrong else ""


def _own_fields(kind: str, document: Any) -> str:
    if kind == "incident":
        return fault_of(document["attributes"])
    if kind == "dataset":
        try:
            check_declarations(declared_by(document))
        except DeclarationError as error:
            key, text = error.problems[0]
            return f".attributes.{key} {text}"
    return ""


def page_of_changes(said: Any) -> str:
    """Check a page of the feed: shapes, and that its parts fit each other."""
    if wrong := PAGE(said) or members({"results": each(change)})(said):
        return wrong
    numbers = [publication["seq"] for publication in said["publications"]]
    seqs = [each["seq"] for each in said["results"]]
    if any(after != before + 1 for before, after in pairwise(numbers)):
        return ".publications must follow each other without a gap"
    if seqs != sorted(seqs):
        return ".results must be in the order of their publications"
    if sorted(set(seqs)) != numbers:
        return ".publications must be those of .results"
    if seqs and seqs[-1] > said["as_of"]:
        return f".results hold publication {seqs[-1]}, and as_of is {said['as_of']}"
    if said["next"] is not None and not seqs:
        return ".results are empty, and .next says that more follow"
    return _reductions(said)


def _reductions(said: Any) -> str:
    """Check which changes belong to a reduction; origins before version 0.3 do not send it."""
    listed = said.get("reductions", [])
    if wrong := each(REDUCTION)(listed):
        return f".reductions{wrong}"
    without = {(change["kind"], change["id"], change["revision"]) for change in said["results"] if change["redacted"]}
    if any((item["kind"], item["id"], item["revision"]) not in without for item in listed):
        return ".reductions must name changes of .results that are redacted"
    return ""


def null_character(value: Any, path: str = "") -> str:
    """Path of the first text with a NUL character; empty if there is none."""
    if isinstance(value, str):
        return path if "\0" in value else ""
    if isinstance(value, dict):
        found = (null_character(item, f"{path}.{name}") or null_character(name, path) for name, item in value.items())
    elif isinstance(value, list):
        found = (null_character(item, f"{path}.{place}") for place, item in enumerate(value))
    else:
        return ""
    return next(filter(None, found), "")


def _of_calendar(value: Any, form: re.Pattern[str], read: Callable[[str], object], words: str) -> str:
    try:
        if isinstance(value, str) and form.fullmatch(value) and read(value):
            return ""
    except ValueError:
        pass
    return f" must be {words}"


def _fields(shape: Any, path: str) -> Check:
    stored = {name: field for name, field in shape.fields.items() if not isinstance(field, DerivedField)}
    return members({name: _of(field, f"{path}.{name}".lstrip(".")) for name, field in stored.items()})


def _of(field: Any, path: str) -> Check:
    """Make a check for a declared field."""
    check = _by_type(field, path)
    return null_or(check) if field.allow_null else check


def _by_type(field: Any, path: str) -> Check:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return each(_of(field.child, path))
    if isinstance(field, serializers.Serializer):
        return _fields(field, path)
    if path in RANKED:
        return one_of(RANKED[path])
    if isinstance(field, serializers.IntegerField):
        return partial(whole, least=field.min_value or 0)
    limit = DEGREES.get(path.rpartition(".")[2])
    if limit is not None:
        return lambda value: number(value, limit)
    return next((check for type_, check in BY_TYPE if isinstance(field, type_)), anything)


BY_TYPE: tuple[tuple[type[Any], Check], ...] = (
    (serializers.RegexField, public_id),
    (serializers.ChoiceField, code),
    (serializers.CharField, text),
    (serializers.DateTimeField, moment),
    (serializers.DateField, day),
    (serializers.FloatField, number),
    (serializers.BooleanField, flag),
    (serializers.DictField, mapping),
)
"""The first that fits counts: a field of ids is one of texts too."""
