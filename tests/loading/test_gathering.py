"""Rows that belong together are one incident: figures summed, lists gathered, contradictions told by line."""

import random
from pathlib import Path

import pytest
from django.core.management import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.loading.errors import BadRow, ProfileError
from incidents.loading.files import TableFile
from incidents.loading.pipeline.calculator import Calculator
from incidents.loading.pipeline.gathering import Gatherer, Part
from incidents.loading.pipeline.refused_names import RefusedNames
from incidents.loading.profiles.profile import parse
from incidents.loading.staging.parsed import unstaged
from incidents.models import Actor, Location, Source
from tests.loading.files import load, public

PROFILE = """
title = "t"
[dataset]
id = "d"
name = "D"
licence = "CC0-1.0"
[incident]
id = "d-{incident}"
repeated = "gather"
event_type = { constant = "unknown" }
summary = "what"
targets = { column = "target", separator = "|" }
[incident.date]
start = "date"
[incident.place]
name = "town"
kind = { constant = "settlement" }
precision = { constant = "settlement" }
[incident.killed]
best = "killed"
rows = "sum"
[incident.injured]
best = "injured"
[[incident.actors]]
id = "a-{group}"
name = "group"
kind = { constant = "unknown" }
role = { constant = "alleged_perpetrator" }
certainty = { constant = "coded" }
[[incident.reports.lists]]
columns = { outlet = "source" }
[incident.reports.report]
identity = "{outlet}"
[incident.reports.source]
id = "{outlet}"
name = "outlet"
kind = { constant = "unknown" }
[incident.extra]
text = ["weather"]
gathered = ["job"]
"""
HEADER = "incident,date,what,town,target,killed,injured,group,source,weather,job"
ROWS = [
    "1,2024-01-02,A raid,Aville,railway,1,3,Blues,Daily A,fog,driver",
    "2,2024-01-03,A fire,Bville,energy,,,Reds,Daily B,,clerk",
    "1,2024-01-02,A raid,Aville,energy|railway,0,,Greens,Daily A,,farmer",
    "1,2024-01-02,A raid,,,1,3,Blues,Daily C,fog,driver",
]


def written(folder: Path, rows: list[str], profile: str = PROFILE) -> tuple[Path, str]:
    path, mine = folder / "a.csv", folder / "p.toml"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    mine.write_text(profile)
    return path, str(mine)


@pytest.mark.django_db
def test_rows_with_one_id_are_one_incident_however_far_apart(tmp_path: Path) -> None:
    path, profile = written(tmp_path, ROWS)
    lines, _ = load(path, profile=profile)
    assert "gathered 4 rows into 2 incidents" in lines
    assert lines[-1] == "added 2, changed 0, withdrawn 0, unchanged 0"
    first, second = public()["d-1"], public()["d-2"]
    assert (first["casualties"]["killed"]["best"], first["casualties"]["injured"]["best"]) == (2, 3)
    assert first["targets"] == ["energy", "railway"]
    assert sorted(each["name"] for each in first["actors"]) == ["Blues", "Greens"]
    assert sorted(each["source"]["name"] for each in first["reports"]) == ["Daily A", "Daily C"]
    assert first["extra"] == {"job": "driver; farmer", "weather": "fog"}
    assert (second["casualties"]["killed"]["best"], second["extra"]) == (None, {"job": "clerk"})
    random.Random(2).shuffle(rows := list(ROWS))
    path, profile = written(tmp_path, rows)
    assert load(path, profile=profile)[0][-1] == "added 0, changed 0, withdrawn 0, unchanged 2"


@pytest.mark.django_db
def test_a_contradiction_is_told_with_both_lines(tmp_path: Path) -> None:
    other = "1,2024-01-05,A raid,Dville,,1,,Blues,Daily A,rain,driver"
    path, profile = written(tmp_path, [*ROWS, other])
    with pytest.raises(CommandError, match="Nothing was loaded: 4 rows have errors"):
        load(path, profile=profile)
    lines, err = load(path, profile=profile, skip_bad=True)
    assert lines[-1] == "added 1, changed 0, withdrawn 0, unchanged 0"
    told = err.splitlines()
    assert 'line 6, date: "2024-01-05", expected what line 2 of the same incident says, 2024-01-02' in told
    assert {each.name for each in Location.objects.all()} == {"Bville"}
    assert 'line 6, weather: "rain", expected what line 2 of the same incident says, fog' in told


@pytest.mark.django_db
def test_an_incident_with_a_bad_row_is_not_loaded_without_it(tmp_path: Path) -> None:
    path, profile = written(tmp_path, [*ROWS, "1,2024-01-02,A raid,Aville,,many,,Blues,Daily A,,driver"])
    lines, err = load(path, profile=profile, skip_bad=True)
    assert list(public()) == ["d-2"]
    assert 'line 2, incident: "d-1", expected an incident whose rows can all be loaded; line 6 cannot' in err
    assert "left out 4 bad rows" in lines
    assert {each.name for each in Location.objects.all()} == {"Bville"}


@pytest.mark.django_db
def test_what_is_gathered_and_too_long_is_told(tmp_path: Path) -> None:
    rows = [f"1,2024-01-02,A raid,Aville,,,,,,,{letter * 12_000}" for letter in "ab"]
    path, profile = written(tmp_path, rows)
    with pytest.raises(CommandError, match="Nothing was loaded: 2 rows have errors"):
        load(path, profile=profile)


@pytest.mark.parametrize("line", ['rows = "sum"', 'gathered = ["job"]'])
def test_what_gathers_needs_the_key_that_says_so(line: str) -> None:
    text = PROFILE.replace('repeated = "gather"\n', "")
    for each in ('rows = "sum"\n', 'gathered = ["job"]\n'):
        text = text if each.startswith(line) else text.replace(each, "")
    with pytest.raises(ProfileError, match=r'need \[incident\] repeated = "gather"'):
        parse(text, "p.toml")


@settings(max_examples=40, deadline=None)
@given(st.permutations(ROWS))
def test_the_order_of_rows_says_nothing(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    path, profile = written(tmp_path_factory.mktemp("any"), rows)
    found = parse(Path(profile).read_text(), "p.toml")
    with TableFile(path) as table:
        parsed = Calculator(found, table.header).parse(list(table.rows()))
    good = [each[0] for each in parsed.rows if not isinstance(each, BadRow)]
    parts = (Part(row.line, row.id, row) for row in sorted(good, key=lambda row: (row.id, row.line)))
    gathered = [
        row for _, row in Gatherer(found.keys.incident, RefusedNames()).each(parts) if not isinstance(row, BadRow)
    ]
    said = [unstaged(row.facts, row.id)._replace(line=0) for row in gathered]
    assert [each.id for each in said] == ["d-1", "d-2"]
    assert said[0].fields["killed_best"] == 2
    assert said[0].fields["extra"] == {"job": "driver; farmer", "weather": "fog"}
    assert [role.actor for role in said[0].roles] == ["a-blues", "a-greens"]


@pytest.mark.django_db
def test_what_only_a_refused_row_names_is_not_made(tmp_path: Path) -> None:
    text = PROFILE.replace('repeated = "gather"\n', "").replace('rows = "sum"\n', "").replace('gathered = ["job"]', "")
    rows = [ROWS[0], ROWS[1], "2,2024-01-04,A raid,Cville,,,,Browns,Daily D,,"]
    path, profile = written(tmp_path, rows, text)
    _, err = load(path, profile=profile, skip_bad=True)
    assert "expected an id that no other row has" in err
    assert {each.name for each in Location.objects.all()} == {"Aville", "Bville"}
    assert {each.name for each in Source.objects.all()} == {"Daily A", "Daily B"}
    assert {each.name for each in Actor.objects.all()} == {"Blues", "Reds"}
