"""What spreadsheets leave in files is no row; what is no file of rows is told as what it is."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile


def read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    with TableFile(path) as table:
        return table.header, list(table.rows())


def test_a_line_that_tells_excel_the_delimiter_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"sep=;\r\nid;name,of place\r\n1;Kyiv\r\n")
    assert read(path) == (["id", "name,of place"], [(3, ["1", "Kyiv"])])


def test_rows_that_were_emptied_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"id,name\n1,Kyiv\n,\n2,\n,\n,\n")
    assert read(path) == (["id", "name"], [(2, ["1", "Kyiv"]), (4, ["2", ""])])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n<!DOCTYPE html>\n<html><title>Log in, please</title></html>", "is a web page"),
        (b'<?xml version="1.0"?><kml/>', "is XML"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n", "git lfs pull"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (b"SQLite format 3\x00\x10", "is a database"),
        (b"BZh91AY&SY", "unpack it first"),
    ],
)
def test_what_is_no_file_of_rows_is_told_as_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(LoadError, match=said):
        read(path)


def test_what_python_writes_for_no_number_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_text(json.dumps({"id": 1, "killed": float("nan")}) + "\n")
    with pytest.raises(LoadError, match="line 1: no valid JSON: NaN is no number there; write null"):
        read(path)


def test_a_formula_that_was_never_calculated_is_no_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book: Any = openpyxl.Workbook()
    book.active.append(["id", "killed"])
    for number in range(2_000):
        book.active.append([number, "=1+1" if number == 1_500 else number])
    book.save(path)
    with pytest.raises(LoadError, match="cell B1502 holds a formula that was never calculated"):
        read(path)


def test_a_formula_that_was_calculated_is_its_value(tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.xlsx", tmp_path / "book.xlsx"
    book: Any = openpyxl.Workbook()
    book.active.append(["id", "killed", "remark"])
    book.active.append([1, "=1+1", '=""'])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            data = data.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            data = data.replace(b'<c r="C2">', b'<c r="C2" t="str">').replace(b'<f>""</f><v />', b'<f>""</f><v></v>')
            target.writestr(name, data)
    assert read(path) == (["id", "killed", "remark"], [(2, ["1", "2", ""])])
