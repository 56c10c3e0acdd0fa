"""A character that a database does not store is listed by line and column, and only its row is left out."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError

from tests.loading import reload
from tests.loading.files import load, public

pytestmark = pytest.mark.django_db

EXPECTED = "expected text without NUL (U+0000) and unpaired surrogates (U+D800 to U+DFFF)"
ROWS = (("1", "Fine.", "2024-01-02"), ("2", "a\0b", "2024-01-02"), ("3", "Fine too.", "2024-01-03"))


def delimited(path: Path) -> None:
    path.write_text("n,text,day\n" + "".join(",".join(row) + "\n" for row in ROWS))


def gzipped(path: Path) -> None:
    delimited(path)
    path.write_bytes(gzip.compress(path.read_bytes()))


def lines(path: Path) -> None:
    rows = ('{{"n":"{}","text":"{}","day":"{}"}}\n'.format(*row) for row in ROWS)
    path.write_text("".join(rows).replace("\0", "\\u0000"))


def surrogates(path: Path) -> None:
    lines(path)
    path.write_text(path.read_text().replace("\\u0000", "\\ud800"))


def document(path: Path) -> None:
    lines(path)
    path.write_text("[" + ",\n".join(path.read_text().splitlines()) + "]")


def parquet(path: Path) -> None:
    columns = zip(*ROWS, strict=True)
    pq.write_table(pa.table(dict(zip(("n", "text", "day"), map(list, columns), strict=True))), path)


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("n", "text", "day"), *ROWS):
        book.worksheets[0].append([cell.replace("\0", "_x0000_") for cell in row])
    book.save(path)


FORMS: list[tuple[str, Callable[[Path], None], int]] = [
    ("rows.csv", delimited, 3),
    ("rows.csv.gz", gzipped, 3),
    ("rows.ndjson", lines, 2),
    ("surrogates.ndjson", surrogates, 2),
    ("rows.json", document, 2),
    ("rows.parquet", parquet, 2),
    ("rows.xlsx", workbook, 3),
]


@pytest.mark.parametrize(("name", "make", "line"), FORMS, ids=[name for name, _, _ in FORMS])
def test_its_row_is_listed_and_the_others_are_loaded(
    tmp_path: Path, name: str, make: Callable[[Path], None], line: int
) -> None:
    profile, path = reload.minimal(tmp_path), tmp_path / name
    make(path)
    with pytest.raises(CommandError, match="Nothing was loaded: 1 row has errors"):
        load(path, profile=profile)
    told, errors = load(path, profile=profile, skip_bad=True)
    assert errors == f'line {line}, text: "a\\0b", {EXPECTED}\n'
    assert told[-1] == "added 2, changed 0, withdrawn 0, unchanged 0"
    assert set(public()) == {"mini-1", "mini-3"}


@pytest.mark.parametrize("name", ["te\\u0000xt", "te\\udc00xt"])
def test_in_the_name_of_a_column_it_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_text(f'{{"n":"1","text":"x","day":"2024-01-02","{name}":"y"}}\n')
    with pytest.raises(CommandError, match=r'the name of column 4, "te\\0xt", has to be text without NUL'):
        load(path, profile=reload.minimal(tmp_path))


def test_in_an_edited_export_it_is_listed(tmp_path: Path) -> None:
    load(reload.file(tmp_path), profile=reload.minimal(tmp_path))
    path = tmp_path / "edited.ndjson"
    path.write_text('{"id":"mini-1","revision":1,"summary":"a\\u0000b","tags":"x\\ud800"}\n')
    with pytest.raises(CommandError):
        load(path, profile="incidents")
    _, errors = load(path, profile="incidents", skip_bad=True)
    assert f'line 1, summary: "a\\0b", {EXPECTED}' in errors
    assert public()["mini-1"]["summary"] == reload.ROW["text"]
