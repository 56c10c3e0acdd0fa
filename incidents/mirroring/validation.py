"""The shape of what an origin may send, and one sentence on the first thing that has another.

A page is checked as a whole before anything of it is kept. Documents are checked by the fields that
`incidents.documents` declares for the API: types, ids, days, numbers that can be stored. Codes that this version does
not know are taken, except those that it has to rank; members that it does not know are copied.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import Any

from incidents.ledger import shapes
from incidents.ledger.models import KINDS, LIVING
from incidents.mirroring.checks import (
    each,
    flag,
    mapping,
    members,
    moment,
    null_or,
    one_of,
    public_id,
    text,
    values,
    whole,
)
from incidents.mirroring.document_checks import document_of
from incidents.schema.attribute_declarations import DeclarationError, check_declarations
from incidents.schema.attribute_values import fault_of
from incidents.schema.attributes import declared_by
from incidents.vocabulary import CHANGES

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
