"""Encodings: what is told from a file, how sure that is, and what is refused rather than guessed."""

from pathlib import Path

import pytest

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile

CYRILLIC = "місто,дата\n" + "Сєвєродонецьк,2022-08-04\nЛуганськ,2022-08-05\n" * 20
RUSSIAN = "date,text\n" + "2024-01-02,Партизаны подорвали железную дорогу у города Мелитополь\n"
POLISH = "miasto,opis\n" + "Łódź,Pożar składu w nocy wybuchł między szkołą a dworcem\n" * 3
ARABIC = "المدينة,الوصف\n" + "حلب,وقع انفجار قرب السوق في المدينة وقتل ثلاثة أشخاص\n" * 3
JAPANESE = "日付,内容\n" + "二千年,爆発が起きた。駅の近くで多くの人が倒れた\n" * 5
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
        (CYRILLIC, "koi8-u", "koi8-u", "likely"),
        (RUSSIAN, "koi8-r", "koi8-u", "likely"),
        (RUSSIAN, "cp866", "cp866", "likely"),
        (RUSSIAN.upper(), "cp1251", "cp1251", "a guess"),
        (RUSSIAN, "iso8859-5", "iso8859-5", "likely"),
        (WESTERN, "cp1252", "cp1252", "likely"),
        (POLISH, "cp1250", "cp1250", "likely"),
        (ARABIC, "cp1256", "cp1256", "likely"),
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
    path.write_bytes(JAPANESE.encode("shift-jis"))
    with (
        pytest.raises(
            LoadError, match=r"line 1, byte 1 of the file, is not UTF-8 \(0x93\), and its encoding cannot be told"
        ),
        TableFile(path),
    ):
        pass


def test_letters_that_make_no_words_are_told_as_a_guess(path: Path) -> None:
    path.write_bytes("a,b\n1,ДНЬМ\n".encode("cp1251"))
    with TableFile(path) as table:
        assert table.encoding is not None
        assert table.encoding.sure == "a guess"
    path.write_bytes("a,b\n1,щ\n".encode("cp1251"))
    with pytest.raises(LoadError, match="cannot be told"), TableFile(path):
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
