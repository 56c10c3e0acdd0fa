"""The line with the names of the columns, where titles stand above it; and lines of totals below the data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile
from incidents.loading.inspection.day_formats import CELLS, formats_of

TRIED = 15
"""Lines among which the names of the columns are looked for."""

_ROWS = 40
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,]*%?")
_TOTAL = re.compile(rf"(?:{'|'.join(map(re.escape, CELLS['totals']))})(?!\w)")


class Header(NamedTuple):
    """A line that may name the columns, and how well the rows below it fit, from 0 to 1."""

    line: int
    fits: float


def header_line(path: Path, *, sheet: str = "", encoding: str = "") -> int:
    """Return the line that names the columns if titles stand above it, else 0; raises LoadError."""
    first = _tried(path, sheet, encoding, 0)
    if first is None or first.fits >= 0.9:
        return 0
    found = [each for line in range(2, TRIED) if (each := _tried(path, sheet, encoding, line)) is not None]
    best = max(found, key=lambda each: (each.fits, -each.line), default=first)
    return best.line if best.fits >= 0.9 and best.fits > first.fits else 0


def _tried(path: Path, sheet: str, encoding: str, line: int) -> Header | None:
    """Return how well a line names the columns of the rows below, None for a file without lines or the line."""
    try:
        with TableFile(path, sheet=sheet, encoding=encoding, header_line=line, growing=True) as table:
            if table.json is not None or table.form == "Parquet":
                return None
            rows = [cells for _, cells in islice(table.rows(), _ROWS)]
            header = [name.strip() for name in table.header]
    except LoadError:
        if line:
            return None
        raise
    return Header(line, _fit(header, rows))


def _fit(header: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """Return how much of a header is names that all differ, with as many cells as most rows below it."""
    if not rows or len(header) < 2:
        return 0.0
    widths = Counter(len(cells) for cells in rows)
    even = widths[len(header)] / len(rows)
    used = [at for at in range(len(header)) if any(cells[at].strip() for cells in rows if len(cells) > at)] or [0]
    named = [header[at] for at in used if header[at] and not _is_value(header[at])]
    return even * len(set(map(str.casefold, named))) / len(used)


def _is_value(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or formats_of(text))


def is_lone(cells: Iterable[str]) -> bool:
    """Tell whether a row has text in its first cell alone, as notes below the data have."""
    texts = [cell.strip() for cell in cells]
    return len(texts) > 2 and bool(texts[0]) and not any(texts[1:])


def is_total(cells: Iterable[str]) -> bool:
    """Tell whether a row is a line of totals below the data: one cell says so, and others are empty."""
    texts = [cell.strip() for cell in cells]
    said = [text for text in texts if text]
    words = said[0].casefold() if said else ""
    return _TOTAL.match(words) is not None and len(said) <= max(len(texts) / 2, 1)
