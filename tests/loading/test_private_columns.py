"""Columns of private persons in other languages, and such as only their cells tell of: never proposed."""

import tomllib
from pathlib import Path

import pytest

from incidents.loading.inspection.private import why_private
from tests.loading.proposing import proposal_of, written

NAMES = ("Mary Invented", "John Fictional", "Ann Imagined", "Bob Madeup")


def ignored(folder: Path, header: list[str], *rows: list[str]) -> list[str]:
    """Return the columns that a proposal leaves out, beside an id, a day and a text."""
    texts = [
        "A depot was set on fire at night",
        "A bus was stopped on the road",
        "A shop was looted",
        "A mill was shut",
    ]
    full = [[str(n), f"2023-01-0{n + 1}", texts[n], *row] for n, row in enumerate(rows)]
    listed: list[str] = tomllib.loads(proposal_of(written(folder, ["id", "date", "what", *header], *full))[1])[
        "file"
    ].get("ignored", [])
    return listed


@pytest.mark.parametrize(
    ("what", "cells"),
    [
        ("names", NAMES),
        ("names", ("Invented, Mary", "Fictional, John", "Imagined, Ann", "Madeup, Bob")),
        ("names", ("Марія Вигадана", "Іван Неіснуючий", "Олена Уявна", "Петро Примарний")),
        ("telephones", ("+44 20 7946 0958", "020 7946 0111", "(020) 7946-0222", "+442079460333")),
        ("telephones", ("0501112233", "0672223344", "0931112255", "0501112299")),
        ("telephones", ("mother 050 111 22 33", "sister 067 222 33 44", "050 333 44 55", "father 067 333 44 55")),
        ("mail", ("a@example.org", "b@example.org", "c@example.org", "none known")),
        ("accounts", ("@mary", "@john_f", "@ann.i", "@bob")),
        ("pages", ("https://facebook.com/mary", "https://www.instagram.com/john/", "vk.com/id1", "fb.com/bob")),
        ("bank", ("GB29NWBK60161331926819", "DE89 3704 0044 0532 0130 00", "FR1420041010050500013M02606", "-")),
        ("births", ("1988-02-03", "1990-05-06", "1979-12-13", "2001-07-08")),
    ],
)
def test_what_cells_hold_tells_of_persons_under_whatever_name(
    tmp_path: Path, what: str, cells: tuple[str, ...]
) -> None:
    assert ignored(tmp_path, ["field_7"], *([cell] for cell in cells)) == ["field_7"], what


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("source", ("@channel_a", "@channel_b", "@channel_c", "@channel_d")),
        ("city", ("New Haven", "Saint Albans", "Long Beach", "Los Alamos")),
        ("link", tuple(f"https://www.facebook.com/daily/posts/{n}" for n in range(4))),
        ("case", ("2022-0001-01", "2022-0001-02", "2022-0002-01", "2022-0003-01")),
        ("grid", ("48.5 37.9", "48.6 37.9", "48.7 37.9", "48.8 37.9")),
        ("entered", ("2023-02-01", "2023-02-02", "2023-02-03", "2023-02-04")),
        ("pcode", ("010100000", "010200000", "010300000", "010400000")),
        ("vessel", NAMES),
        ("weapon", ("Molotov Cocktail", "Hand Grenade", "Molotov Cocktail", "Molotov Cocktail")),
    ],
)
def test_things_are_not_taken_for_persons(tmp_path: Path, name: str, cells: tuple[str, ...]) -> None:
    assert ignored(tmp_path, [name], *([cell] for cell in cells)) == []


def test_a_bare_name_beside_columns_of_persons_is_a_persons(tmp_path: Path) -> None:
    rows = (["Ana María", "Inventada", "34"], ["Pedro", "Ficticio", "19"])
    assert ignored(tmp_path, ["Nombre", "Apellidos", "Edad"], *rows) == ["Nombre", "Apellidos", "Edad"]


def test_a_sparse_column_is_left_out_beside_its_like(tmp_path: Path) -> None:
    rows = (["Mary Invented", "Paul Invented"], ["John Fictional", ""], ["Ann Imagined", ""])
    assert ignored(tmp_path, ["vic_1", "vic_2"], *rows) == ["vic_1", "vic_2"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("victims", ("Mary Invented, 34, teacher, shot at home", "John Fictional (19), student")),
        ("Загиблі", ("Вигаданий Іван, Неіснуюча Олена", "Уявний Петро")),
        ("الضحايا", ("محمد أحمد المخترع", "فاطمة علي الخيالية")),
        ("Muertos", ("Ana Inventada", "Pedro Ficticio")),
    ],
)
def test_names_under_words_for_parties_are_left_out(tmp_path: Path, name: str, cells: tuple[str, ...]) -> None:
    assert ignored(tmp_path, [name], *([cell] for cell in cells)) == [name]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "né(e) le",
            "ФИО погибшего",
            "р.н.",
            "Адрес регистрации",
            "Соцсети",
            "соцмережі",
            "контакт родичів",
            "guardian",
        ),
        *("nat_no", "acct", "home", "ig", "Dirección de residencia", "Fecha Nac.", "Lieu de résidence", "رقم الموبايل"),
        *(
            "اسم الموقوف",
            "محل الإقامة",
            "Teléfono familiar",
            "місце реєстрації",
            "No. Documento",
            "Numéro de téléphone",
        ),
    ],
)
def test_private_persons_are_known_in_more_headers(name: str) -> None:
    assert why_private(name)
