"""Examples of the forms in which answers can be had, made from the records of the example dataset."""

from __future__ import annotations

from typing import Any

import orjson

from incidents.api.ledger_examples import page_example
from incidents.api.profiles import ProfileCSV
from incidents.api.record_examples import RECORDS
from incidents.api.representations import Representation
from incidents.codebook.profiles import EXPORT_PROFILES
from incidents.exports.formats import ExportRequest
from incidents.exports.text_formats import CSV, FeatureFormat

COUNTRIES = {"UKR": "Ukraine"}
CHOSEN = ("id", "date", "name", "kind")
"""Fields that the example of chosen fields has, as far as the kind has them."""


def example(form: Representation, kind: str) -> tuple[Any, str]:
    """Return an example of an answer and its media type; None for a binary file."""
    record = RECORDS[kind]
    written = form.format
    if form.profile:
        return _in_columns(form, kind)
    if form.is_partial:
        some = {name: record[name] for name in CHOSEN if name in record}
        return (_page(kind, form, some) if form.action == "list" else some), "application/json"
    asked = ExportRequest(kind, 1, 1)
    documents = [[orjson.dumps(record)]]
    if written and issubclass(written, FeatureFormat):
        if form.action == "retrieve":
            return orjson.loads(next(written().features(asked)(documents[0]))), written.content_type
        return orjson.loads(b"".join(written().write(documents, asked))), written.content_type
    if written is CSV:
        return b"".join(written().write(documents, asked)).decode(), written.content_type
    return None, ""


def _in_columns(form: Representation, kind: str) -> tuple[Any, str]:
    profile = EXPORT_PROFILES[form.profile]
    row = profile.row(RECORDS[kind], COUNTRIES)
    if form.format:
        return ProfileCSV(profile).table([row]).decode(), CSV.content_type
    return _page(kind, form, dict(zip(profile.header, row, strict=True))), "application/json"


def _page(kind: str, form: Representation, item: dict[str, Any]) -> dict[str, Any]:
    page = page_example(kind, f"{kind}s")
    address = page["next"].replace(f"/{kind}s/", f"/{kind}s.{form.suffix}")
    return page | {"next": address, "results": [item]}
