"""A workbook holds every text that can be published, as pandas shows it and as our loader takes it back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from incidents import publishing
from incidents.tables.workbooks import escaped, unescaped
from tests.exports.files import export, load, rows, save
from tests.factories import IncidentFactory

TEXTS = [
    "Two lines:\nthe second.",
    "As a browser\r\nsends them.",
    "A\ttab.",
    "\r=1",
    "A vertical \x0b and an escape \x1b.",
    "The last of them: \x1f.",
    "No character: \ufffe and \uffff.",
    "It says _x000D_.",
    "_x0041_x0042_ and _x005F_x000D_",
    "x_y_x",
]


@pytest.mark.parametrize("text", [*TEXTS, "\x00", "_x_", "_xABCD", "_xabcd_"])
def test_what_is_escaped_comes_back(text: str) -> None:
    assert unescaped(escaped(text)) == text


def test_tabs_and_line_feeds_are_read_as_they_are() -> None:
    assert escaped("a\tb\nc") == "a\tb\nc"
    assert escaped("a\r\n\x1f _x000D_ _x") == "a_x000D_\n_x001F_ _x005F_x000D_ _x"


@pytest.mark.django_db
def test_a_sheet_holds_any_text_and_gives_it_back(tmp_path: Path) -> None:
    publishing.publish(
        [IncidentFactory(public_id=f"i-{at}", summary=text, tags=[text.strip()]) for at, text in enumerate(TEXTS)]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(export("incidents.xlsx?ordering=date&fields=summary"))).active
    assert sheet is not None
    shown = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert (shown["i-0"], shown["i-2"]) == (TEXTS[0], TEXTS[2])
    told = {row["id"]: row["summary"] for row in rows(export("incidents.csv"))}
    assert {at: unescaped(str(text)) for at, text in shown.items() if at != "id"} == told
    lines, _ = load(save(tmp_path, "incidents.xlsx"))
    assert lines[-1] == f"added 0, changed 0, withdrawn 0, unchanged {len(TEXTS)}"
