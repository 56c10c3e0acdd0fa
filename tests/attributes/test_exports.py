"""Fields that a dataset brings itself have columns in every table, in releases, and pages in the codebook."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.core.management import CommandError

from incidents import publishing
from incidents.models import Dataset, Incident
from incidents.releasing.release import ReleaseRequest, make
from tests.attributes.conftest import Asking, declare
from tests.factories import DatasetFactory, IncidentFactory
from tests.loading.files import outcome
from tests.releases.making import Quiet

pytestmark = pytest.mark.django_db


def rows(ask: Asking, **query: Any) -> dict[str, dict[str, str]]:
    """Return the rows of the CSV by id."""
    answer = ask.client.get("/api/v1/incidents.csv", query)
    assert answer.status_code == 200, b"".join(answer)
    text = b"".join(answer).decode()
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def test_csv_has_a_column_for_each_field(incidents: list[Incident], ask: Asking) -> None:
    found = rows(ask)
    own = {name: value for name, value in found["one-1"].items() if name.startswith("attr.")}
    assert own == {
        "attr.weapon": "rifle",
        "attr.means": "",
        "attr.crew": "3",
        "attr.cost": "",
        "attr.at_night": "",
        "attr.first_seen": "2022-07-01",
        "attr.clock": "",
        "attr.remark": "",
        "attr.page": "",
        "attr.detained_low": "1",
        "attr.detained_best": "2",
        "attr.detained_high": "4",
    }
    assert (found["one-2"]["attr.means"], found["one-2"]["attr.at_night"]) == ("boat|drone", "true")
    assert found["one-3"]["attr.at_night"] == "false"
    assert found["other-1"]["attr.weapon"] == ""


def test_columns_are_of_the_datasets_that_are_asked_for(incidents: list[Incident], ask: Asking) -> None:
    other = Incident.objects.get(public_id="other-1").dataset.public_id
    assert not [name for name in rows(ask, dataset=other)["other-1"] if name.startswith("attr.")]
    chosen = rows(ask, fields="attr.crew,summary")["one-1"]
    assert list(chosen) == ["id", "summary", "attr.crew"]
    assert list(rows(ask, fields="attributes", dataset="one")["one-1"])[:2] == ["id", "attr.weapon"]


def test_a_column_that_nobody_declares_is_refused(incidents: list[Incident], ask: Asking) -> None:
    (error,) = ask("incidents.csv", 400, fields="attr.crw")["errors"]
    assert (error["parameter"], error["suggestion"]) == ("fields", "attr.crew")
    (error,) = ask("incidents/", 400, fields="attr.crew")["errors"]
    assert error["suggestion"] == "attributes"


def test_parquet_has_typed_columns(incidents: list[Incident], ask: Asking) -> None:
    answer = ask.client.get("/api/v1/incidents.parquet?dataset=one&ordering=date")
    table = pyarrow.parquet.read_table(io.BytesIO(b"".join(answer)))
    assert table.column("attr.crew").to_pylist() == [3, None, 12, None, None]
    assert table.column("attr.means").to_pylist() == [None, ["boat", "drone"], ["boat"], None, None]
    assert table.column("attr.at_night").to_pylist() == [None, True, False, None, None]
    assert str(table.schema.field("attr.first_seen").type) == "date32[day]"
    assert table.column("attr.detained_best").to_pylist() == [2, None, None, 5, None]


def test_a_workbook_has_the_same_columns(incidents: list[Incident], ask: Asking) -> None:
    answer = ask.client.get("/api/v1/incidents.xlsx?dataset=one")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "attr.detained_high" in sheet
    assert "boat|drone" in sheet


def test_one_name_of_two_types_is_a_column_of_json(incidents: list[Incident], ask: Asking) -> None:
    other = DatasetFactory(public_id="two")
    declare(other, "detained", "text")
    publishing.publish([IncidentFactory(public_id="two-1", dataset=other, attributes={"detained": "some"})])
    found = rows(ask)
    assert found["two-1"]["attr.detained"] == '"some"'
    assert json.loads(found["one-1"]["attr.detained"]) == {"low": 1, "best": 2, "high": 4}


def test_a_renamed_field_has_one_column(incidents: list[Incident], ask: Asking, dataset: Dataset) -> None:
    dataset.own_fields.filter(name="crew").update(name="sailors", formerly=["crew"])
    publishing.publish([dataset, incidents[0]])
    found = rows(ask)
    assert (found["one-1"]["attr.sailors"], found["one-3"]["attr.sailors"]) == ("3", "12")
    assert "attr.crew" not in found["one-1"]
    assert rows(ask, as_of="1")["one-3"]["attr.crew"] == "12"


def test_a_release_has_the_columns_and_says_what_they_mean(
    incidents: list[Incident], tmp_path: Path, settings: Any
) -> None:
    settings.VAR_DIR = tmp_path
    settings.RELEASES_DIR = tmp_path / "releases"
    make(ReleaseRequest("one-1", dataset="one"), Quiet())
    folder = next(tmp_path.rglob("one-1/incidents.csv")).parent
    assert "attr.detained_best" in (folder / "incidents.csv").read_text().splitlines()[0]
    package = json.loads((folder / "datapackage.json").read_text())
    (table,) = [each for each in package["resources"] if each["name"] == "incidents"]
    (crew,) = [each for each in table["schema"]["fields"] if each["name"] == "attr.crew"]
    assert (crew["type"], crew["unit"]) == ("integer", "persons")
    assert "`rifle`: Rifle" in (folder / "CODEBOOK.md").read_text()
    (own,) = json.loads((folder / "codebook.json").read_text())["datasets"]
    assert [field["name"] for field in own["fields"]][:2] == ["weapon", "means"]
    assert "secret" not in (folder / "codebook.json").read_text()


def test_the_codebook_has_a_page_of_own_fields(incidents: list[Incident], ask: Asking) -> None:
    found = {field["name"]: field for field in ask("codebook/datasets/one/")["fields"]}
    assert found["crew"]["parameters"] == ["attr.crew_min", "attr.crew_max"]
    assert found["detained"]["columns"] == ["attr.detained_low", "attr.detained_best", "attr.detained_high"]
    assert "secret" not in found
    page = ask.client.get("/api/v1/codebook/datasets/one/", HTTP_ACCEPT="text/html").content.decode()
    assert 'lang="uk"' in page
    assert 'href="#weapon-firearm"' in page
    assert ask.client.get("/api/v1/codebook/datasets/none/").status_code == 404


def test_the_codebook_recommends_fields(client: Any) -> None:
    names = [each["name"] for each in client.get("/api/v1/codebook/?format=json").json()["recommended_fields"]]
    assert {"killed_children", "detained", "displaced"} <= set(names)
    assert b"recommended-killed_children" in client.get("/api/v1/codebook/?format=html").content


@pytest.mark.parametrize("written", ["csv", "ndjson", "nested.geojson", "parquet", "xlsx"])
def test_an_export_comes_back_as_it_was_and_edited(
    incidents: list[Incident], ask: Asking, tmp_path: Path, written: str
) -> None:
    answer = ask.client.get(f"/api/v1/incidents.{written}?dataset=one")
    path = tmp_path / f"incidents.{written}"
    path.write_bytes(b"".join(answer))
    assert outcome(path, profile="incidents") == "added 0, changed 0, withdrawn 0, unchanged 5"
    if written == "csv":
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("rifle", "knife").replace("boat|drone", "car"), encoding="utf-8", newline="")
        assert outcome(path, profile="incidents").startswith("added 0, changed 2,")
        assert ask("incidents/one-1/")["attributes"]["weapon"] == "knife"
        assert ask("incidents/one-1/")["attributes"]["detained"] == {"low": 1, "best": 2, "high": 4}
        assert ask("incidents/one-2/")["attributes"]["means"] == ["car"]
        assert Incident.objects.get(public_id="one-4").attributes["secret"] == "informant"


def test_a_wrong_code_in_an_export_is_refused(incidents: list[Incident], ask: Asking, tmp_path: Path) -> None:
    path = tmp_path / "incidents.csv"
    text = b"".join(ask.client.get("/api/v1/incidents.csv?dataset=one")).decode()
    path.write_text(text.replace("rifle", "bow"), encoding="utf-8", newline="")
    with pytest.raises(CommandError):
        outcome(path, profile="incidents")
    assert ask("incidents/one-1/")["attributes"]["weapon"] == "rifle"
