"""The other real files: every row an incident, and what is special of each file as it should be."""

from collections import Counter
from pathlib import Path

import pytest

from incidents.models import Batch, Report
from tests.loading.files import load, outcome, public

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
PIRATES = SHARED / "pirates" / "pirate_attacks.csv"
VIINA = {year: SHARED / "viina" / f"VIINA_{year}_REBUILD.csv" for year in (2023, 2024, 2025)}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PIRATES.exists(), reason=f"the real files are not in {SHARED}"),
]


@pytest.mark.slow
def test_every_pirate_attack_is_an_incident() -> None:
    lines, err = load(PIRATES, profile="pirates")
    assert "line" not in err
    assert lines[-1] == "added 7511, changed 0, withdrawn 0, unchanged 0"
    [told] = [line for line in lines if line.startswith("note: rows")]
    assert told.startswith(
        "note: rows that say what another row says, in every column; each is an incident of its own: 20"
    )
    incidents = list(public().values())
    assert Counter(each["event_subtype"] for each in incidents) == {
        "boarding": 3421 + 1367,
        "attempted_boarding": 1999,
        "hijacking": 511,
        "vessel_fired_upon": 73,
        "suspicious_approach": 16,
        "vessel_detained": 1,
        None: 120 + 3,
    }
    assert sum("time" in each["extra"] for each in incidents) == 7511 - 6362
    assert Counter(each["location"]["country"] for each in incidents)["IDN"] == 1982
    assert all(each["location"]["latitude"] is not None for each in incidents)
    assert not any("NA" in each["extra"].values() for each in incidents)
    assert outcome(PIRATES, profile="pirates") == "added 0, changed 0, withdrawn 0, unchanged 7511"


def test_ids_of_pirate_attacks_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    import csv

    with PIRATES.open(newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    for name, some in (("a", rows[1500:2200]), ("b", rows[2199:1499:-1])):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *some])
    outcome(tmp_path / "a", profile="pirates")
    assert outcome(tmp_path / "b", profile="pirates", complete=True).startswith("added 0, changed 0, withdrawn 0")


def test_every_row_of_viina_is_an_incident() -> None:
    for year, count in ((2023, 650), (2024, 543), (2025, 325)):
        lines, err = load(VIINA[year], profile="viina")
        assert lines[-1] == f"added {count}, changed 0, withdrawn 0, unchanged 0"
        assert "line" not in err
    assert [batch.counts["added"] for batch in Batch.objects.order_by("id")] == [650, 543, 325]
    incidents = public().values()
    assert sum(each["location"]["precision"] == "unknown" for each in incidents) == 14 + 25 + 23
    assert not any('""' in each["summary"] for each in incidents)
    assert all(each["reports"] for each in incidents)
    nine = next(each for each in incidents if len(each["reports"]) == 9)
    assert {report["source"]["id"] for report in nine["reports"]} == {"viina-unknown"}
    assert nine["extra"]["sources_matching"].count("|") == 2
    assert Report.objects.filter(url__contains="|").count() == 0
    for year, count in ((2023, 650), (2024, 543), (2025, 325)):
        assert outcome(VIINA[year], profile="viina") == f"added 0, changed 0, withdrawn 0, unchanged {count}"
