"""The countries of ISO 3166-1, and Kosovo by the code that gazetteers use, which is none of ISO's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Country(NamedTuple):
    """A country by its codes of two letters, three letters and three digits."""

    alpha2: str
    alpha3: str
    numeric: str
    name: str


@cache
def countries() -> Mapping[str, Country]:
    """Return the countries by their two letters, which gazetteers use."""
    lines = Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {country.alpha2: country for country in (Country(*line.split("\t")) for line in lines)}


@cache
def _by_code() -> Mapping[str, str]:
    of_iso = [country for country in countries().values() if country.numeric]
    return {code: each.alpha3 for each in of_iso for code in (each.alpha2, each.alpha3, each.numeric)}


def three_letters(code: str) -> str | None:
    """Return the three letters for any code of a country, digits without leading zeros too; None for none."""
    code = code.strip().upper()
    return _by_code().get(code.zfill(3) if code.isdigit() else code)
