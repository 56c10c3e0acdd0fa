"""Gazetteers, real and made up, and a way to load them as the command does."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
REGIONS = ROOT / "fixtures" / "gazetteer" / "ukraine_regions.csv"
PLACES = ROOT.parent / "shared" / "data" / "gazetteer" / "ua_places.csv"
"""Populated places of Ukraine from GeoNames (CC BY 4.0); it lies beside the repository, not in it."""

needs_places = pytest.mark.skipif(not PLACES.exists(), reason=f"the real file is not at {PLACES}")

COLUMNS = ("geonameid", "name", "latitude", "longitude", "countrycode", "featurecode", "admin1code", "alternatenames")
LUHANSK: dict[str, Any] = {
    "geonameid": 1, "name": "Luhansk Oblast", "countrycode": "UA", "featurecode": "ADM1", "admin1code": "14",
    "alternatenames": "Луганська область;Луганская область",
}  # fmt: skip
TOWN: dict[str, Any] = {
    "geonameid": 2, "name": "Bilovods'k", "latitude": "49.2", "longitude": "39.6", "countrycode": "UA",
    "featurecode": "PPL", "admin1code": "14", "alternatenames": "Belovodsk;Біловодськ",
}  # fmt: skip


def write(path: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = COLUMNS) -> Path:
    """Write a table like those that are made from GeoNames."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([[row.get(column, "") for column in columns] for row in rows])
    return path


def load_gazetteer(*paths: Path, **options: Any) -> tuple[list[str], str]:
    """Run the command; returns the lines of its output, and what it wrote to stderr."""
    out, err = io.StringIO(), io.StringIO()
    call_command("load_gazetteer", *paths, **options, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()
