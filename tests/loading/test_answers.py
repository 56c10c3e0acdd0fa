"""The answer of a server that holds its rows in a list is read as those rows."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile, json_files

ROWS = [{"a": 1, "b": {"c": "x"}}, {"a": 2, "tags": [{"k": 1}]}]


def read(path: Path) -> tuple[list[str], list[list[str]], list[str]]:
    with TableFile(path) as table:
        return table.header, [cells for _, cells in table.rows()], table.notes


@pytest.mark.parametrize("name", json_files.ENVELOPES)
@pytest.mark.parametrize("indent", [None, orjson.OPT_INDENT_2])
def test_its_rows_are_those_of_the_list(tmp_path: Path, name: str, indent: int | None) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(orjson.dumps({"status": 200, "links": [], name: ROWS, "count": 2}, option=indent))
    header, rows, notes = read(path)
    assert (header[:2], [row[:2] for row in rows]) == (["a", "b.c"], [["1", "x"], ["2", ""]])
    assert notes == [f'the rows are the list "{name}" of the document']


def test_it_is_read_a_piece_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(orjson.dumps({"count": 2, "data": ROWS}).replace(b"[{", b"[ \n {"))
    whole = read(path)
    for size in range(1, 40):
        monkeypatch.setattr(json_files, "_PIECE", size)
        assert read(path) == whole


@pytest.mark.parametrize("name", ["answer.json", "answer"])
def test_rows_that_hold_lists_of_their_own_stay_rows(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\n".join(map(orjson.dumps, [{"a": 1, "reports": [{"id": "x"}]}, {"a": 2, "data": ["y"]}])))
    header, rows, notes = read(path)
    assert (len(rows), notes) == (2, [])
    assert header[0] == "a"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"data": ROWS, "results": ROWS}, 'has two lists of rows, "data" and "results"'),
        ({"data": [], "count": 0}, "nor a list of objects called data, results"),
        ({"data": {"rows": ROWS}}, "nor a list of objects called data, results"),
    ],
)
def test_what_could_be_several_or_none_is_refused(tmp_path: Path, document: object, why: str) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    with pytest.raises(LoadError) as caught:
        read(path)
    assert why in str(caught.value)
