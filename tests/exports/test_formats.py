"""Every list in every format: the same records in the same order, with what it takes to trust it."""

from __future__ import annotations

import io
import re
from typing import Any

import geopandas  # type: ignore[import-untyped]  # it brings no types
import openpyxl
import orjson
import pyarrow.parquet as pq
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from incidents import publishing
from incidents.tables import TABLES
from incidents.tables.cell_parsing import picked
from tests import worlds
from tests.exports.files import KINDS, export, rows
from tests.factories import IncidentFactory
from tests.query.world import World, clock

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@worlds.world
def world() -> None:
    with clock():
        made = World(seed=3)
        publishing.publish([made.incident() for _ in range(40)])


def documents(api: APIClient, kind: str, query: str = "") -> list[dict[str, Any]]:
    return list(api.get(f"{API}{kind}/?limit=1000{query}").json()["results"])


@pytest.mark.parametrize("kind", KINDS)
def test_all_formats_tell_what_json_tells_in_its_order(world: None, api: APIClient, kind: str) -> None:
    told = documents(api, kind)
    table = TABLES[kind.removesuffix("s")]
    assert len(told) > 2
    assert [orjson.loads(line) for line in export(f"{kind}.ndjson").splitlines()] == told
    collection = orjson.loads(export(f"{kind}.nested.geojson"))
    assert [each["properties"] for each in collection["features"]] == told
    flat = rows(export(f"{kind}.csv"))
    assert list(flat[0]) == list(table.names)
    assert [row["id"] for row in flat] == [each["id"] for each in told]
    read = pq.read_table(io.BytesIO(export(f"{kind}.parquet"))).to_pylist()
    for row, document in zip(read, told, strict=True):
        for column in table.columns:
            value = picked(column, document)
            if column.type == "json":
                value = orjson.dumps(value).decode() if value else None
            elif column.type in ("date", "time"):
                row[column.name] = row[column.name] and str(row[column.name])[:19].replace(" ", "T")
                value = value and value.removesuffix("Z")
            if column.type == "text":  # that may be empty, where CSV has nothing
                row[column.name] = row[column.name] or None
            assert row[column.name] == value, column.name


def test_a_point_is_a_geometry_and_no_point_is_null(world: None, api: APIClient) -> None:
    told = {each["id"]: each["location"] for each in documents(api, "incidents")}
    points = {
        name: None if place["latitude"] is None else (place["longitude"], place["latitude"])
        for name, place in told.items()
    }
    assert None in points.values()
    features = orjson.loads(export("incidents.geojson"))["features"]
    assert {each["id"]: each["geometry"] and tuple(each["geometry"]["coordinates"]) for each in features} == points
    frame = geopandas.read_parquet(io.BytesIO(export("incidents.parquet")))
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    assert {
        name: (point.x, point.y) if point else None for name, point in zip(frame["id"], frame.geometry, strict=True)
    } == points


def test_records_without_points_are_parquet_without_geometry(world: None) -> None:
    assert b"geo" not in (pq.read_schema(io.BytesIO(export("sources.parquet"))).metadata or {})
    assert {each["geometry"] for each in orjson.loads(export("sources.geojson"))["features"]} == {None}


@pytest.mark.parametrize("query", ["id=nobody", "id=nobody&limit=5"])
def test_nothing_found_is_a_whole_file_in_every_format(world: None, query: str) -> None:
    names = list(TABLES["incident"].names)
    assert pq.read_table(io.BytesIO(export(f"incidents.parquet?{query}"))).num_rows == 0
    assert orjson.loads(export(f"incidents.geojson?{query}"))["features"] == []
    assert export(f"incidents.ndjson?{query}") == b""
    assert export(f"incidents.csv?{query}").decode().strip().split(",") == names
    sheet = openpyxl.load_workbook(io.BytesIO(export(f"incidents.xlsx?{query}"))).active
    assert sheet is not None
    assert list(sheet.iter_rows(values_only=True)) == [tuple(names)]


def test_a_sheet_has_the_cells_of_the_csv(world: None) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(export("incidents.xlsx?hxl=1"))).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    csv = rows(export("incidents.csv?hxl=1"))
    # A sheet has one kind of number.
    assert cells == [list(csv[0]), *([re.sub(r"^(-?\d+)\.0$", r"\1", cell) for cell in row.values()] for row in csv)]


def test_tags_and_a_byte_order_mark_come_when_asked_for(world: None) -> None:
    body = export("incidents.csv?hxl=1&bom=1&fields=id,killed_best,date")
    names = b"id,date_start,date_end,date_precision,date_remark,killed_best,time,time_zone"
    tags = b"#meta+id,#date+start,#date+end,#date+precision,#date+remark,#affected+killed+best,#date+time,#date+zone"
    assert body.startswith(b"\xef\xbb\xbf" + names + b"\r\n")
    assert body.splitlines()[1] == tags


def test_every_table_has_its_own_tags() -> None:
    for table in TABLES.values():
        tags = [column.hxl for column in table.columns]
        assert len(set(tags)) == len(tags)
        assert all(tag.startswith("#") for tag in tags)


@pytest.mark.parametrize("how", ["suffix", "format", "accept"])
def test_a_format_is_asked_for_in_three_ways(world: None, api: APIClient, how: str) -> None:
    address, headers = {
        "suffix": ("incidents.csv", {}),
        "format": ("incidents/?format=csv", {}),
        "accept": ("incidents/", {"accept": "text/csv;q=0.9, application/json;q=0.1"}),
    }[how]
    response: Any = api.get(API + address, headers=headers)
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert "Accept" in response["Vary"]
    assert b"".join(response.streaming_content) == export("incidents.csv")


@pytest.mark.parametrize("name", ["csv", "ndjson", "geojson", "nested.geojson", "parquet", "xlsx"])
def test_an_answer_says_what_it_is_before_its_first_byte(world: None, api: APIClient, name: str) -> None:
    response: Any = api.get(f"{API}incidents.{name}")
    assert response["X-Row-Count"] == response["X-Total-Count"] == "40"
    assert response["X-As-Of"] == "1"
    assert response["Content-Disposition"] == f'attachment; filename="incidents-1.{name}"'
    head: Any = api.head(f"{API}incidents.{name}")
    same = ("X-Row-Count", "ETag", "Content-Type", "Cache-Control", "Content-Disposition")
    assert {each: head[each] for each in same} == {each: response[each] for each in same}
    assert b"".join(head.streaming_content) == b""
    again = api.get(f"{API}incidents.{name}", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    response.close()


def test_formats_and_choices_have_names_of_their_own(world: None, api: APIClient) -> None:
    addresses = ["incidents.csv", "incidents.ndjson", "incidents.csv?bom=1", "incidents.csv?fields=id", "sources.csv"]
    assert len({api.head(API + address)["ETag"] for address in addresses}) == len(addresses)
    assert api.head(f"{API}incidents.csv?as_of=1")["Cache-Control"].startswith("public, max-age=3600")


def test_pages_lead_to_each_other_and_are_the_whole_together(world: None, api: APIClient) -> None:
    whole = export("incidents.csv?fields=id").splitlines()
    found, address, backwards = list[bytes](), "/api/v1/incidents.csv?fields=id&limit=15", 0
    while address:
        response: Any = api.get(address)
        lines = b"".join(response.streaming_content).splitlines()
        assert response["X-Row-Count"] == str(len(lines) - 1)
        assert response["X-Total-Count"] == "40"
        found += lines[1:]
        links = dict(reversed(link.split("; rel=")) for link in response.get("Link", "").split(", ") if link)
        backwards += '"prev"' in links
        address = links.get('"next"', "").strip("<>")
    assert (found, backwards) == (whole[1:], 2)


@pytest.mark.parametrize(
    ("address", "parameter", "suggestion"),
    [
        ("incidents/?hxl=1", "hxl", None),
        ("incidents.ndjson?bom=1", "bom", None),
        ("incidents.xlsx?bom=1", "bom", None),
        ("incidents.csv?hxl=yes", "hxl", None),
        ("incidents.ndjson?fields=date_start", "fields", "date"),
        ("incidents/?fields=killed_best", "fields", None),
        ("incidents.csv?fields=kiled_best", "fields", "killed_best"),
        ("incidents.csv?format=json", "format", None),
        ("incidents.cvs", "format", "csv"),
        ("incidents.geojson?fields=id,claims", "fields", None),
        ("incidents.geojson?hxl=1", "hxl", None),
        ("incidents.nested.geojson?fields=killed_best", "fields", "casualties"),
        ("incidents/count/?hxl=1", "hxl", None),
        ("incidents/count/?format=csv", "format", None),
    ],
)
def test_what_means_nothing_is_refused(api: APIClient, address: str, parameter: str, suggestion: str | None) -> None:
    response = api.get(API + address)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    (error,) = response.json()["errors"]
    assert error["parameter"] == parameter
    assert suggestion in (None, error["suggestion"])


def test_an_empty_list_is_a_whole_file(api: APIClient) -> None:
    assert rows(export("incidents.csv")) == []
    assert export("incidents.csv").startswith(b"id,dataset,revision,")
    assert export("incidents.ndjson") == b""
    assert orjson.loads(export("incidents.geojson"))["features"] == []
    assert pq.read_table(io.BytesIO(export("incidents.parquet"))).num_rows == 0
    assert export("incidents.xlsx").startswith(b"PK")
    assert api.head(f"{API}incidents.csv")["X-Row-Count"] == "0"


def test_a_file_of_few_costs_four_statements(world: None) -> None:
    export("incidents.csv")  # what is known of places is kept until one changes
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        export("incidents.csv")
    # The head, how many records match, the fields that datasets bring (once a publication), and the records.
    assert len(captured) == 4, [each["sql"] for each in captured]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''-2", "'plain", "=", "a=1"])
def test_no_text_is_a_formula_and_each_comes_back(text: str) -> None:
    from incidents.tables.cell_parsing import plain
    from incidents.tables.cells import neutral

    safe = neutral(text)
    assert safe is not None
    assert safe[0] not in "=+-@\t\r\n"
    assert plain(safe) == text


def test_text_that_a_spreadsheet_would_run_is_neutral_in_csv_and_sheets(api: APIClient) -> None:
    publishing.publish(
        [IncidentFactory(public_id="x", summary="=HYPERLINK(1)", tags=["@a", "b|c"], latitude=-1, longitude=-2)]
    )
    (row,) = rows(export("incidents.csv"))
    assert (row["summary"], row["tags"], row["latitude"]) == ("'=HYPERLINK(1)", "'@a|b\\|c", "-1.0")
    sheet = openpyxl.load_workbook(io.BytesIO(export("incidents.xlsx?fields=summary"))).active
    assert sheet is not None
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("'=HYPERLINK(1)", "s")
    (document,) = [orjson.loads(line) for line in export("incidents.ndjson").splitlines()]
    assert document["summary"] == "=HYPERLINK(1)"


def test_a_cell_that_no_sheet_can_hold_is_refused_by_name(api: APIClient) -> None:
    publishing.publish(
        [IncidentFactory(public_id="long", tags=[f"{number:03}".ljust(180, "-") for number in range(200)])]
    )
    response = api.get(f"{API}incidents.xlsx")
    assert response.status_code == 400
    assert "tags of long is longer" in response.json()["errors"][0]["message"]
    assert export("incidents.xlsx?fields=summary")
