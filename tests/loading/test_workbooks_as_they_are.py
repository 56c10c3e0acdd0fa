"""What a load says of a workbook: merged cells and hidden sheets; and the digits of large numbers."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError

from incidents.loading.files.flattening import text_of
from tests.loading.files import load, public
from tests.loading.small import profile

pytestmark = pytest.mark.django_db


def workbook(path: Path, *, hidden: str = "", merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in [
        ("A list", "", ""),
        ("n", "day", "town"),
        (1, "2024-01-02", "A"),
        (2, "2024-01-03", ""),
        (3, "2024-01-04", "C"),
    ]:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    if hidden:
        other = book.create_sheet(hidden)
        other.append(["n", "day"])
        other.sheet_state = "hidden"
    book.save(path)
    return path


def test_merged_cells_below_the_header_are_told(tmp_path: Path) -> None:
    own = profile(tmp_path, file="header_line = 2")
    lines, _ = load(workbook(tmp_path / "a.xlsx", merged=("A1:C1", "C2:D2", "C3:C4")), profile=own)
    told = next(line for line in lines if line.startswith("note: merged cells, of which only the first has the value"))
    assert sorted(told.rpartition(": ")[2].split(", ")) == ["C2:D2", "C3:C4"]
    lines, _ = load(workbook(tmp_path / "b.xlsx", merged=("A1:C1",)), profile=own)
    assert not any("merged cells" in line for line in lines)


def test_hidden_sheets_are_told(tmp_path: Path) -> None:
    path, own = workbook(tmp_path / "a.xlsx", hidden="Old"), profile(tmp_path, file="header_line = 2")
    lines, _ = load(path, profile=own)
    assert "note: hidden sheets are not read: Old (--sheet reads one)" in lines
    assert len(public()) == 3
    with pytest.raises(CommandError, match="'Old'"):
        load(path, profile=own, sheet="Old")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (101.0, "101"),
        (1e16, "1" + "0" * 16),
        (1e22, "1" + "0" * 22),
        (-1e16, "-1" + "0" * 16),
        (1e-16, "1e-16"),
        (0.5, "0.5"),
        (-0.0, "0"),
    ],
)
def test_whole_numbers_of_any_size_keep_their_digits(value: float, text: str) -> None:
    assert text_of(value) == text
