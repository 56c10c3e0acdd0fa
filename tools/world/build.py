"""Makes the files of `incidents/world` and the outlines in `fixtures/gazetteer` from their sources: `make world`.

Codes and English names of regions: CLDR and iso-codes. Names of countries: CLDR. Outlines: Natural Earth. What is said
of Ukraine's regions beside that is in `fixtures/gazetteer/ukraine_regions.csv` and in `ukraine_codes.tsv` here.
"""

from __future__ import annotations

import csv
import gettext
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pycountry

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
WORLD = PROJECT / "incidents" / "world"
GAZETTEER = PROJECT / "fixtures" / "gazetteer"

COUNTRY_LANGUAGES = (
    *("en", "uk", "ru", "fr", "es", "ar", "zh", "pt", "de", "it", "pl", "nl", "tr", "fa", "he", "hi", "bn", "ur"),
    *("id", "ja", "ko", "vi", "th", "ro", "hu", "cs", "el", "sv", "sr", "ka", "hy", "az", "kk", "sw", "am", "so"),
    *("ps", "ha"),
)
REGION_LANGUAGES = (
    *("uk", "ru", "fr", "es", "de", "it", "pl", "nl", "ro", "hu", "tr", "he", "zh_CN", "ja", "ka", "sr"),
)
ALTERNATIVES = ("", "-alt-short", "-alt-variant", "-alt-long", "-alt-biot")

ALSO_CALLED = {
    "US": ["USA", "United States of America", "America"],
    "GB": ["UK", "Great Britain", "Britain"],
    "AE": ["UAE", "Emirates"],
    "CD": ["DRC", "DR Congo", "Democratic Republic of the Congo", "Zaire", "Dem. Rep. Congo"],
    "CG": ["Republic of the Congo", "Congo", "Rep. Congo"],
    "CI": ["Ivory Coast"],
    "CF": ["CAR"],
    "CV": ["Cabo Verde"],
    "CZ": ["Czech Republic"],
    "KP": ["DPRK"],
    "KR": ["ROK"],
    "MK": ["Macedonia", "FYROM", "Former Yugoslav Republic of Macedonia"],
    "MM": ["Burma"],
    "PS": ["Palestine", "State of Palestine", "Occupied Palestinian Territory", "West Bank and Gaza"],
    "SZ": ["Swaziland"],
    "TR": ["Turkey"],
    "XK": ["Kosovo"],
    "BF": ["Upper Volta"],
    "BJ": ["Dahomey"],
    "BY": ["Belorussia", "Byelorussia"],
    "CN": ["PRC"],
    "HK": ["Hong Kong SAR"],
    "IR": ["Persia"],
    "KH": ["Kampuchea"],
    "LA": ["Lao PDR"],
    "LK": ["Ceylon"],
    "NL": ["Holland"],
    "TH": ["Siam"],
    "TW": ["Formosa"],
    "UA": ["Ukrainian SSR"],
    "VA": ["Vatican", "Holy See"],
    "ZW": ["Rhodesia"],
}
"""Names and abbreviations that reports use and the sources lack."""

Names = list[tuple[str, str]]
"""Names with their languages; "": as spelt somewhere."""


def main(packages: Path) -> None:
    """Write all files; `packages` holds the unpacked npm packages."""
    iso = Path(pycountry.__file__).parent
    countries = dict(_countries(packages, iso))
    lines = [("alpha2", "names"), *((code, _told(names)) for code, names in sorted(countries.items()))]
    _write(WORLD / "country_names.tsv", lines)
    _write(WORLD / "regions.tsv", _regions(packages, iso))
    _outlines(packages)


def _countries(packages: Path, iso: Path) -> Iterator[tuple[str, Names]]:
    official = {each["alpha_2"]: each for each in _json(iso / "databases" / "iso3166-1.json")["3166-1"]}
    by_language = {
        language: _json(packages / f"cldr-localenames-full/main/{language}/territories.json")["main"][language][
            "localeDisplayNames"
        ]["territories"]
        for language in COUNTRY_LANGUAGES
    }
    for code in (*official, "XK"):
        names: Names = []
        for language, territories in by_language.items():
            names += [
                (name, language)
                for ending in ALTERNATIVES
                if (name := territories.get(f"{code}{ending}", code)) != code
            ]
        said = official.get(code, {})
        names += [(said[each], "en") for each in ("name", "common_name", "official_name") if each in said]
        names += [(name, "") for name in ALSO_CALLED.get(code, ())]
        yield code, names


def _regions(packages: Path, iso: Path) -> Iterator[tuple[str, ...]]:
    subdivisions = _json(iso / "databases" / "iso3166-2.json")["3166-2"]
    english = _json(next((packages / "cldr-subdivisions-full/subdivisions/en").iterdir()))
    common = (english.get("subdivisions") or english["main"]["en"])["localeDisplayNames"]["subdivisions"]
    translations = {
        language.partition("_")[0]: _translation(iso / "locales" / language / "LC_MESSAGES" / "iso3166-2.mo")
        for language in REGION_LANGUAGES
    }
    ukraine = _ukraine()
    yield "code", "name", "pcode", "katotth", "geonames", "names"
    for each in sorted(subdivisions, key=lambda each: str(each["code"])):
        if "parent" in each:
            continue
        code, official = each["code"], each["name"]
        name = common.get(code.replace("-", "").lower()) or official
        names: Names = [(name, "en"), (official, "")]
        for language, translated in translations.items():
            text = translated.get(official)
            if text and text != official:
                names.append((text, language))
        codes = ("", "", "")
        if code in ukraine:
            name, codes, more = ukraine[code]
            names = [(name, "en"), *names[1:], *more, *[(text, "") for text, language in names[:1]]]
        names += [(part.strip(), "") for text in (name, official) for part in _either(text)]
        yield code, name, *codes, _told([each for each in names if each[0] != name])


def _ukraine() -> dict[str, tuple[str, tuple[str, str, str], Names]]:
    """Name, further codes and names of Ukraine's regions, by ISO code."""
    with (GAZETTEER / "ukraine_regions.csv").open(newline="", encoding="utf-8") as file:
        named = {row["admin1code"]: row for row in csv.DictReader(file)}
    found = {}
    with (HERE / "ukraine_codes.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            region = named[row["geonames_admin1"]]
            spelt = [*region["alternatenames"].split(";"), *(row["spellings"].split(";") if row["spellings"] else [])]
            codes = (row["pcode"], row["katotth"], region["geonameid"])
            found[row["iso"]] = (region["name"], codes, [(name, "") for name in spelt])
    return found


def _translation(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalog: dict[str, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # all of it at once
    return catalog


def _either(text: str) -> list[str]:
    """Return the names of a text that gives several: `Bruxelles / Brussel`, `Arbīl [Hewlêr]`."""
    parts = text.replace("[", "/").replace("]", "").replace("(", "/").replace(")", "").split("/")
    return [part for part in parts if part.strip()] if len(parts) > 1 else []


def _told(names: Iterable[tuple[str, str]]) -> str:
    """Return names in one cell: `uk=Луганська область|=Lugansk`, each text once."""
    languages: dict[str, str] = {}
    for name, language in names:
        text = " ".join(name.replace("\u200f", "").replace("\u200e", "").split())
        if "|" in text or "\t" in text:
            raise ValueError(f"{text!r} cannot be written")
        if text and not languages.get(text):
            languages[text] = language
    return "|".join(f"{language}={text}" for text, language in languages.items())


def _outlines(packages: Path) -> None:
    """Write the outlines of countries, in hundredths of a degree."""
    codes = {}
    with (PROJECT / "incidents" / "vocabulary" / "countries.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            codes[row["numeric"]] = row["alpha3"], row["name"]
    atlas = _json(packages / "world-atlas/countries-50m.json")
    features = []
    for each in atlas["objects"]["countries"]["geometries"]:
        if each.get("id") in codes:
            code, name = codes[each["id"]]
            features.append(_feature(code, name, _geometry(atlas, each)))
    features.sort(key=lambda feature: str(feature["properties"]["code"]))
    _write_outlines(GAZETTEER / "countries.geojson", features)


def _geometry(atlas: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    made = [[ring for arcs in polygon if len(ring := _ring(atlas, arcs)) > 3] for polygon in polygons]
    return {"type": "MultiPolygon", "coordinates": [polygon for polygon in made if polygon]}


def _ring(atlas: dict[str, Any], arcs: Iterable[int]) -> list[list[float]]:
    points: list[list[float]] = []
    for number in arcs:
        arc = list(_arc(atlas, number if number >= 0 else ~number))
        points += arc if number >= 0 else arc[::-1]
    return [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]


def _arc(atlas: dict[str, Any], number: int) -> Iterator[list[float]]:
    scale, translate = atlas["transform"]["scale"], atlas["transform"]["translate"]
    x = y = 0
    for dx, dy in atlas["arcs"][number]:
        x, y = x + dx, y + dy
        yield [round(x * scale[0] + translate[0], 2), round(y * scale[1] + translate[1], 2)]


def _feature(code: str, name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry}


def _write_outlines(path: Path, features: list[dict[str, Any]]) -> None:
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
