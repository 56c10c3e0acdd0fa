"""The same rows in every form that is read: text, JSON, spreadsheet, Parquet, packed or not."""

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile

HEADER = ["id", "day", "killed", "town"]
ROWS = [["a1", "2022-08-04", "3", "Ружин; Südstadt"], ["a2", "2022-08-05", "", "Kyiv"]]


def csv(path: Path) -> None:
    path.write_text("\n".join(",".join(cells) for cells in (HEADER, *ROWS)))


def tsv(path: Path) -> None:
    path.write_text("\n".join("\t".join(cells) for cells in (HEADER, *ROWS)))


def objects() -> list[dict[str, Any]]:
    return [
        {"id": "a1", "day": "2022-08-04", "killed": 3, "town": "Ружин; Südstadt"},
        {"id": "a2", "day": "2022-08-05", "killed": None, "town": "Kyiv"},
    ]


def ndjson(path: Path) -> None:
    path.write_text("".join(json.dumps(each) + "\n" for each in objects()))


def listed(path: Path) -> None:
    path.write_text(json.dumps(objects(), indent=1))


def xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    sheet.append(["a1", date(2022, 8, 4), 3, "Ружин; Südstadt"])
    sheet.append([])
    sheet.append(["a2", datetime(2022, 8, 5), None, "Kyiv"])  # noqa: DTZ001 - spreadsheets know no time zones
    book.save(path)


def parquet(path: Path) -> None:
    days = [date(2022, 8, 4), date(2022, 8, 5)]
    table = pa.table({"id": ["a1", "a2"], "day": days, "killed": [3, None], "town": ["Ружин; Südstadt", "Kyiv"]})
    pq.write_table(table, path, row_group_size=1)


FORMS = {
    ".csv": csv,
    ".tsv": tsv,
    ".ndjson": ndjson,
    ".json": listed,
    ".xlsx": xlsx,
    ".parquet": parquet,
}


def read(path: Path, **options: Any) -> tuple[list[str], list[list[str]]]:
    with TableFile(path, **options) as table:
        cells = [cells for _, cells in table.rows()]
        return table.header, cells


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("packed", ["", ".gz", ".zip", "nameless", "gz in zip"])
def test_each_form_gives_the_same_rows(tmp_path: Path, suffix: str, packed: str) -> None:
    path = tmp_path / f"file{suffix}"
    write: Callable[[Path], None] = FORMS[suffix]
    write(path)
    if packed == ".gz":
        path = _new(path.with_name(f"{path.name}.gz"), gzip.compress(path.read_bytes()))
    elif packed == ".zip":
        path = _zipped(tmp_path / "file.zip", {path.name: path.read_bytes(), "__MACOSX/._x": b"litter"})
    elif packed == "gz in zip":
        path = _zipped(tmp_path / "file.zip", {f"{path.name}.gz": gzip.compress(path.read_bytes())})
    elif packed == "nameless":
        path = path.rename(tmp_path / "download")
    assert read(path) == (HEADER, ROWS)
    assert read(path, growing=True)[0] == HEADER


def _new(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_the_hash_is_of_the_file_on_the_disk_in_every_form(tmp_path: Path) -> None:
    import hashlib

    for suffix, write in FORMS.items():
        path = tmp_path / f"file{suffix}"
        write(path)
        with TableFile(path) as table:
            list(table.rows())
            assert table.digest == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def test_nested_objects_are_columns_by_path_and_lists_stay_lists(tmp_path: Path) -> None:
    path = tmp_path / "file.ndjson"
    path.write_text(
        '{"id": 1, "place": {"name": "A", "point": [1.5, 2]}, "tags": ["x, y", "z"]}\n'
        '{"id": 2, "reports": [{"url": "u", "by": {"name": "N"}}, {"url": "v"}], "sure": true, "empty": []}\n'
    )
    header, rows = read(path)
    assert header == [
        "id",
        "place.name",
        "place.point",
        "tags",
        "reports.url",
        "reports.by.name",
        "sure",
        "empty",
    ]
    assert rows == [
        ["1", "A", "[1.5,2]", '["x, y","z"]', "", "", "", ""],
        ["2", "", "", "", '["u","v"]', '["N",""]', "true", "[]"],
    ]


COLLECTION = """{"type": "FeatureCollection", "name": "in \\"quotes\\" {[",
 "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
 "features": [
  {"type": "Feature", "id": 7, "properties": {"town": "a } ] \\\\", "n": {"m": 1}},
   "geometry": {"type": "Point", "coordinates": [39.5, 49.25]}},
  {"type": "Feature", "properties": {"town": null}, "geometry": null},
  {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}
 ], "after": [1, {"features": []}]}"""


def test_features_give_their_properties_and_their_points(tmp_path: Path) -> None:
    path = tmp_path / "file.geojson"
    path.write_text(COLLECTION)
    with TableFile(path) as table:
        rows = [(line, dict(zip(table.header, cells, strict=True))) for line, cells in table.rows()]
    assert [line for line, _ in rows] == [4, 6, 7]
    assert {name: value for name, value in rows[0][1].items() if value} == {
        "id": "7",
        "properties.town": "a } ] \\",
        "properties.n.m": "1",
        "geometry.type": "Point",
        "geometry.longitude": "39.5",
        "geometry.latitude": "49.25",
    }
    assert rows[2][1]["geometry.coordinates"] == "[[1,2],[3,4]]"


def test_features_are_read_a_piece_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from incidents.loading.files import json_files

    path = tmp_path / "file.geojson"
    path.write_text(COLLECTION)
    whole = read(path)
    for size in range(1, 40):
        monkeypatch.setattr(json_files, "_PIECE", size)
        assert read(path) == whole


def test_points_of_geoparquet_are_columns(tmp_path: Path) -> None:
    import geopandas  # type: ignore[import-untyped]  # it brings no types
    from shapely import LineString, Point  # type: ignore[import-untyped]  # it brings no types

    path = tmp_path / "file.parquet"
    shapes = [Point(39.5, 49.25), None, LineString([(1, 2), (3, 4)])]
    geopandas.GeoDataFrame({"id": [1, 2, 3]}, geometry=shapes, crs="OGC:CRS84").to_parquet(path)
    header, rows = read(path)
    assert header[:3] == ["id", "geometry.longitude", "geometry.latitude"]
    assert [cells[:3] for cells in rows] == [["1", "39.5", "49.25"], ["2", "", ""], ["3", "", ""]]
    geopandas.GeoDataFrame({"id": [1]}, geometry=[Point(1, 2)], crs="EPSG:32636").to_parquet(path)
    with pytest.raises(LoadError, match="save it as longitude and latitude"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.ndjson", b'{"a": 1}\n{"a": \n', "line 2: no valid JSON"),
        ("a.ndjson", b'{"a": 1}\n[1]\n', "line 2: an object is expected"),
        ("a.ndjson", b'{"a": "\xc3\xa9\xc3\xa9"}\n{"a": "\xe9"}\n', "line 2, byte 22 of the file, is not UTF-8"),
        ("a.json", b'{"results":\n 5}\n', "no list and no FeatureCollection"),
        ("a.geojson", b'{"features": [{"type": "Feature", ', "the file is cut off"),
        ("a.geojson", b'{"features": [{}], "crs": {"properties": {"name": "EPSG:3857"}}}', "coordinates in EPSG:3857"),
        ("a.parquet", b"PAR1" + b"\0" * 50 + b"PAR1", "cannot be read as Parquet"),
    ],
)
def test_a_damaged_file_says_where(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    path = _new(tmp_path / name, content)
    with pytest.raises(LoadError) as caught:
        read(path)
    assert why in str(caught.value)


def test_a_workbook_of_several_sheets_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a"])
    book.create_sheet("Codes").append(["code"])
    book.save(path)
    with pytest.raises(LoadError, match="has the sheets Sheet, Codes; say which"):
        read(path)
    assert read(path, sheet="Codes") == (["code"], [])
    with pytest.raises(LoadError, match="has no sheet 'X'"):
        read(path, sheet="X")


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    path = _zipped(tmp_path / "two.zip", {"a.csv": b"a\n1\n", "b.csv": b"b\n1\n"})
    with pytest.raises(LoadError, match=r"holds 2 files \(a.csv, b.csv\); it has to hold exactly one"):
        read(path)
