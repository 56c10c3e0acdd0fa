"""Encodings: what is told from a file, how sure that is, and what is refused rather than guessed."""

from pathlib import Path

import pytest

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile

CYRILLIC = "місто,дата\n" + "Сєвєродонецьк,2022-08-04\nЛуганськ,2022-08-05\n" * 20
WESTERN = "ville,date\n" + "Orléans,2022-08-04\nMâcon,2022-08-05\n" * 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.mark.parametrize(
    ("text", "encoding", "name", "sure"),
    [
        (CYRILLIC, "utf-8", "utf-8-sig", "sure"),
        (CYRILLIC, "utf-8-sig", "utf-8-sig", "certain"),
        (CYRILLIC, "utf-16", "utf-16", "certain"),
        (WESTERN, "utf-16-le", "utf-16-le", "likely"),
        (WESTERN, "utf-16-be", "utf-16-be", "likely"),
        (CYRILLIC, "cp1251", "cp1251", "likely"),
        (WESTERN, "cp1252", "cp1252", "likely"),
        ("a,b\n1,2\n", "ascii", "utf-8-sig", "likely"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_in_the_encoding_that_it_has(
    path: Path, text: str, encoding: str, name: str, sure: str, line_end: str
) -> None:
    path.write_bytes(text.replace("\n", line_end).encode(encoding))
    with TableFile(path) as table:
        assert table.encoding is not None
        assert table.encoding[:2] == (name, sure)
        rows = [table.header, *(cells for _, cells in table.rows())]
        assert bool([note for note in table.notes if note.startswith("read as")]) == (name != "utf-8-sig")
    assert rows == [line.split(",") for line in text.splitlines()]


def test_an_encoding_that_nothing_speaks_for_is_not_guessed(path: Path) -> None:
    path.write_bytes(CYRILLIC.encode("koi8-u", "ignore"))
    with (
        pytest.raises(
            LoadError, match=r"line 1, byte 3 of the file, is not UTF-8 \(0xd3\), and its encoding cannot be told"
        ),
        TableFile(path),
    ):
        pass


def test_a_byte_that_the_encoding_lacks_is_told_with_its_place(path: Path) -> None:
    path.write_bytes(CYRILLIC.encode("cp1251") * 2000 + b"Kyiv,\x98\n")
    where = len(CYRILLIC.encode("cp1251") * 2000) + 6
    with (
        TableFile(path) as table,
        pytest.raises(LoadError, match=rf"line 82001, byte {where} of the file, is not cp1251"),
    ):
        list(table.rows())


def test_an_encoding_that_does_not_exist_is_refused(path: Path) -> None:
    path.write_text("a,b\n")
    with pytest.raises(LoadError, match="'cp12511' is no encoding"), TableFile(path, encoding="cp12511"):
        pass
