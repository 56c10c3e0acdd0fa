"""What `manage.py profile` makes of files that are not in order, and which profile it takes for one."""

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from incidents.models import Incident
from tests.exports.files import save
from tests.loading.files import load
from tests.loading.test_inspecting import told
from tests.loading.test_shared_files import PIRATES

TABLE = """id;date;town;country;lat;lon;notes
1;22.01.2014;Kyiv;Ukraine;50,45;30,52;A car bomb went off and three people died
2;about May 2022;Kyiv;Ukraine;50,45;30,52;Shots were fired at a patrol in the night
3;04.05.2022;Kyiv;Ukraine;50,45;30,52;Shots were fired at a patrol in the morning
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_a_column_of_days_with_a_wrong_one_is_proposed_and_the_trial_names_the_line(tmp_path: Path) -> None:
    path = written(tmp_path / "table.csv", TABLE)
    lines = told(path, output=tmp_path / "mine.toml")
    assert '  mostly days (%d.%m.%Y); no days are "about May 2022"' in lines
    proposed = (tmp_path / "mine.toml").read_text()
    assert 'start = "date"\nformats = ["%d.%m.%Y"]\n# LOOK: not all are days, for example "about May 2022"' in proposed
    err = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded: 1 row has errors"):
        call_command("load_incidents", path, profile=str(tmp_path / "mine.toml"), stdout=io.StringIO(), stderr=err)
    assert err.getvalue() == 'line 3, date: "about May 2022", expected a date such as 22.01.2014\n'


@pytest.mark.django_db
def test_columns_that_are_there_twice_are_left_out_of_the_proposal(tmp_path: Path) -> None:
    text = TABLE.replace("about May 2022", "03.05.2022").replace("\n", ";x\n").replace("notes;x", "notes;notes")
    path = written(tmp_path / "table.csv", text.replace("town", "remark", 1))
    lines = told(path)
    assert "  WARNING    columns that are there twice: notes; give them names that differ, or none can be read" in lines
    assert not any(line.startswith("text = ") and "notes" in line for line in lines)


def test_a_title_above_the_header_is_told(tmp_path: Path) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "table.xlsx"
    for row in (["Incidents of 2022"], [], ["id", "date"], [1, "2022-08-04"]):
        book.worksheets[0].append(row)
    book.save(path)
    lines = told(path)
    assert "  note       titles above the names of the columns, which are on line 3" in lines
    assert "header_line = 3 # LOOK: titles stand above it" in lines
    assert "header_line = 3" in told(path, header_line=3)


TITLED = 'Incidents of 2022,,\n"Said to be ""whole""",,\nkey,day,what\n'


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["titled.csv", "titled.xlsx", "declared.csv"])
def test_a_file_with_titles_is_loaded_as_it_is(tmp_path: Path, name: str) -> None:
    path, mine = tmp_path / name, tmp_path / "mine.toml"
    rows = [*csv.reader(io.StringIO(TITLED)), ["a", "2022-08-04", "shots"], ["b", "no day", "fire"]]
    rows += [[each, "2022-08-05", f"fire {each}"] for each in "cdef"]
    if name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
    else:
        delimiter, above = (";", "sep=;\n") if name.startswith("declared") else (",", "")
        rows = rows[1:] if above else rows  # the line that declares the delimiter is a line too
        path.write_text(above + "".join(delimiter.join(row) + "\n" for row in rows))
    told(path, output=mine, header_line=3)
    mine.write_text(mine.read_text().replace('summary = "day"', 'summary = "what"'))
    assert tomllib.loads(mine.read_text())["file"]["header_line"] == 3
    err = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded: 1 row has errors"):
        call_command("load_incidents", path, profile=str(mine), stdout=io.StringIO(), stderr=err)
    assert err.getvalue().startswith("line 5, day: ")
    call_command("load_incidents", path, profile=str(mine), skip_bad=True, stdout=io.StringIO(), stderr=err)
    assert Incident.objects.count() == 5


@pytest.mark.parametrize(
    ("text", "name", "line", "why"),
    [
        (
            "a,b\n",
            "a.csv",
            10**15,
            "line 1000000000000000, which is said to .*, is beyond its end",
        ),
        ("t\n\na,b\n", "a.csv", 2, "line 2, which is said to hold the names of the columns, is blank"),
        ('{"a": 1}\n', "a.ndjson", 2, "is JSON, an object a line, which has no header_line"),
    ],
)
def test_a_line_that_names_no_columns_is_told(tmp_path: Path, text: str, name: str, line: int, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        told(written(tmp_path / name, text), header_line=line)


@pytest.mark.parametrize("line", ["0", "-1", "x"])
def test_the_number_of_a_line_is_one(tmp_path: Path, line: str) -> None:
    with pytest.raises(CommandError, match="must be a line number, 1 or more"):
        call_command("profile", tmp_path / "a.csv", f"--header-line={line}")


def test_points_that_are_no_degrees_are_told(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [4120000.5, 6120000.1]}
    feature = {"type": "Feature", "geometry": point, "properties": {"date": "2022-08-04"}}
    path = tmp_path / "map.geojson"
    path.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert told(path).count("  WARNING: no degrees; save the points as longitude and latitude (WGS 84)") == 2


def test_an_empty_column_is_no_list(tmp_path: Path) -> None:
    lines = told(written(tmp_path / "table.csv", "id,date,remark\n1,2022-08-04,\n"))
    assert "remark: empty, 0 of 1 filled" in lines
    assert not any(line.startswith("  a list") for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["incidents.csv", "locations.ndjson", "actors.geojson", "incidents.parquet"])
def test_an_export_of_ours_is_known_as_one(seed: None, tmp_path: Path, name: str) -> None:
    path = save(tmp_path, name)
    kind = name.partition(".")[0]
    assert f"Included profiles that match the header: {kind}" in told(path)
    lines, _ = load(path, profile=None)
    assert lines[0].startswith(f"note: no --profile; the header fits {kind} and no other")
    assert lines[-1].startswith("added 0, changed 0, withdrawn 0, unchanged ")


@pytest.mark.django_db
@pytest.mark.skipif(not PIRATES.exists(), reason="the real file is not here")
def test_a_profile_of_another_file_is_told_as_such_and_not_column_by_column() -> None:
    with pytest.raises(CommandError) as refused:
        load(PIRATES, profile="ucdp-ged")
    lines = str(refused.value).splitlines()
    assert lines[1].startswith("  36 of 42 columns that it reads are not there. Is it the right file?")
    assert len(lines) == 8


@pytest.mark.django_db
def test_one_sheet_of_several_is_inspected_and_loaded(tmp_path: Path) -> None:
    book, path, mine = openpyxl.Workbook(), tmp_path / "book.xlsx", tmp_path / "mine.toml"
    book.worksheets[0].append(["read me"])
    data = book.create_sheet("Data")
    for row in (["key", "day", "what"], ["a", "2022-08-04", "shots"], ["b", "2022-08-05", "fire"]):
        data.append(row)
    book.save(path)
    told(path, output=mine, sheet="Data")
    mine.write_text(mine.read_text().replace('sheet = "Data"', ""))
    with pytest.raises(CommandError, match="has the sheets Sheet, Data; say which with --sheet"):
        call_command("load_incidents", path, profile=str(mine), stdout=io.StringIO())
    call_command("load_incidents", path, profile=str(mine), sheet="Data", stdout=io.StringIO())
    assert Incident.objects.count() == 2
    text = written(tmp_path / "a.csv", "key,day\na,2022-08-04\n")
    with pytest.raises(CommandError, match=r"--sheet 'Data': .*a\.csv is no workbook"):
        told(text, sheet="Data")
    with pytest.raises(CommandError, match=r"--sheet 'Data': .*a\.csv is no workbook"):
        call_command("load_incidents", text, profile=str(mine), sheet="Data", stdout=io.StringIO())


def test_a_load_is_not_begun_with_a_wrong_setting(settings: Any, tmp_path: Path) -> None:
    settings.SETTINGS_PROBLEMS = [("site.E001", "DATABSE_URL is no setting.", "Did you mean DATABASE_URL?")]
    with pytest.raises(SystemCheckError, match="DATABSE_URL is no setting"):
        call_command("load_incidents", tmp_path / "a.csv", skip_checks=False)
