"""A stream is of one moment, holds everything, keeps nothing open, and shows when it was cut."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import orjson
import pandas  # type: ignore[import-untyped]  # it brings no types
import pytest
from django.db import connection
from rest_framework.test import APIClient

from incidents import publishing
from incidents.query import stream
from incidents.query.stream import CutError
from tests.exports.files import export, rows
from tests.factories import IncidentFactory
from tests.query.world import World, clock

API = "/api/v1/"


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make few records need many steps."""
    monkeypatch.setattr(stream, "FIRST_STEP", 3)
    monkeypatch.setattr(stream, "LAST_STEP", 7)
    monkeypatch.setattr(stream, "AT_ONCE", 2)


def ids(response: Any) -> Iterator[str]:
    for piece in response.streaming_content:
        yield from [orjson.loads(line)["id"] for line in piece.splitlines()]


QUERIES = [
    "",
    "ordering=date",
    "ordering=-killed",
    "ordering=published",
    "date_after=2022-06-20&date_before=2023-01-01",
    "q=shots",
    "q=shots&date_after=2022-07-01",
    "bbox=30,40,50,60",
    "bbox=170,-30,-170,0",
    "near=38,48&radius_km=5",
    "location=luhansk-oblast",
    "killed_min=1",
    "tag=x",
    "event_type=armed_attack",
]


@pytest.mark.django_db
@pytest.mark.parametrize("pinned", ["", "as_of=1"])
def test_a_stream_is_all_pages_of_the_query_in_their_order(small_steps: None, api: APIClient, pinned: str) -> None:
    with clock() as later:
        world = World(seed=11)
        publishing.publish([world.incident() for _ in range(45)])
        later()
        for incident in list(world.incidents.values())[:10]:
            world.edit(incident)
        publishing.publish(world.incidents.values())
        publishing.withdraw(list(world.incidents.values())[-3:], reason="Wrong.")
    for query in QUERIES:
        asked = f"{query}&{pinned}"
        page = api.get(f"{API}incidents/?limit=1000&count=exact&{asked}").json()
        response: Any = api.get(f"{API}incidents.ndjson?{asked}")
        assert list(ids(response)) == [each["id"] for each in page["results"]], asked
        assert response["X-Row-Count"] == str(page["count"])
    assert len(rows(export(f"incidents.csv?{pinned}"))) > 40


@pytest.mark.django_db
def test_a_publication_in_between_changes_nothing(small_steps: None, api: APIClient) -> None:
    records = [IncidentFactory(public_id=f"i-{number:02}", killed_best=number) for number in range(20)]
    publishing.publish(records)
    whole = export("incidents.ndjson?ordering=killed").splitlines()
    response: Any = api.get(f"{API}incidents.ndjson?ordering=killed")
    pieces = iter(response.streaming_content)
    got = next(pieces)
    for number, record in enumerate(records):
        record.killed_best, record.summary = 19 - number, "Turned round."
        record.save()
    publishing.publish([*records, IncidentFactory(public_id="new", killed_best=10)])
    publishing.withdraw(records[5:8], reason="Wrong.")
    got += b"".join(pieces)
    assert got.splitlines() == whole
    assert export("incidents.ndjson?ordering=killed&as_of=1").splitlines() == whole


@pytest.mark.django_db
def test_a_stream_keeps_no_cursor_and_no_transaction_open_between_steps(small_steps: None, api: APIClient) -> None:
    publishing.publish([IncidentFactory() for _ in range(12)])
    response: Any = api.get(f"{API}incidents.csv")
    pieces = iter(response.streaming_content)
    next(pieces), next(pieces)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_cursors")
            assert cursor.fetchone() == (0,)
        else:
            # SQLite lets no table be locked away from a statement that is not finished.
            cursor.execute("CREATE TABLE scratch (a)")
            cursor.execute("DROP TABLE scratch")
    assert len(b"".join(pieces)) > 100


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["csv", "ndjson", "geojson", "parquet"])
def test_a_cut_stream_cannot_be_read_as_a_whole_one(small_steps: None, api: APIClient, ending: str) -> None:
    records = [IncidentFactory(public_id=f"i-{number:02}") for number in range(20)]
    publishing.publish(records)
    response: Any = api.get(f"{API}incidents.{ending}")
    pieces = iter(response.streaming_content)
    got = [next(pieces)]
    publishing.redact(records[-1], reason="Danger.")
    publishing.redact(records[0], reason="Danger.")
    with pytest.raises(CutError):
        got.extend(pieces)
    with pytest.raises((ValueError, OSError)):  # whatever the parser calls it
        _read(ending, b"".join(got))
    assert response["X-Row-Count"] == "20"
    assert _read(ending, export(f"incidents.{ending}")) == 18


def _read(ending: str, body: bytes) -> int:
    match ending:
        case "csv":
            return len(pandas.read_csv(io.BytesIO(body)))
        case "ndjson":
            return len([orjson.loads(line) for line in body.splitlines()])
        case "geojson":
            return len(orjson.loads(body)["features"])
    return len(pandas.read_parquet(io.BytesIO(body)))


@pytest.mark.django_db
def test_more_than_a_sheet_holds_is_refused_before_it_is_made(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from incidents.exports.workbook import XLSX

    monkeypatch.setattr(XLSX, "most", 2)
    publishing.publish([IncidentFactory() for _ in range(3)])
    response = api.get(f"{API}incidents.xlsx")
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"].startswith("A sheet can have at most 2 records, but 3 match.")
    assert export("incidents.xlsx?limit=2").startswith(b"PK")
