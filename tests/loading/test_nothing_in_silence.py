"""What a load reports so that nothing is lost in silence: lacking columns, merged names, missing licences, persons."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from incidents.loading.errors import ProfileError
from incidents.loading.profiles.profile import load as load_profile
from incidents.models import Location
from tests.loading.files import COLUMNS, event, load, public, write
from tests.loading.small import REPORTS, loaded, profile, rows, said

pytestmark = pytest.mark.django_db


def test_an_edition_without_columns_that_only_feed_extra_or_a_sentence_loads(tmp_path: Path) -> None:
    columns = [name for name in COLUMNS if name not in ("relid", "priogrid_gid", "event_clarity", "code_status")]
    lines, _ = load(write(tmp_path / "a.csv", [event(1)], columns=columns))
    told = next(line for line in lines if line.startswith("note: columns that the file lacks"))
    assert {each.strip() for each in told.partition("as they are:")[2].split(",")} == {*COLUMNS} - {*columns}
    assert "relid" not in public()["ucdp-ged-1"]["extra"]


def test_what_an_edition_lacks_stays_as_it_was(tmp_path: Path) -> None:
    load(write(tmp_path / "a.csv", [event(1)]))
    columns = [name for name in COLUMNS if name != "relid"]
    lines, _ = load(write(tmp_path / "b.csv", [event(1)], columns=columns))
    assert lines[-1] == "added 0, changed 0, withdrawn 0, unchanged 1"
    assert public()["ucdp-ged-1"]["extra"]["relid"] == event(1)["relid"]


def test_a_sentence_may_lack_a_column_but_not_all(tmp_path: Path) -> None:
    sentence = "{ template = 'At {a}, {b}.' }"
    assert loaded(tmp_path, "n,day,a\n1,2024-01-02,noon\n", summary=sentence)["1"]["summary"] == "At noon, ."
    with pytest.raises(CommandError, match="a: the file has no such column"):
        loaded(tmp_path, "n,day\n1,2024-01-02\n", summary=sentence)


def test_names_of_sources_that_fold_alike_are_reported_when_they_are_merged(tmp_path: Path) -> None:
    text = "n,day,outlet,url\n" + "".join(
        f"{number},2024-01-02,{name},https://a.example/{number}\n"
        for number, name in enumerate(("Channel A", "Channel-A", "Channel A+", "Канал", "Kanal", "Other"), 1)
    )
    told = said(tmp_path, text, rest=REPORTS.format(lists=""))
    assert "note: source channel-a is called by more than one name: Channel A, Channel A+, Channel-A" in told
    assert "note: source kanal is called by more than one name: Kanal, Канал" in told
    assert "source other" not in told


def test_a_dataset_without_licence_or_attribution_is_reported_before_it_is_published(tmp_path: Path) -> None:
    path, own = rows(tmp_path, "n,day\n1,2024-01-02\n"), Path(profile(tmp_path))
    text = own.read_text().replace("CC-BY-4.0", "LicenseRef-not-stated").replace('"Nobody"', '""')
    own.write_text(text)
    lines, _ = load(path, profile=str(own))
    at = next(number for number, line in enumerate(lines) if line.startswith("wrote"))
    before = "\n".join(lines[:at])
    assert "warning: small has no licence" in before
    assert "warning: small has no attribution" in before
    assert "warning: the profile has no [incident.reports]" in before


def test_incidents_without_a_report_are_listed_before_they_are_published(tmp_path: Path) -> None:
    path = rows(tmp_path, "n,day,outlet,url\n1,2024-01-02,A,\n2,2024-01-02,,\n")
    lines, _ = load(path, profile=profile(tmp_path, rest=REPORTS.format(lists="")))
    said_at = lines.index("note: rows without any report of their incident: 1, on line 3")
    assert said_at < next(number for number, line in enumerate(lines) if line.startswith("wrote"))
    assert not any(line.startswith("warning") for line in lines)


def test_columns_that_point_to_a_private_person_are_warned_of(tmp_path: Path) -> None:
    text = "n,day,Victim Name,town\n1,2024-01-02,Mary Invented,X\n"
    told = said(tmp_path, text, rest='[incident.extra]\ntext = ["Victim Name", "town"]')
    assert "warning: the profile reads Victim Name, which may point to a private person" in told
    assert "reads town" not in told


def test_words_for_nobody_are_zero_or_unknown_as_the_profile_says(tmp_path: Path) -> None:
    text = "n,day,killed\n1,2024-01-02,None\n2,2024-01-02,no\n3,2024-01-02,0 killed\n4,2024-01-02,3\n"
    figures = '[incident.killed]\nbest = { column = "killed", zero = ["none", "0 killed"], missing = ["no"] }'
    found = loaded(tmp_path, text, rest=figures)
    assert [found[number]["casualties"]["killed"]["best"] for number in "1234"] == [0, None, 0, 3]
    with pytest.raises(CommandError, match="3 rows have errors"):
        loaded(tmp_path, text, rest='[incident.killed]\nbest = "killed"')


def test_zero_is_for_numbers(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="zero: is for numbers only"):
        load_profile(profile(tmp_path, summary='{ column = "a", zero = ["none"] }'))


PLACE = """
[incident.place]
name = "town"
admin1 = "region"
geonames_id = "number"
kind = { constant = "settlement" }
precision = { constant = "settlement" }
"""


def test_a_place_that_the_file_has_in_another_region_is_told(tmp_path: Path) -> None:
    text = "n,day,town,region,number\n1,2024-01-02,Aldoria,North,7001\n2,2024-01-02,Belmont,South,7002\n"
    assert "another area" not in said(tmp_path, text, rest=PLACE)
    Location.objects.filter(name="Aldoria").update(parent=Location.objects.get(name="South"))
    told = said(tmp_path, text.replace("Aldoria,North", "Aldoria,West"), rest=PLACE)
    assert "places in another area than the file has them in; they stay where they are: 1" in told
    assert "(Aldoria): in south (South); in west (West) by the file; editors put it there" in told
    assert "Belmont" not in told
    assert "west" not in public("location")
