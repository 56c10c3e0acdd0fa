"""UCDP GED for Ukraine, as it is: every row, every trap, every total of the data's own description."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from incidents.ledger.models import Publication
from incidents.models import Report
from tests.loading.files import REAL, load, needs_real_file, outcome, public

pytestmark = [needs_real_file, pytest.mark.django_db]


def rows() -> list[dict[str, str]]:
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))[1:]


def save(path: Path, rows: list[dict[str, str]], columns: list[str], line_end: str = "\n") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator=line_end)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_every_row_is_an_incident_and_every_total_is_right() -> None:
    lines, _ = load(REAL)
    assert lines[-1] == "added 2989, changed 0, withdrawn 0, unchanged 0"
    told = [line for line in lines if line.startswith("note: rows")]
    assert [line.split(", on ")[0] for line in told] == [
        "note: rows that list one report more than once; it was taken once: 192",
        "note: rows whose low, best and high are not in order; kept as they are coded: 13",
    ]
    incidents = public().values()
    assert Counter(each["location"]["precision"] for each in incidents) == {
        "settlement": 730,
        "near_settlement": 1542,
        "admin2": 16,
        "admin1": 470,
        "landscape": 228,
        "country": 2,
        "international": 1,
    }
    assert sum(each["date"]["start"] != each["date"]["end"] for each in incidents) == 666
    assert {each["location"]["country"] for each in incidents} == {"UKR"}
    figures = [each["casualties"]["killed"] for each in incidents]
    assert [sum(each[which] for each in figures) for which in ("low", "best", "high")] == [7424, 7882, 8804]
    assert Report.objects.count() == 2851
    assert len(public("actor")) == 9
    assert not any("\n" in str(each) for each in incidents)
    again, _ = load(REAL)
    assert again[-1] == "added 0, changed 0, withdrawn 0, unchanged 2989"
    assert Publication.objects.count() == 1


def test_each_incident_lists_the_offices_that_its_row_lists() -> None:
    outcome(REAL)
    incidents = public()
    for row in rows():
        reports = incidents[f"ucdp-ged-{row['id']}"]["reports"]
        offices = Counter(fold(office) for office in row["source_office"].split(";"))
        assert {fold(report["source"]["name"]) for report in reports} <= {*offices, *SAME_SLUG}
        assert len(reports) <= sum(offices.values())


# One source under two spellings: it has the name that most articles give it.
SAME_SLUG = {"риа новости", "ria novosti", "joint forces operation facebook", "euromaidanpress twitter"}


def fold(text: str) -> str:
    return re.sub(r"[^\w ]", "", " ".join(text.casefold().split()))


def test_an_edited_edition_publishes_exactly_its_difference(tmp_path: Path) -> None:
    edition = rows()
    columns: list[str] = list(edition[0])
    first = save(tmp_path / "first.csv", edition, columns)
    outcome(first)
    gone = edition[10:40]
    newer: list[dict[str, Any]] = [*edition[:10], *edition[40:]]
    for row in newer[100:110]:
        row["best"] = row["high"] = str(int(row["high"]) + 5)
    for row in newer[200:207]:
        row["latitude"] = "47.5"
    for row in newer[300:304]:
        row["date_start"] = "2013-12-31"
    newer += [row | {"id": f"9{row['id']}"} for row in gone[:3]]
    for row in newer:  # what editions differ in without meaning anything
        row["adm_1"] = row["adm_1"].replace("oblast", "Oblast")
        row["where_coordinates"] = row["where_coordinates"].replace("oblast", "Oblast")
        row["date_start"] = row["date_start"][:10]
    second = save(tmp_path / "second.csv", newer[::-1], columns[::-1], "\r\n")
    assert outcome(second, complete=True) == f"added 3, changed 21, withdrawn 30, unchanged {2959 - 21}"
