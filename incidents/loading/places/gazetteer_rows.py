"""What the lines of a gazetteer say: GeoNames' own dumps, and tables with a header that names the same columns."""

from __future__ import annotations

import gzip
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from incidents.data_files import toml_beside
from incidents.loading.errors import BadRow, LoadError, RowFault, did_you_mean
from incidents.loading.files import TableFile
from incidents.vocabulary.countries import Country, countries

GEONAMES = toml_beside(__file__, "geonames.toml")
RANKS = {"country": 0, "admin1": 1, "admin2": 2, "admin3": 3}
MAX_NAME = 200
MAX_LINE = 2**20
GZIP, ARCHIVE = b"\x1f\x8b", b"PK\x03\x04"

Name = tuple[str, str, str]
"""A name, its language, its kind."""


class PlaceRow(NamedTuple):
    """One place of a gazetteer; `code` is that of the area it is, or the smallest known that holds it: `UA.14.0501`."""

    id: int
    name: str
    kind: str
    country: str
    code: str
    latitude: float | None
    longitude: float | None
    names: tuple[Name, ...]
    wikidata: str = ""

    @property
    def rank(self) -> int:
        """Tell when it is its turn: what holds others comes first."""
        return RANKS.get(self.kind, len(RANKS))

    @property
    def called(self) -> tuple[str, ...]:
        """All its names."""
        return (self.name, *(name for name, _, _ in self.names))

    def with_names(self, further: Sequence[Name]) -> PlaceRow:
        """Return it with further names; one whose language is known takes the place of one where it is not."""
        wikidata = next((name for name, language, _ in further if language == "wkdt"), self.wikidata)
        names = [each for each in further if each[1] != "wkdt"]
        known = {name for name, _, _ in names}
        return self._replace(names=(*names, *(each for each in self.names if each[0] not in known)), wikidata=wikidata)


class GazetteerReader:
    """Makes places of cells; counts what it leaves out by feature class."""

    def __init__(self, header: Sequence[str], classes: frozenset[str], only: frozenset[str]) -> None:
        self._at = {name.strip().lower().replace("_", "").replace(" ", ""): at for at, name in enumerate(header)}
        lacking = [name for name in GEONAMES["needed"] if name not in self._at]
        if lacking:
            listing = ", ".join(f"{name}{did_you_mean(name, header)}" for name in lacking)
            raise LoadError(f"The file lacks columns of a gazetteer: {listing}.")
        self._width, self._classes, self._only = len(header), classes, only
        self.left_out: Counter[str] = Counter()

    def row(self, line: int, cells: Sequence[str]) -> PlaceRow | None:
        """Return the place of a row, None for one that is not asked for; raises BadRow."""
        if len(cells) != self._width:
            raise BadRow([RowFault(line, "", f"{len(cells)} cells", f"{self._width}, as many as there are columns")])
        feature, code = self._cell(cells, "featureclass"), self._cell(cells, "featurecode")
        kind = _kind(feature, code) if feature or code else "settlement"
        if kind is None or (feature and feature not in self._classes):
            self.left_out[f"feature class {feature}" if kind else f"feature code {code}"] += 1
            return None
        faults: list[RowFault] = []
        country = self._country(line, cells, faults)
        number = self._cell(cells, "geonameid")
        if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**63):
            faults.append(RowFault(line, "geonameid", number, "a whole number from 1"))
        name = self._cell(cells, "name")
        if not name or len(name) > MAX_NAME:
            faults.append(RowFault(line, "name", name, f"a name of at most {MAX_NAME} characters"))
        latitude = self._degrees(line, cells, "latitude", 90, faults)
        longitude = self._degrees(line, cells, "longitude", 180, faults)
        if (latitude is None) != (longitude is None) and not faults:
            faults.append(RowFault(line, "latitude", "", "both latitude and longitude, or neither"))
        if faults:
            raise BadRow(faults)
        if self._only and (country is None or country.alpha3 not in self._only):
            self.left_out["another country"] += 1
            return None
        areas = [self._cell(cells, f"admin{level}code") for level in (1, 2, 3)]
        return PlaceRow(
            id=int(number),
            name=name,
            kind=kind,
            country=country.alpha2 if country else "",
            code=_code(country.alpha2 if country else "", areas, kind),
            latitude=latitude,
            longitude=longitude,
            names=self._names(cells, name),
        )

    def _cell(self, cells: Sequence[str], column: str) -> str:
        return cells[self._at[column]].strip() if column in self._at else ""

    def _country(self, line: int, cells: Sequence[str], faults: list[RowFault]) -> Country | None:
        text = self._cell(cells, "countrycode").upper()
        if text and text not in countries():
            faults.append(RowFault(line, "countrycode", text, "the two letters of ISO 3166-1, for example UA"))
        return countries().get(text)

    def _degrees(self, line: int, cells: Sequence[str], column: str, most: int, faults: list[RowFault]) -> float | None:
        text = self._cell(cells, column)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not -most <= value <= most:
            faults.append(RowFault(line, column, text, f"degrees from -{most} to {most}"))
            return None
        return value

    def _names(self, cells: Sequence[str], name: str) -> tuple[Name, ...]:
        text = self._cell(cells, "alternatenames")
        names = [" ".join(each.split()) for each in text.split(";" if ";" in text else ",")]
        names.append(self._cell(cells, "asciiname"))
        others = dict.fromkeys(each for each in names if each and each != name and len(each) <= MAX_NAME)
        return tuple((each, "", "variant") for each in others)


def _kind(feature: str, code: str) -> str | None:
    """Return what a feature is, None for areas that are history or of no level that we have."""
    if kind := GEONAMES["kinds"].get(code):
        return str(kind)
    if code.startswith("PCL") and not code.endswith("H"):
        return "country"
    if feature == "A" or (not feature and code.startswith("ADM")):
        return None
    if code in GEONAMES["seas"]:
        return "sea"
    return str(GEONAMES["classes"].get(feature, "settlement" if not feature else "other"))


def _code(country: str, areas: Sequence[str], kind: str) -> str:
    depth = {"country": 0, "admin1": 1, "admin2": 2}.get(kind, 3)
    code = [country]
    for area in areas[:depth]:
        if not area or area == "00":
            break
        code.append(area)
    return ".".join(code)


@contextmanager
def text_file(path: Path) -> Iterator[tuple[IO[bytes], Callable[[], int], int]]:
    """Open a text without a header, plain or gzipped: its stream, what has been read of the file, and its size."""
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            if start == ARCHIVE:
                raise LoadError(f"{path} is an archive; unpack it first.")
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if start.startswith(GZIP) else raw  # type: ignore[assignment]  # a GzipFile is read like any other
            yield stream, raw.tell, path.stat().st_size
    except FileNotFoundError:
        raise LoadError(f"{path}: there is no such file.") from None
    except (EOFError, gzip.BadGzipFile) as error:
        raise LoadError(f"{path} is cut off or damaged: {error}.") from None
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}.") from None


def cells_of(stream: IO[bytes], path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells between the tabs of each line; quotation marks mean themselves. Raises LoadError."""
    number = 0
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            raise LoadError(f"{path}, line {number} is longer than {MAX_LINE // 2**20} MB: is this a gazetteer?")
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise LoadError(f"{path}, line {number} is not UTF-8 (byte 0x{raw[error.start]:02x}).") from None
        if text.strip():
            yield number, text.rstrip("\r\n").split("\t")


def is_dump(path: Path) -> bool:
    """Tell whether a file is a dump of GeoNames: 19 cells between tabs, of which the first is a number."""
    with text_file(path) as (stream, _, _):
        first = stream.readline(MAX_LINE).split(b"\t")
    return len(first) == len(GEONAMES["dump"]) and first[0].strip().removeprefix(b"\xef\xbb\xbf").isdigit()


@contextmanager
def gazetteer(path: Path) -> Iterator[tuple[Sequence[str], Iterator[tuple[int, list[str]]], Callable[[], int], int]]:
    """Open a gazetteer of either form: its header, its rows, what has been read of it, its size."""
    if is_dump(path):
        with text_file(path) as (stream, position, size):
            yield GEONAMES["dump"], cells_of(stream, path), position, size
    else:
        with TableFile(path) as table:
            yield table.header, table.rows(), lambda: table.position, table.size
