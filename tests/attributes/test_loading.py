"""Profiles declare fields of the dataset, and say where a row has their values."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents import publishing
from incidents.loading.errors import LoadError
from incidents.loading.profiles.profile import load as load_profile
from incidents.models import Dataset, DatasetCode, Incident
from tests.attributes.conftest import Asking, declare
from tests.loading.files import load

pytestmark = pytest.mark.django_db

PROFILE = """
title = "Raids"
[file]
[dataset]
id = "raids"
name = "Raids"
licence = "CC-BY-4.0"

[[fields]]
name = "kind"
type = "code"
label = "Kind of raid"
value = { column = "kind", values = { B = "boarding", H = "hijacking" } }
codes = [
  { code = "boarding", label = "Boarding", labels = { fr = "Abordage" }, event_type = "armed_attack" },
  { code = "hijacking", label = "Hijacking", event_type = "piracy" },
]

[[fields]]
name = "arms"
type = "codes"
label = "Arms"
value = { column = "arms", separator = ";" }
codes = [{ code = "gun", label = "Gun" }, { code = "rpg", label = "Rocket-propelled grenade" }]

[[fields]]
name = "detained"
type = "range"
label = "Detained"
low = "few"
best = "some"
high = "many"

[[fields]]
name = "seen"
type = "date"
label = "First seen"
formats = ["%d.%m.%Y"]
value = "seen"

[[fields]]
name = "comment"
type = "text"
label = "Comment"
public = false
value = "comment"

[[fields]]
name = "vessel"
type = "text"
label = "Vessel"

[incident]
id = "raid-{n}"
summary = "text"
time = "hour"
time_zone = { constant = "Asia/Singapore" }
[incident.date]
start = "day"
"""

ROW = {
    "n": "1",
    "text": "A raid.",
    "day": "2022-07-01",
    "hour": "04:30",
    "kind": "B",
    "arms": "gun; rpg",
    "few": "1",
    "some": "2",
    "many": "",
    "seen": "30.06.2022",
    "comment": "by phone",
}


def write(directory: Path, *rows: dict[str, str], profile: str = PROFILE) -> tuple[Path, str]:
    """Write a file and its profile."""
    path, to_read = directory / "raids.csv", directory / "raids.toml"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(ROW))
        writer.writeheader()
        writer.writerows(rows or [ROW])
    to_read.write_text(profile, encoding="utf-8")
    return path, str(to_read)


def loaded(directory: Path, *rows: dict[str, str], profile: str = PROFILE) -> str:
    """Load a file; return what the command says last."""
    path, to_read = write(directory, *rows, profile=profile)
    return load(path, profile=to_read)[0][-1]


def test_values_are_loaded_and_published(tmp_path: Path, ask: Asking) -> None:
    loaded(tmp_path, ROW, ROW | {"n": "2", "kind": "H", "arms": "", "few": "", "some": "", "seen": "", "comment": ""})
    first, second = (ask(f"incidents/raid-{number}/") for number in (1, 2))
    assert first["attributes"] == {
        "kind": "boarding",
        "arms": ["gun", "rpg"],
        "detained": {"low": 1, "best": 2, "high": None},
        "seen": "2022-06-30",
    }
    assert second["attributes"] == {"kind": "hijacking"}
    assert (first["event_type"], second["event_type"]) == ("armed_attack", "piracy")
    assert (first["date"]["time"], first["date"]["time_zone"]) == ("04:30", "Asia/Singapore")
    assert Incident.objects.get(public_id="raid-1").attributes["comment"] == "by phone"
    declared = ask("datasets/raids/")["attributes"]
    assert [each["name"] for each in declared] == ["kind", "arms", "detained", "seen", "vessel"]
    assert ask.ids(**{"attr.kind": "boarding"}) == ["raid-1"]
    assert ask.ids(event_type="piracy") == ["raid-2"]


def test_the_same_file_again_changes_nothing(tmp_path: Path, ask: Asking) -> None:
    loaded(tmp_path)
    head = ask("incidents/")["as_of"]
    assert loaded(tmp_path).startswith("added 0, changed 0")
    assert ask("incidents/")["as_of"] == head


def test_a_reload_leaves_what_editors_set(tmp_path: Path, ask: Asking) -> None:
    loaded(tmp_path)
    incident = Incident.objects.get(public_id="raid-1")
    incident.attributes |= {"vessel": "MV Ruritania", "kind": "hijacking"}
    incident.save()
    publishing.publish([incident])
    loaded(tmp_path, ROW | {"arms": "rpg"})
    after = ask("incidents/raid-1/")["attributes"]
    assert after["vessel"] == "MV Ruritania"  # the profile gives it no value
    assert (after["kind"], after["arms"]) == ("boarding", ["rpg"])  # the file is the authority
    assert list(after) == ["kind", "arms", "detained", "seen", "vessel"]
    incident.refresh_from_db()
    assert incident.attributes["vessel"] == "MV Ruritania"
    assert incident.attributes["comment"] == "by phone"


def test_a_code_that_editors_added_stays_declared(tmp_path: Path, ask: Asking) -> None:
    loaded(tmp_path)
    kind = Dataset.objects.get(public_id="raids").own_fields.get(name="kind")
    DatasetCode.objects.create(attribute=kind, code="attempt", label="Attempt", position=2)
    loaded(tmp_path, ROW | {"text": "A raid at night."}, profile=PROFILE.replace("Kind of raid", "Kind"))
    declared = ask("datasets/raids/")["attributes"][0]
    assert declared["label"] == "Kind"
    assert [code["code"] for code in declared["codes"]] == ["boarding", "hijacking", "attempt"]


def test_a_new_field_publishes_no_other_edit_of_the_dataset(tmp_path: Path, ask: Asking) -> None:
    without = PROFILE.replace(PROFILE[PROFILE.index('[[fields]]\nname = "vessel"') : PROFILE.index("[incident]")], "")
    loaded(tmp_path, profile=without)
    dataset = Dataset.objects.get(public_id="raids")
    dataset.description = "Not checked yet."
    dataset.save()
    declare(dataset, "draft", "text")
    loaded(tmp_path, ROW | {"n": "2"})
    after = ask("datasets/raids/")
    assert after["description"] == ""
    assert [each["name"] for each in after["attributes"]][-1] == "vessel"
    assert "draft" not in str(after)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "X"}, "kind"),
        ({"arms": "gun;sword"}, "one of gun, rpg"),
        ({"few": "5"}, "best (2) is less than low (5)"),
        ({"some": "two"}, "a whole number"),
        ({"seen": "2022-06-30"}, "a date such as 22.01.2014"),
        ({"hour": "4h30"}, "a time of day as HH:MM"),
        ({"kind": ""}, "an own code that stands for one"),
    ],
)
def test_a_wrong_cell_is_reported(tmp_path: Path, wrong: dict[str, str], said: str) -> None:
    path, profile = write(tmp_path, ROW | wrong)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("load_incidents", str(path), profile=profile, stdout=out, stderr=out)
    assert said in out.getvalue()
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('type = "range"', 'type = "ranges"', "fields.3.type: has to be one of code, codes"),
        ('name = "seen"', 'name = "seen_after"', "fields.seen_after.name: must not end with _after"),
        ('name = "seen"', 'name = "arms"', "the name arms is taken"),
        ('label = "Vessel"', f'label = "{"V" * 201}"', "fields.vessel.label: must have at most 200 characters"),
        ('low = "few"', 'value = "few"', "fields.3.value: is not for a field of type range"),
        ('event_type = "piracy"', 'event_type = "raid"', "fields.kind.codes.hijacking.event_type: must be one of"),
        ('B = "boarding"', 'B = "bording"', "has to be one of boarding, hijacking"),
        ('label = "Vessel"', 'lable = "Vessel"', "fields.6.lable: is not known; did you mean label?"),
    ],
)
def test_a_wrong_declaration_is_reported_by_its_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert PROFILE.count(old) == 1
    _, path = write(tmp_path, profile=PROFILE.replace(old, new))
    with pytest.raises(LoadError) as refused:
        load_profile(path)
    assert said in str(refused.value)


def test_a_profile_without_an_event_type_is_refused(tmp_path: Path) -> None:
    without = PROFILE.replace(', event_type = "armed_attack"', "").replace(', event_type = "piracy"', "")
    _, path = write(tmp_path, profile=without)
    with pytest.raises(LoadError, match=r"incident\.event_type: is missing"):
        load_profile(path)


def test_a_field_of_another_type_is_refused(tmp_path: Path) -> None:
    loaded(tmp_path)
    other = PROFILE.replace('type = "text"\nlabel = "Comment"', 'type = "link"\nlabel = "Comment"')
    with pytest.raises(CommandError, match="comment: is of type link, and the dataset has it as text"):
        loaded(tmp_path, ROW | {"comment": "https://example.org/1"}, profile=other)


def test_a_field_is_renamed(tmp_path: Path, ask: Asking) -> None:
    loaded(tmp_path)
    renamed = PROFILE.replace('name = "arms"', 'name = "weapons"\nformerly = ["arms"]')
    before: dict[str, Any] = ask("incidents/raid-1/")
    loaded(tmp_path, ROW | {"n": "2"}, profile=renamed)
    assert ask("incidents/raid-1/") == before
    assert set(ask.ids(**{"attr.weapons": "gun"})) == {"raid-1", "raid-2"}
    loaded(tmp_path, ROW, profile=renamed)
    assert ask("incidents/raid-1/")["attributes"]["weapons"] == ["gun", "rpg"]
    assert "arms" not in ask("incidents/raid-1/")["attributes"]
