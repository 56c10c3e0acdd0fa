"""Files of rows: what is read, and how each file that is none says so."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile, file_limits


def rows(path: Path, **options: Any) -> list[tuple[int, list[str]]]:
    with TableFile(path, **options) as table:
        return list(table.rows())


def refusal(path: Path, content: bytes | None = None) -> str:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LoadError) as caught:
        rows(path)
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_a_row_knows_the_line_it_begins_on_whatever_its_cells_hold(path: Path) -> None:
    path.write_bytes(b'a,b\n1,"two\nlines"\n\n2,"three\n\nlines"\n3,x\n')
    assert rows(path) == [(2, ["1", "two\nlines"]), (5, ["2", "three\n\nlines"]), (8, ["3", "x"])]


def test_crlf_and_a_byte_order_mark_make_no_difference(path: Path) -> None:
    path.write_bytes("\ufeffa,b\r\n1,ї\r\n".encode())
    with TableFile(path) as table:
        assert table.header == ["a", "b"]
        assert list(table.rows()) == [(2, ["1", "ї"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_header(path: Path, delimiter: str) -> None:
    path.write_text(f"a{delimiter}b\n1{delimiter}2\n")
    assert rows(path) == [(2, ["1", "2"])]


def test_another_encoding_can_be_named(path: Path) -> None:
    path.write_bytes("a,b\nЛуганськ,1\n".encode("cp1251"))
    assert rows(path, encoding="cp1251") == [(2, ["Луганськ", "1"])]


def test_a_row_of_hxl_tags_is_passed_over_and_told(path: Path) -> None:
    path.write_text("a,b\n#date+year,\n#1,x\n")
    with TableFile(path) as table:
        assert list(table.rows()) == [(3, ["#1", "x"])]
        assert table.tags == 2


def test_gzip_is_told_from_the_content_and_the_hash_is_of_the_file_on_the_disk(path: Path) -> None:
    import hashlib

    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    with TableFile(path) as table:
        assert list(table.rows()) == [(2, ["1", "2"])]
        assert table.digest == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert table.position == table.size


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    assert refusal(path) == f"{path}: there is no such file."


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path} is a directory; name the file in it."


def test_an_empty_file_is_refused(path: Path) -> None:
    assert refusal(path, b"") == f"{path} is empty."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04rest", "the archive is cut off or damaged"),
        (
            "a,b\nЛуганськ,2\n".encode() + b"1,\xe9\n",
            "line 3, byte 26 of the file, is not UTF-8 (0xe9), though the rest is",
        ),
        (b"a,b\n1,2\n" * 2**18 + b"1,\xe9\n", "line 524289, byte 3 of it, is not UTF-8 (0xe9)"),
        (b'a,b\n1,2\n3,"open\n4,5\n', "the row at line 3 never ends"),
        (b'a,b\n1,"x"y\n', "line 2: a quotation mark inside a quoted cell"),
        (b"a,b\n1,2\r3,4\n", "a line ends in CR alone, others in LF"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old (.xls) or an encrypted spreadsheet"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 5000)[:-20], "cut off or damaged"),
    ],
)
def test_a_damaged_file_is_refused_with_the_line(path: Path, content: bytes, why: str) -> None:
    assert why in refusal(path, content)


def test_a_line_without_end_is_refused_and_not_read_into_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_limits, "MAX_LINE", 2**20)
    assert "line 2 is longer than 1 MB" in refusal(path, b"a,b\n" + b"x" * (2**20 + 10))
