"""Exports as a reader gets them, and the command that takes them back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from django.core.management import call_command
from rest_framework.test import APIClient

from tests.loading.files import public

KINDS = ("sources", "datasets", "locations", "actors", "incidents")
"""In the order in which one refers to the other."""

SEED = "luhansk_2022"
ONE = "luhansk-2022-0002"
"""An incident of the seed."""

Row = dict[str, str]


def export(address: str) -> bytes:
    """Return the whole body of an answer."""
    response: Any = APIClient().get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def save(folder: Path, name: str, query: str = "") -> Path:
    """Save an export under its own name."""
    path = folder / name
    path.write_bytes(export(f"{name}{query}"))
    return path


def rows(body: bytes) -> list[Row]:
    """Return the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def edit(path: Path, change: Callable[[Row], object]) -> Path:
    """Change the rows of a CSV, as whoever edits cells would, and save it as another program would."""
    edited = rows(path.read_bytes())
    for row in edited:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(edited[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(edited)
    return path


def load(path: Path, profile: str | None = "incidents", **options: Any) -> tuple[list[str], str]:
    """Load an export; returns the lines that were written, and what was written to stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("load_incidents", path, profile=profile, **options, stdout=out, stderr=err)
    except Exception as error:
        error.add_note(err.getvalue())
        raise
    return out.getvalue().splitlines(), err.getvalue()


def everything() -> dict[str, dict[str, Any]]:
    """Return all that is public but for revisions and times."""
    told = {}
    for kind in KINDS:
        documents = public(kind.removesuffix("s")).values()
        told[kind] = {each["id"]: {**each, "revision": None, "published": None} for each in documents}
    return told


def moved(path: Path, *, geometry: bool, properties: bool) -> Path:
    """Move a point of a GeoJSON file a degree to the east."""
    collection = orjson.loads(path.read_bytes())
    (feature,) = collection["features"]
    if geometry:
        feature["geometry"]["coordinates"][0] += 1
    if properties:
        feature["properties"]["longitude"] += 1
    path.write_bytes(orjson.dumps(collection, option=orjson.OPT_INDENT_2))
    return path
