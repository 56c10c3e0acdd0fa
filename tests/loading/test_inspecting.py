"""`manage.py profile`: what it tells of a file, and a proposed profile with which the file loads."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.loading.profiles.profile import load as load_profile
from tests.loading.files import REAL, load, needs_real_file
from tests.loading.test_shared_files import PIRATES, VIINA

GERMAN = """Nr;Datum;Ort;lat;lon;killed;Beschreibung
1;04.08.2022;Köln;50,94;6,96;2;Ein Vorfall, gemeldet von der Polizei in Köln
2;15.08.2022;Ulm;48,4;9,99;;Noch ein Vorfall, von dem wenig gesagt wird
"""
AMERICAN = """Incident Date,City,State,Type,# Killed,Latitude,Longitude,Notes
03/04/2022,Springfield,IL,Protest,0,39.8,-89.6,A march went through the streets of the town
05/06/2022,Salem,OR,Riot,N/A,44.9,-123.0,Windows were broken near the station at night
05/07/2022,Salem,OR,Protest,-9,44.9,-123.0,"People met, and went home again in the evening"
05/07/2022,Salem,OR,,1,44.9,-123.0,"People met again"
"""
CYRILLIC = """номер;дата;тип;місто;широта;довгота;загинуло;опис
1;04.08.2022;вибух;Луганськ;48,57;39,3;2;Пролунав вибух біля станції
2;05.08.2022;вибух;Сватове;49,4;38,1;0;Вибухнув склад
3;25.08.2022;пожежа;Сватове;49,4;38,1;;Пожежа на складі
4;26.08.2022;пожежа;Сватове;49,4;38,1;;Пожежа на складі знову
"""
MADE_UP = {
    "german.csv": GERMAN.encode(),
    "american.csv": AMERICAN.encode(),
    "cyrillic.csv": CYRILLIC.encode("cp1251"),
}


def told(path: Path, **options: Any) -> list[str]:
    out = io.StringIO()
    call_command("profile", path, stdout=out, **options)
    return out.getvalue().splitlines()


def made_up(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(MADE_UP[name])
    return path


def test_what_is_told_of_a_file_with_decimal_commas(tmp_path: Path) -> None:
    lines = told(made_up(tmp_path, "german.csv"))
    assert lines[0] == "german.csv: delimited text, 2 rows, 7 columns"
    assert "  delimiter  ;" in lines
    assert "lat: number with decimal comma, 2 of 2 filled, every one different  → latitude" in lines
    assert "  written as %d.%m.%Y" in lines
    assert 'decimal = ","' in lines


def test_an_ambiguous_date_is_told_and_never_chosen_in_silence(tmp_path: Path) -> None:
    lines = told(made_up(tmp_path, "american.csv"))
    assert "  AMBIGUOUS: every one could as well be %m/%d/%Y, for example 03/04/2022" in lines
    assert any(line.startswith("# LOOK: AMBIGUOUS.") for line in lines)
    assert 'missing = ["N/A"]' in lines
    assert "  may say nothing: -9 (1)" in lines
    path = made_up(tmp_path, "american.csv")
    path.write_text(AMERICAN.replace("03/04/2022", "03/24/2022"))
    lines = told(path)
    assert "  written as %m/%d/%Y" in lines
    assert not [line for line in lines if "AMBIGUOUS" in line]


def test_what_is_told_of_a_file_in_cp1251(tmp_path: Path) -> None:
    lines = told(made_up(tmp_path, "cyrillic.csv"))
    assert any(line.startswith("  encoding   cp1251 (likely: ") for line in lines)
    assert "  values: вибух (2), пожежа (2)" in lines
    assert any(line.startswith('encoding = "cp1251" # cp1251 (likely: ') for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("name", MADE_UP)
def test_a_proposed_profile_loads_the_file(tmp_path: Path, name: str) -> None:
    path, profile = made_up(tmp_path, name), tmp_path / "mine.toml"
    told(path, output=profile)
    rows = MADE_UP[name].count(b"\n") - 1
    lines, err = load(path, profile=str(profile), dry_run=True)
    assert (lines[-1], err) == (f"added {rows}, changed 0, withdrawn 0, unchanged 0", "")
    assert not [line for line in lines if "not loaded" in line]


@pytest.mark.slow
@needs_real_file
@pytest.mark.django_db
@pytest.mark.parametrize(("path", "rows"), [(REAL, 2989), (VIINA[2025], 325), (PIRATES, 7511)])
def test_a_profile_proposed_for_a_real_file_loads_it(tmp_path: Path, path: Path, rows: int) -> None:
    profile = tmp_path / "mine.toml"
    told(path, output=profile)
    lines, _ = load(path, profile=str(profile), dry_run=True)
    assert lines[-1] == f"added {rows}, changed 0, withdrawn 0, unchanged 0"


def test_a_profile_is_proposed_for_nested_json(tmp_path: Path) -> None:
    path = tmp_path / "f.ndjson"
    path.write_text(
        '{"id": 1, "when": {"day": "2022-08-04"}, "tags": ["a", "b"], "text": "Something happened in the town today"}\n'
        '{"id": 2, "when": {"day": "2022-08-05"}, "tags": [], "place": {"lat": 48.5, "lon": 39.25}}\n'
    )
    profile = tmp_path / "mine.toml"
    lines = told(path, output=profile)
    assert "place.lat: number, 1 of 2 filled  → latitude" in lines
    assert "tags: json list, 1 of 2 filled  → tags" in lines
    assert any(field.is_list for field, _ in load_profile(str(profile)).keys.incident.declared())


def test_a_profile_is_never_written_over(tmp_path: Path) -> None:
    path = made_up(tmp_path, "german.csv")
    with pytest.raises(CommandError, match="already exists"):
        told(path, output=path)


def test_profiles_that_fit_are_told(tmp_path: Path) -> None:
    if not PIRATES.exists():
        pytest.skip("the real files are not there")
    assert "Included profiles that match the header: viina" in told(VIINA[2025])


@pytest.mark.django_db
def test_a_profile_is_guessed_only_aloud(tmp_path: Path) -> None:
    from tests.loading.files import events, write

    path = write(tmp_path / "events.csv", events(1))
    lines, _ = load(path, profile=None)
    assert lines[0] == "note: no --profile; the header fits ucdp-ged and no other that ships, so that was taken"
    out = io.StringIO()
    with pytest.raises(CommandError, match="The header fits no profile that ships, so nothing was loaded"):
        call_command("load_incidents", made_up(tmp_path, "german.csv"), stdout=out)
    assert 'latitude = "lat" # sure' in out.getvalue()
    assert "Tried: all 2 rows can be loaded with it." in out.getvalue()


def test_a_shipped_profile_needs_columns_for_incident_date_and_place(tmp_path: Path) -> None:
    from incidents.loading.inspection.suggestion import fitting

    path = tmp_path / "a.csv"
    for header, names in (
        ("properties.title,properties.date,properties.place,geometry.type", ["geojson"]),
        ("properties.title,properties.date,geometry.type", []),
        ("properties.title,properties.place,geometry.type", []),
        ("weather,properties.killed,geometry.type", []),
    ):
        path.write_text(f"{header}\n{header}\n")
        assert fitting(path) == names
