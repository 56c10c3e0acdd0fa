"""Columns that point to private persons: never proposed for publication."""

import tomllib
from pathlib import Path

import pytest

from incidents.loading.inspection.private import why_private
from tests.loading.proposing import assert_accounted_for, proposal_of, written

PRIVATE = {
    "Victim Name": "Mary Invented",
    "Name": "Anna Beispiel",
    "Date of birth": "1990-02-03",
    "Passport no": "AB12345",
    "Home address": "1 Some Street",
    "Phone": "+380 00 000 00 00",
    "Прізвище": "Вигадана",
    "Fecha de nacimiento": "1990-02-03",
    "رقم الهوية": "12345",
    "contact": "mary@example.org",
    "Age": "33",
}


def test_columns_of_private_persons_are_left_out_with_the_reason(tmp_path: Path) -> None:
    header = ["id", "date", "what", "town", *PRIVATE]
    path = written(
        tmp_path,
        header,
        ["1", "2024-01-02", "A fire at a depot in the old town", "Aville", *PRIVATE.values()],
        ["2", "2024-01-03", "A fire at a mill in the new town", "Bville", *[f"{each} " for each in PRIVATE.values()]],
    )
    plan, text, trial = proposal_of(path)
    document = tomllib.loads(text)
    assert set(document["file"]["ignored"]) == set(PRIVATE)
    assert text.count("points to a private person") == len(PRIVATE)
    del document["file"]["ignored"]
    assert not any(name in str(document) for name in PRIVATE)
    assert (trial.bad, trial.rows) == (0, 2)
    assert_accounted_for(plan, text)


@pytest.mark.parametrize(
    ("name", "cell", "is_private"),
    [
        ("Victims", "Mary Invented; John Invented", True),
        ("Victim", "Invented, Mary", True),
        ("Perpetrator", "JOHN INVENTED (33)", True),
        ("Жертва", "Марія Вигадана", True),
        ("Perpetrator", "Blue Army", False),
        ("Suspects", "two men", False),
        ("Persons killed", "2", False),
        ("Relative humidity", "0.5", False),
        ("Age of the ship", "12", False),
        ("Victim age", "33", True),
        ("Name of the source", "Daily A", False),
        ("Имя источника", "Газета", False),
        ("Medical facility", "Clinic A", False),
        ("IP address", "192.0.2.1", True),
    ],
)
def test_what_points_to_a_person_is_told_from_what_does_not(
    tmp_path: Path, name: str, cell: str, is_private: bool
) -> None:
    path = written(tmp_path, ["id", "date", "what", name], ["1", "2024-01-02", "A fire at a mill", cell])
    ignored = tomllib.loads(proposal_of(path)[1])["file"].get("ignored", [])
    assert (name in ignored) == is_private


@pytest.mark.parametrize(
    "name",
    [
        "Name of suspect",
        "suspectName",
        "names_of_detainees",
        "Імʼя жертви",
        "имя пострадавшего",
        "victim_first",
        "fname",
        "next of kin",
        "Mother’s name",
        "nombre del detenido",
        "שם",
        "teudat zehut",
        "תעודת זהות",
        "Aadhaar No",
        "CPF",
        "national_insurance_number",
        "Emirates ID",
        "личный номер",
        "дата рожд.",
        "г.р.",
        "رقم الجوال",
        "טלפון",
        "WhatsApp number",
        "Telegram handle",
        "Handy",
        "home_lat",
        "lon_home",
        "bank_acc",
        "Ethnic origin",
    ],
)
def test_private_persons_are_known_in_many_headers(name: str) -> None:
    assert why_private(name)


@pytest.mark.parametrize(
    "name",
    [
        "nombre de victimes",
        "name of the attackers' group",
        "suspect vessel name",
        "missing persons",
        "arrested persons",
        "olay adı",
        "grid cell",
        "cell",
        "photo",
        "fingerprint",
        "licence",
        "event name",
        "place name",
        "source_handle",
        "name_of_children_s_hospital",
    ],
)
def test_things_and_figures_are_not_taken_for_persons(name: str) -> None:
    assert not why_private(name)


def test_names_of_things_are_not_those_of_persons(tmp_path: Path) -> None:
    header = ["id", "date", "what", "vessel_name", "victim", "dyad_name"]
    path = written(
        tmp_path,
        header,
        ["1", "2024-01-02", "A fire at a depot", "Mary Invented", "Guards", "Government - Blues"],
        ["2", "2024-01-03", "A fire at a mill", "Anna Beispiel", "Drivers", "Government - Reds"],
    )
    assert "ignored" not in tomllib.loads(proposal_of(path)[1])["file"]
    people = [[str(number), "2024-01-02", f"Mary Invented{'a' * number}"] for number in (1, 2)]
    path = written(tmp_path, ["id", "date", "victim"], *people)
    assert tomllib.loads(proposal_of(path)[1])["file"]["ignored"] == ["victim"]
