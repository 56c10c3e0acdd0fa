"""Incidents to measure with: real UCDP events, moved a little in time and place until there are as many as asked for.

Row `i` depends on `i` alone, so a smaller file is the beginning of a larger one and every run measures the same data.
The first rows are the real ones, untouched.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
WHOLE = ROOT.parent / "shared" / "data" / "ucdp" / "ucdp_ged_ukraine.csv"
"""The edition with 2,989 events; it is no part of the repository."""

FIRST_DAY, LAST_DAY = date(2014, 1, 1), date(2021, 12, 31)
FIRST_ID = 1_000_000_000
"""Beyond every id that UCDP has given."""

DAYS_APART = 365
DEGREES_APART = 0.25
NON_STATE, ONE_SIDED = 0.08, 0.16
"""Nearly all real rows are state-based: every 12th copy becomes non-state and another one-sided violence."""

_DATE = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")

Row = dict[str, str]


class Data:
    """The rows, numbered from 0."""

    def __init__(self, source: Path | None = None) -> None:
        self.source = source or _source()
        with self.source.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            self.columns = list(reader.fieldnames or ())
            # The exchange's edition has a row of HXL tags below its header.
            self.real = [row for row in reader if row["id"].isdigit()]
        if not self.real:
            raise SystemExit(f"{self.source} holds no UCDP events.")

    def row(self, number: int) -> Row:
        """Return one row."""
        real = self.real[number % len(self.real)]
        if number < len(self.real):
            return dict(real)
        random = Random(number)
        row = dict(real)
        row["id"] = str(FIRST_ID + number)
        row["relid"] = f"{real['relid']}-{number}"
        _move_in_time(row, random)
        _move_in_place(row, random)
        _vary_violence(row, random)
        return row

    def rows(self, count: int) -> Iterator[Row]:
        """Yield the first rows."""
        return map(self.row, range(count))

    def write(self, path: Path, count: int) -> None:
        """Write the first rows as a file like UCDP's."""
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows(count))

    def words(self, number: int) -> list[str]:
        """Return so many words of the places, evenly from the most frequent to the rarest."""
        found: Counter[str] = Counter()
        for row in self.real:
            text = f"{row['where_description'] or row['where_coordinates']}"
            found.update(set(re.findall(r"\b[a-z]{4,}\b", text.lower())))
        ranked = [word for word, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))]
        step = max(1.0, len(ranked) / number)
        return [ranked[int(at * step)] for at in range(min(number, len(ranked)))]


def _source() -> Path:
    if WHOLE.exists():
        return WHOLE
    excerpts = sorted((ROOT / "tests" / "loading").rglob("*ucdp*.csv"))
    if not excerpts:
        raise SystemExit(f"There are no UCDP events to measure with: neither {WHOLE} nor one in tests/loading.")
    return excerpts[0]


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _move_in_time(row: Row, random: Random) -> None:
    start, end = _day(row["date_start"]), _day(row["date_end"])
    moved = random.randint(-DAYS_APART, DAYS_APART)
    if start + timedelta(moved) < FIRST_DAY or end + timedelta(moved) > LAST_DAY:
        moved = -moved
    apart = timedelta(moved)
    row["date_start"], row["date_end"] = str(start + apart), str(end + apart)
    row["year"] = str((start + apart).year)
    for column in ("source_article", "source_date"):
        row[column] = _DATE.sub(lambda match: str(_day(match[1]) + apart), row[column])


def _move_in_place(row: Row, random: Random) -> None:
    latitude = float(row["latitude"]) + random.gauss(0, DEGREES_APART)
    longitude = float(row["longitude"]) + random.gauss(0, DEGREES_APART)
    row["latitude"], row["longitude"] = f"{latitude:.6f}", f"{longitude:.6f}"
    row["geom_wkt"] = f"POINT ({row['longitude']} {row['latitude']})"


def _vary_violence(row: Row, random: Random) -> None:
    drawn = random.random()
    if drawn < NON_STATE:
        row["type_of_violence"] = "2"
    elif drawn < ONE_SIDED:
        row["type_of_violence"] = "3"
        row["side_b"], row["side_b_new_id"], row["gwnob"] = "Civilians", "9999", ""
