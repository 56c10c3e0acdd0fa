"""What is written can be read by people who see little: 4.5:1 at least, WCAG AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

STYLES = Path(str(finders.find("incidents_api")))
READABLE = 4.5

COLOURS = dict(
    re.findall(r"--(\w+): light-dark\((#\w+, #\w+)\);", (STYLES / "frame.css").read_text()),
)


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    pairs = [digits[at : at + 2] for at in (0, 2, 4)] if len(digits) == 6 else [digit * 2 for digit in digits]
    parts = [int(pair, 16) / 255 for pair in pairs]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "raised"])
@pytest.mark.parametrize("name", sorted(COLOURS.keys() - {"ground", "raised", "line"}))
def test_a_colour_of_text_stands_out_from_what_is_behind_it(name: str, ground: str, scheme: int) -> None:
    text, behind = (COLOURS[each].split(", ")[scheme] for each in (name, ground))

    assert contrast(text, behind) >= READABLE


def test_what_swagger_ui_writes_in_white_or_on_white_can_be_read() -> None:
    colours = re.findall(r"(?:color|background): (#\w+);", (STYLES / "swagger.css").read_text())

    assert len(colours) >= 4
    assert [colour for colour in colours if contrast(colour, "#fff") < READABLE] == []


def test_an_example_in_an_empty_field_has_a_colour_of_ours() -> None:
    assert re.search(r"input::placeholder {\s+color: var\(--muted\);", (STYLES / "site.css").read_text())
