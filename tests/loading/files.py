"""Small files of UCDP's shape with made-up events, and a way to load them as the command does."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command

from incidents.ledger.models import Revision

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "ucdp" / "ucdp_ged_ukraine.csv"
"""UCDP GED, Ukraine 2014-2021 (CC BY 4.0); it lies beside the repository, not in it."""

needs_real_file = pytest.mark.skipif(not REAL.exists(), reason=f"the real file is not at {REAL}")

EVENT: dict[str, Any] = {
    "id": 1,
    "relid": "UKR-2014-1-1-1",
    "year": 2014,
    "active_year": 1,
    "code_status": "Clear",
    "type_of_violence": 1,
    "conflict_dset_id": 10,
    "conflict_new_id": 10,
    "conflict_name": "Ruritania: Government",
    "dyad_dset_id": 20,
    "dyad_new_id": 20,
    "dyad_name": "Government of Ruritania - Blues",
    "side_a_dset_id": 61,
    "side_a_new_id": 61,
    "side_a": "Government of Ruritania",
    "side_b_dset_id": 62,
    "side_b_new_id": 62,
    "side_b": "Blues",
    "number_of_sources": 1,
    "source_article": '"Agency,2014-05-02,Two die in Streltsau"',
    "source_office": "Agency",
    "source_date": "2014-05-02",
    "source_headline": "Two die in Streltsau",
    "source_original": "police",
    "where_prec": 1,
    "where_coordinates": "Streltsau town",
    "where_description": "the market of Streltsau",
    "adm_1": "Northern Province",
    "adm_2": "Streltsau district",
    "latitude": "48.100000",
    "longitude": "37.700000",
    "geom_wkt": "POINT (37.7 48.1)",
    "priogrid_gid": 199156,
    "country": "Ruritania",
    "iso3": "RUR",
    "country_id": 369,
    "region": "Europe",
    "event_clarity": 1,
    "date_prec": 1,
    "date_start": "2014-05-01 00:00:00.000",
    "date_end": "2014-05-01 00:00:00.000",
    "deaths_a": 1,
    "deaths_b": 1,
    "deaths_civilians": 0,
    "deaths_unknown": 0,
    "best": 2,
    "high": 3,
    "low": 2,
    "gwnoa": 369,
    "gwnob": "",
}
COLUMNS = tuple(EVENT)
TAGS = {"year": "#date+year", "latitude": "#geo+lat", "longitude": "#geo+lon", "best": "#affected+killed"}


def event(number: int | str, **changes: Any) -> dict[str, Any]:
    """Return the cells of one made-up event."""
    return EVENT | {"id": number, "relid": f"UKR-2014-1-1-{number}"} | changes


def events(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Return the cells of some events that differ by their ids."""
    return [event(number, **changes) for number in range(1, count + 1)]


def write(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    *,
    columns: Sequence[str] = COLUMNS,
    line_end: str = "\n",
    tags: bool = False,
    delimiter: str = ",",
    upper: bool = False,
) -> Path:
    """Write events to a CSV file; `tags` adds the row of HXL tags."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end, delimiter=delimiter)
    writer.writerow([name.upper() for name in columns] if upper else columns)
    if tags:
        writer.writerow([TAGS.get(column, "") for column in columns])
    writer.writerows([[row.get(column, "") for column in columns] for row in rows])
    path.write_bytes(text.getvalue().encode())
    return path


UNCHANGED = "added 0, changed 0, withdrawn 0, unchanged 3"
"""Last line of a load of the three events of the fixture `path` that changes nothing."""


def load(path: Path, **options: Any) -> tuple[list[str], str]:
    """Run the command; returns the lines of its output, and what it wrote to stderr."""
    out, err = io.StringIO(), io.StringIO()
    call_command("load_incidents", path, **({"profile": "ucdp-ged"} | options), stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


def outcome(path: Path, **options: Any) -> str:
    """Run the command; returns its last line."""
    return load(path, **options)[0][-1]


def public(kind: str = "incident") -> dict[str, dict[str, Any]]:
    """Return all documents of a kind that are public, by id."""
    live = Revision.objects.live().of(kind).values_list("record_id", "document")
    return {record_id: orjson.loads(document) for record_id, document in live}
