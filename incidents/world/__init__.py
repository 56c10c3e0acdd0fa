"""The countries of the world and their first-level regions: codes, and names in many languages.

Files of this package say it, no database: `make world` makes them. Names are compared folded, like words of the search
index, so letter case, accents, apostrophes and scripts make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from incidents.text_folding import APOSTROPHES, has_kind, name_key, spelling, words
from incidents.vocabulary.countries import Country, countries, three_letters

HERE = Path(__file__).parent
PARTICLES = frozenset(("the", "of", "and"))
_COUNTRY_CODE = re.compile(r"[A-Za-z]{2,3}|[0-9]{3}")
_CODE_LIKE = re.compile(r"([A-Z]{2,3})[-_ .]?([0-9]{1,3}|[A-Z]?[0-9][A-Z0-9]?)")
_REGION_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")

_KINDS_WHOLE = {"обл": "область", "obl": "oblast", "prov": "province", "gov": "governorate", "dept": "department"}
_ABBREVIATED = re.compile(rf"\b({'|'.join(_KINDS_WHOLE)})\b\.?", re.IGNORECASE)


class Name(NamedTuple):
    """A name and its language (ISO 639-1), "" if that is not told."""

    text: str
    language: str


class Region(NamedTuple):
    """A first-level region by its code of ISO 3166-2, with further codes where they are known, and its names."""

    code: str
    name: str
    pcode: str
    katotth: str
    geonames: str
    names: tuple[Name, ...]

    @property
    def country(self) -> str:
        """Return the code of its country, ISO 3166-1 alpha-3."""
        return countries()[self.code[:2]].alpha3

    @property
    def called(self) -> Iterator[str]:
        """Yield all its names."""
        yield self.name
        for name in self.names:
            yield name.text

    @property
    def codes(self) -> tuple[str, ...]:
        """Return all its codes."""
        return tuple(filter(None, (self.code, self.pcode, self.katotth, self.geonames)))


def country_of(text: str) -> Country | None:
    """Return the country of a code of ISO 3166-1 or of a name in any language; None if there is none."""
    code = text.strip().upper()
    if known := by_alpha3().get(three_letters(code) or code) or countries().get(code):
        return known
    return _countries_called().get(spelling(text)) or _countries_called_nearly().get(_any_order(text))


def is_code_of_country(text: str) -> bool:
    """Tell whether a text has the form of a code of a country: two or three letters, or three digits."""
    return _COUNTRY_CODE.fullmatch(text) is not None and text.isascii()


def is_code_of_region(text: str) -> bool:
    """Tell whether a text has the form of a code of ISO 3166-2 of a country that exists."""
    return _REGION_CODE.fullmatch(text) is not None and text[:2] in countries()


def names_of_country(alpha3: str) -> tuple[Name, ...]:
    """Return the names of a country, nothing for a code that is none."""
    country = by_alpha3().get(alpha3)
    return (Name(country.name, "en"), *_country_names().get(country.alpha2, ())) if country else ()


@cache
def regions() -> Mapping[str, Region]:
    """Return all regions by their codes."""
    lines = (HERE / "regions.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = {}
    for line in lines:
        code, name, pcode, katotth, geonames, names = line.split("\t")
        found[code] = Region(code, name, pcode, katotth, geonames, _names(names))
    return found


def region_of_code(text: str) -> Region | None:
    """Return the region of a code of any kind, in any letter case; None if there is none."""
    return _by_code().get(text.strip().upper())


def region_of_code_like(text: str) -> Region | None:
    """Return the region of a code of ISO 3166-2 without its hyphen, or with three letters: `UA09`, `UKR-09`."""
    found = _CODE_LIKE.fullmatch(text.strip().upper())
    country = (by_alpha3().get(found[1]) or countries().get(found[1])) if found else None
    return region_of_code(f"{country.alpha2}-{found[2]}") if found and country else None


def region_called(country: str, name: str) -> Region | None:
    """Return the region of a country (alpha-3) that a name surely means, in any language and spelling.

    `Kyiv` alone means none, since the city and the oblast around it are regions; `Kyiv Oblast` does.
    """
    name = _ABBREVIATED.sub(lambda found: _KINDS_WHOLE[found[1].casefold()], name)
    meant = _regions_called(country).get(name_key(name), ())
    if len(meant) > 1 and has_kind(name):
        spelt = spelling(name)
        meant = tuple(region for region in meant if any(spelling(each) == spelt for each in region.called))
    return meant[0] if len(meant) == 1 else None


def codes_spelt(name: str) -> frozenset[str]:
    """Return the codes of the regions of any country that have exactly this name."""
    return _regions_spelt().get(spelling(name), frozenset())


@cache
def _regions_spelt() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, region in regions().items():
        for name in region.called:
            found.setdefault(spelling(name), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def regions_of(country: str) -> tuple[Region, ...]:
    """Return the regions of a country (alpha-3)."""
    known = by_alpha3().get(country)
    return tuple(each for code, each in regions().items() if known and code.startswith(f"{known.alpha2}-"))


@cache
def by_alpha3() -> Mapping[str, Country]:
    """Return the countries by their three letters."""
    return {country.alpha3: country for country in countries().values()}


@cache
def _by_code() -> Mapping[str, Region]:
    return {code.upper(): each for each in regions().values() for code in each.codes}


@cache
def _regions_called(country: str) -> Mapping[str, tuple[Region, ...]]:
    found: dict[str, dict[str, Region]] = {}
    for region in regions_of(country):
        for name in region.called:
            found.setdefault(name_key(name), {})[region.code] = region
    return {key: tuple(meant.values()) for key, meant in found.items()}


@cache
def _country_names() -> Mapping[str, tuple[Name, ...]]:
    lines = (HERE / "country_names.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {code: _names(names) for code, names in (line.split("\t") for line in lines)}


@cache
def _other_country_names() -> Mapping[str, tuple[Name, ...]]:
    """Return former names and abbreviations that research files use and `country_names.tsv` lacks, by two letters."""
    lines = (HERE / "other_country_names.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {
        code: _names("|".join(f"={name}" for name in names.split("|")))
        for code, names in (line.split("\t") for line in lines)
    }


@cache
def _countries_called() -> Mapping[str, Country]:
    """Return the countries by their names as they are spelt."""
    return _countries_by(spelling)


@cache
def _countries_called_nearly() -> Mapping[str, Country]:
    """Return the countries by their names whose words are in any order."""
    return _countries_by(_any_order)


def _countries_by(key: Callable[[str], str]) -> Mapping[str, Country]:
    """Return the countries by a key of each of their names; what several are called means none of them."""
    found: dict[str, set[str]] = {}
    for alpha3 in by_alpha3():
        for name in (*names_of_country(alpha3), *_other_country_names().get(by_alpha3()[alpha3].alpha2, ())):
            found.setdefault(key(name.text), set()).add(alpha3)
    return {name: by_alpha3()[min(meant)] for name, meant in found.items() if len(meant) == 1 and name}


def _any_order(name: str) -> str:
    """Key of a name by its letters and digits, whatever the order of its words, and without particles.

    `Congo, Democratic Republic of the`, `U.S.A.` and `COTE D IVOIRE` are written so too.
    """
    parted = words(APOSTROPHES.sub(" ", name))
    whole = [word for word in parted if len(word) > 1 and word not in PARTICLES]
    return " ".join(sorted(whole)) or "".join(parted)


def _names(cell: str) -> tuple[Name, ...]:
    parts: Iterable[tuple[str, str, str]] = (each.partition("=") for each in cell.split("|") if each)
    return tuple(Name(text, language) for language, _, text in parts)
