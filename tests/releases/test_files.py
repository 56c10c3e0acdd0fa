"""The files of a release are whole, say what they are, and read in the tools that they are made for."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import frictionless
import geopandas  # type: ignore[import-untyped]  # it brings no types
import pytest
import yaml
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import KINDS, Revision
from incidents.releasing.errors import ReleaseError
from incidents.releasing.release import ReleaseRequest, make
from tests.factories import IncidentFactory
from tests.query.world import public
from tests.releases.making import Quiet, contents, made

pytestmark = pytest.mark.django_db

PLAIN = {
    "CITATION.bib",
    "CITATION.cff",
    "CITATION.csl.json",
    "CITATION.txt",
    "CODEBOOK.md",
    "LICENCE.txt",
    "README.md",
    "SHA256SUMS",
    "actors.csv",
    "codebook.json",
    "datapackage.json",
    "dataset.jsonld",
    "datasets.csv",
    "incidents.csv",
    "incidents.geojson",
    "locations.csv",
    "locations.geojson",
    "sources.csv",
}


def table(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_file_is_listed_with_its_checksum_and_in_the_zip(world: Any, var: Path) -> None:
    release = made("all-1")
    files = contents(var)
    listed = {file["path"]: file for file in release.files}
    inside = {path.removeprefix("all-1/"): content for path, content in files.items() if path.startswith("all-1/")}
    assert {**inside, "all-1.zip": b""}.keys() == listed.keys()
    assert inside.keys() >= PLAIN
    for path, file in listed.items():
        content = inside.get(path, files["all-1.zip"])
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest()), path
    lines = [line.split("  ") for line in inside["SHA256SUMS"].decode().splitlines()]
    summed = {path: checksum for checksum, path in lines}
    assert summed == {path: listed[path]["sha256"] for path in inside if path != "SHA256SUMS"}
    with ZipFile(var / "releases" / "all-1.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"all-1/{path}": content for path, content in inside.items()
        }


def test_tables_hold_all_that_is_public_and_nothing_else(world: Any, var: Path) -> None:
    release = made("all-1")
    for kind in KINDS:
        ids = [row["id"] for row in table(var / "releases/all-1" / f"{kind}s.csv")]
        assert Counter(ids) == Counter(public(kind).keys())
        assert release.counts[kind] == len(ids) > 0
    rows = table(var / "releases/all-1/incidents.csv")
    assert rows == sorted(rows, key=lambda row: (row["date_start"], row["id"]))


def test_it_stays_at_its_publication(world: Any, var: Path) -> None:
    before = {row["id"]: row for row in table_of(var, made("before"))}
    incident = next(iter(world.incidents.values()))
    world.edit(incident)
    publishing.publish([incident, IncidentFactory(public_id="new")])
    assert {row["id"]: row for row in table_of(var, made("again", as_of=2))} == before
    after = {row["id"]: row for row in table_of(var, made("after"))}
    assert after.keys() - before.keys() == {"new"}
    assert [name for name in before if before[name] != after[name]] == [incident.public_id]


def table_of(var: Path, release: Any) -> list[dict[str, str]]:
    return table(var / "releases" / release.name / "incidents.csv")


def test_a_release_of_one_dataset_holds_what_its_incidents_show(world: Any, var: Path, api: APIClient) -> None:
    release = made("data-1-v1", dataset="data-1")
    folder = var / "releases/data-1-v1"
    incidents = [document for document, _ in public("incident").values() if document["dataset"] == "data-1"]
    places = {each["location"]["id"] for each in incidents} - {None}
    around = {part for place in places for part in public("location")[place][0]["within"]}
    speakers = {part["id"] for each in incidents for report in each["reports"] for part in _spoken(report)}
    expected = {
        "incident": {each["id"] for each in incidents},
        "dataset": {"data-1"},
        "location": places | around,
        "source": speakers | {claim["source"] for each in incidents for claim in each["claims"]},
        "actor": {
            actor["id"]
            for each in incidents
            for actor in each["actors"]
            if not actor["id"].startswith("withheld-")  # which stands for a name, and is no record
        },
    }
    assert {kind: {row["id"] for row in table(folder / f"{kind}s.csv")} for kind in KINDS} == expected
    assert release.counts == {kind: len(ids) for kind, ids in expected.items()}
    assert release.licences == ["ODbL-1.0"]
    answer = api.get("/api/v1/releases/data-1-v1/").json()
    assert api.get(answer["incidents_url"]).json()["count"] == len(incidents)


def _spoken(report: Any) -> list[Any]:
    return [part for part in (report["source"], report["relays"]) if part]


def test_incidents_are_parted_by_the_year_when_they_are_many(world: Any, var: Path) -> None:
    publishing.publish([IncidentFactory(date_start=date(2019, 5, 1), date_end=date(2019, 5, 1))])
    release = made("many", parted_from=31)
    parts = [file["path"] for file in release.files if file["path"].endswith(".parquet")]
    years = Counter(
        (document["date"]["start"] or "__HIVE_DEFAULT_PARTITION__")[:26].split("-")[0]
        for document, _ in public("incident").values()
    )
    assert parts == sorted(f"incidents/year={year}/part-0.parquet" for year in years)
    assert len(parts) > 2
    found = (
        duckdb.connect()
        .execute(
            f"SELECT year, count(*) FROM read_parquet('{var}/releases/many/incidents/**/*.parquet', "
            "hive_partitioning = true) GROUP BY 1"
        )
        .fetchall()
    )
    assert {str(year or "__HIVE_DEFAULT_PARTITION__"): number for year, number in found} == years
    (whole,) = (file["path"] for file in made("few", parted_from=32).files if file["path"].endswith(".parquet"))
    assert whole == "incidents.parquet"


def test_geopandas_reads_points_with_their_crs(world: Any, var: Path) -> None:
    made("all-1")
    frame = geopandas.read_parquet(var / "releases/all-1/incidents.parquet")
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    points = {row.id: (row.geometry.x, row.geometry.y) for row in frame.itertuples() if row.geometry}
    told = {name: document["location"] for name, (document, _) in public("incident").items()}
    assert points == {
        name: (place["longitude"], place["latitude"]) for name, place in told.items() if place["latitude"] is not None
    }


@pytest.mark.filterwarnings("ignore")
def test_frictionless_finds_nothing_wrong_and_finds_a_wrong_cell(world: Any, var: Path) -> None:
    made("all-1")
    package = var / "releases/all-1/datapackage.json"
    report = frictionless.validate(str(package))
    assert report.valid, report.flatten(["type", "note"])
    assert len(report.tasks) == len(KINDS)
    file = package.with_name("incidents.csv")
    file.write_bytes(file.read_bytes().replace(b",day,", b",dey,", 1))
    wrong = {error[0] for error in frictionless.validate(str(package)).flatten(["type"])}
    assert {"constraint-error", "hash-count"} & wrong


def test_citations_are_of_their_forms(world: Any, var: Path) -> None:
    made("all-1", title="Blasts & raids: 100% {odd}_title")
    folder = var / "releases/all-1"
    cff = yaml.safe_load((folder / "CITATION.cff").read_text())
    assert (cff["cff-version"], cff["type"], cff["version"]) == ("1.2.0", "dataset", "all-1")
    assert cff["license"] == ["CC0-1.0", "ODbL-1.0"]
    (item,) = json.loads((folder / "CITATION.csl.json").read_text())
    assert (item["type"], item["URL"]) == ("dataset", "https://incidents.example.org/api/v1/releases/all-1/")
    assert r"title = {{Blasts \& raids: 100\% \{odd\}\_title}}" in (folder / "CITATION.bib").read_text()
    text = (folder / "CITATION.txt").read_text()
    assert "Release all-1, 30 incidents, as of publication 2 (2026-01-01)." in text
    linked = json.loads((folder / "dataset.jsonld").read_text())
    assert linked["@type"] == "Dataset"
    assert {part["name"] for part in linked["distribution"]} == PLAIN - {
        "README.md",
        "SHA256SUMS",
        "datapackage.json",
        "dataset.jsonld",
    } | {"incidents.parquet"}


def test_the_codebook_tells_every_column_and_every_code(world: Any, var: Path) -> None:
    made("all-1")
    folder = var / "releases/all-1"
    told = json.loads((folder / "codebook.json").read_text())
    page = (folder / "CODEBOOK.md").read_text()
    for columns in told["tables"]:
        names = [column["name"] for column in columns["columns"]]
        assert names == (folder / f"{columns['kind']}s.csv").read_text().splitlines()[0].split(",")
        assert all(f"| `{name}` |" in page for name in names)
    codes = [term["code"] for each in told["vocabularies"] for term in each["terms"]]
    assert len(codes) > 100
    assert all(f"| `{code}` |" in page for code in codes)


@pytest.mark.parametrize("name", ["12", "2026-01-01", "a...b", "../a", "A", "", ".lock"])
def test_a_name_that_could_be_anything_else_is_refused(world: Any, var: Path, name: str) -> None:
    with pytest.raises(ReleaseError, match="is not a valid name"):
        make(ReleaseRequest(name), Quiet())
    assert contents(var) == {}


def test_what_cannot_be_released_is_refused_and_a_dry_run_writes_nothing(world: Any, var: Path) -> None:
    for asked, why in (
        (ReleaseRequest("a", dataset="nothing"), "No dataset 'nothing'"),
        (ReleaseRequest("a", as_of=3), "There is no publication 3; the latest is 2"),
        (ReleaseRequest("a", as_of=0), "There is no publication 0"),
    ):
        with pytest.raises(ReleaseError, match=why):
            make(asked, Quiet())
    quiet = Quiet()
    assert make(ReleaseRequest("a"), quiet, dry_run=True).files == []
    assert "30 incidents" in quiet.said[0]
    assert contents(var) == {}
    made("a")
    with pytest.raises(ReleaseError, match="The release a already exists"):
        make(ReleaseRequest("a"), Quiet())


def test_an_empty_ledger_has_nothing_to_release(var: Path) -> None:
    assert not Revision.objects.exists()
    with pytest.raises(ReleaseError, match="Nothing is published"):
        make(ReleaseRequest("a"), Quiet())


def test_progress_reaches_its_end(world: Any) -> None:
    quiet = Quiet()
    make(ReleaseRequest("a"), quiet)
    assert quiet.reached == sorted(quiet.reached)
    assert quiet.reached[-1] == quiet.total
