"""An export that another program saved in its own way is taken as it was, whatever its name is."""

from __future__ import annotations

import csv
import gzip
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd  # type: ignore[import-untyped]  # it brings no types
import openpyxl
import pandas as pd  # type: ignore[import-untyped]  # it brings no types
import pytest
from django.core.management import CommandError

from incidents.ledger.models import Publication
from tests.exports.files import ONE, Row, edit, export, load, rows, save
from tests.loading.files import public

pytestmark = pytest.mark.django_db


def resaved(path: Path, change: Callable[[Row], object], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Save a CSV as a spreadsheet would in another country."""
    edited = rows(path.read_bytes())
    for row in edited:
        change(row)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(edited[0]), delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(edited)
    return path


def abroad(row: Row) -> None:
    for name in ("latitude", "longitude", "radius_km"):
        row[name] = row[name].replace(".", ",")
    for name in ("date_start", "date_end"):
        row[name] = ".".join(reversed(row[name].split("-")))


def test_decimal_commas_and_days_with_dots_of_a_file_with_semicolons_are_no_edit(seed: None, tmp_path: Path) -> None:
    path = resaved(save(tmp_path, "incidents.csv"), abroad, delimiter=";", encoding="utf-8-sig")
    assert "48,98" in path.read_text(encoding="utf-8-sig")
    assert load(path)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"

    def change(row: Row) -> None:
        if row["id"] == ONE:
            row.update(latitude="49,25", date_end="05.08.2022", date_precision="days")

    before = public()[ONE]
    load(resaved(path_of(tmp_path, change), lambda row: None, delimiter=";"))
    after = public()[ONE]
    assert (after["location"]["latitude"], after["date"]["end"]) == (49.25, "2022-08-05")
    assert after["date"]["start"] == before["date"]["start"]


def path_of(folder: Path, change: Callable[[Row], object]) -> Path:
    """Return an export with edits, in which numbers and days are as they were."""
    return edit(save(folder, "incidents.csv"), change)


def test_they_are_refused_where_commas_part_the_cells(seed: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        load(resaved(save(tmp_path, "incidents.csv"), abroad))
    assert "a date, such as 2022-08-04" in refused.value.__notes__[0]


def test_letter_case_and_spaces_of_the_header_are_no_difference(seed: None, tmp_path: Path) -> None:
    path = save(tmp_path, "incidents.csv")
    header, _, rest = path.read_text().partition("\n")
    path.write_text(", ".join(header.upper().split(",")) + "\n" + rest)
    assert load(path)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"


def test_a_column_without_a_name_may_be_empty_and_nothing_else(seed: None, tmp_path: Path) -> None:
    frame = pd.read_csv(save(tmp_path, "incidents.csv"))
    frame.assign(**{"": ""}).to_csv(tmp_path / "empty.csv", index=False)
    assert load(tmp_path / "empty.csv")[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"
    frame.to_csv(tmp_path / "numbered.csv")
    with pytest.raises(CommandError, match=r'line 2: "0" stands in a column that has no name.*index=False'):
        load(tmp_path / "numbered.csv")


def test_pandas_may_turn_it_into_parquet(seed: None, tmp_path: Path) -> None:
    frame = pd.read_csv(save(tmp_path, "incidents.csv"), parse_dates=["date_start", "date_end"])
    frame.loc[frame["id"] == ONE, "tags"] = "one|two"
    frame.to_parquet(tmp_path / "made.parquet")
    assert load(tmp_path / "made.parquet")[0][-1] == "added 0, changed 1, withdrawn 0, unchanged 11"
    assert public()[ONE]["tags"] == ["one", "two"]
    pd.read_parquet(save(tmp_path, "incidents.parquet")).to_parquet(tmp_path / "again.parquet")
    assert load(tmp_path / "again.parquet")[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"


def test_pandas_may_turn_it_into_lines_of_json(seed: None, tmp_path: Path) -> None:
    frame = pd.read_csv(save(tmp_path, "incidents.csv"))
    dated = pd.read_csv(tmp_path / "incidents.csv", parse_dates=["date_start", "date_end"])
    dated.to_json(tmp_path / "dated.ndjson", orient="records", lines=True, date_format="iso")
    assert load(tmp_path / "dated.ndjson")[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"
    frame.to_json(tmp_path / "made.ndjson", orient="records", lines=True)
    assert load(tmp_path / "made.ndjson")[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"
    frame.loc[frame["id"] == ONE, ["tags", "killed_best", "summary"]] = ["one|two", 3.0, "'=1 of them"]
    frame.to_json(tmp_path / "edited.ndjson", orient="records", lines=True)
    assert load(tmp_path / "edited.ndjson")[0][-1] == "added 0, changed 1, withdrawn 0, unchanged 11"
    after = public()[ONE]
    assert (after["tags"], after["casualties"]["killed"]["best"]) == (["one", "two"], 3)
    assert after["summary"] == "=1 of them"


def test_wrong_cells_and_columns_of_such_lines_are_told(seed: None, tmp_path: Path) -> None:
    frame = pd.read_csv(save(tmp_path, "incidents.csv"))
    path = tmp_path / "made.ndjson"  # with days as older versions of pandas write them
    frame.assign(colour="red", date_start=1660176000000).to_json(path, orient="records", lines=True)
    with pytest.raises(CommandError, match="Nothing was loaded: 12 rows have errors") as refused:
        load(path)
    assert 'date_start: "1660176000000", expected a date, such as 2022-08-04' in refused.value.__notes__[0]
    assert "line 1, colour: nothing, expected a column of incidents; this is none" in refused.value.__notes__[0]


def test_objects_that_a_program_wrote_as_texts_of_its_own_are_told(seed: None, tmp_path: Path) -> None:
    path = tmp_path / "again.geojson"
    gpd.read_file(save(tmp_path, "incidents.nested.geojson")).to_file(path, driver="GeoJSON")
    with pytest.raises(CommandError, match="Nothing was loaded: 12 rows have errors") as refused:
        load(path)
    assert (
        "expected an object, as in the export. Programs that know no objects (geopandas" in refused.value.__notes__[0]
    )


def test_a_workbook_may_get_another_sheet(seed: None, tmp_path: Path) -> None:
    path = save(tmp_path, "incidents.xlsx")
    book = openpyxl.load_workbook(path)
    title = book.worksheets[0].title
    book.create_sheet("Notes").append(["to do"])
    book.save(path)
    for profile in ("incidents", None):
        with pytest.raises(CommandError, match=f"has the sheets {title}, Notes; say which with --sheet"):
            load(path, profile)
        assert load(path, profile, sheet=title)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"
    with pytest.raises(CommandError, match=r"--sheet 'Notes': .*incidents\.csv is no workbook"):
        load(save(tmp_path, "incidents.csv"), sheet="Notes")


@pytest.mark.parametrize("name", ["incidents.json", "incidents", "incidents.ndjson.gz", "incidents.zip", "bom.ndjson"])
@pytest.mark.parametrize("ending", ["ndjson", "geojson", "nested.geojson"])
def test_what_it_is_is_told_from_its_content(seed: None, tmp_path: Path, name: str, ending: str) -> None:
    content = export(f"incidents.{ending}")
    path = tmp_path / name.replace("ndjson", ending)
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"incidents.{ending}", content)
    else:
        content = b"\xef\xbb\xbf" + content if name.startswith("bom") else content
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    head = Publication.objects.count()
    assert load(path)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 12"
    assert Publication.objects.count() == head


def test_a_bomb_of_blank_lines_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ndjson.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(256):
            file.write(b"\n" * 2**20)
    began = time.monotonic()
    with pytest.raises(CommandError, match="an archive bomb"):
        load(path)
    assert time.monotonic() - began < 5
