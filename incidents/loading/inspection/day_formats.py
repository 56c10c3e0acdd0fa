"""The ways in which days are written, and which of them a column has."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

CELLS = tomllib.loads(Path(__file__).with_name("cells.toml").read_text(encoding="utf-8"))
FORMATS: tuple[str, ...] = tuple(CELLS["day_formats"])
SWAPPED = {form: form.replace("%d", "%x").replace("%m", "%d").replace("%x", "%m") for form in FORMATS}
_EIGHT = re.compile(r"(1[89]|20|21)\d{6}")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[A-Za-z]+")
_EXAMPLE = datetime(2014, 1, 22, 13, 5, 7, 123, tzinfo=UTC)


def _shape(text: str) -> str:
    return _LETTERS.sub("A", _DIGITS.sub("9", text)).replace("+", "-")


_BY_SHAPE: dict[str, list[str]] = {}
for _form in FORMATS:
    _BY_SHAPE.setdefault(_shape(_EXAMPLE.strftime(_form)), []).append(_form)
    if _form.endswith("%z"):  # 02:00 beside 0200
        _BY_SHAPE.setdefault(_shape(_EXAMPLE.strftime(_form.removesuffix("%z")) + "+02:00"), []).append(_form)


def formats_of(text: str) -> tuple[str, ...]:
    """Return the formats by which a text is a day."""
    if len(text) > 40 or (text.isdigit() and not _EIGHT.fullmatch(text)):
        return ()
    found = []
    for form in _BY_SHAPE.get(_shape(text), ()):
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - whether it can be read is all that matters
        except ValueError:
            continue
        found.append(form)
    return tuple(found)


def fitting_formats(counts: Counter[str]) -> list[str]:
    """Return the formats that fit some values, of two with day and month swapped the one that fits more."""
    taken: list[str] = []
    for form, _ in counts.most_common():
        if SWAPPED[form] == form or SWAPPED[form] not in taken:
            taken.append(form)
    return taken


def chosen_formats(counts: Counter[str], values: int) -> tuple[list[str], list[str]]:
    """Return the fewest formats that fit all values, and those that fit as well with day and month swapped.

    Empty, if some value is no day in any of them.
    """
    left, taken = values, list[str]()
    for form in fitting_formats(counts):
        if left <= 0:
            break
        taken.append(form)
        left -= counts[form]
    if left > 0 or not taken:
        return [], []
    rivals = [SWAPPED[form] for form in taken if SWAPPED[form] != form and counts[SWAPPED[form]] == counts[form]]
    return taken, rivals
