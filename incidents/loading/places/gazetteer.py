"""Places of a gazetteer into working records: made, or recognised and enriched; nothing of it is published here.

What editors corrected stays: a field takes what the file says if it is empty, or is as the file had it last time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from incidents.ledger.bulk import in_bulk
from incidents.loading.errors import BadRow, LoadError, RowFault, refuse_bad
from incidents.loading.load_report import LoadReport
from incidents.loading.places.gazetteer_enrich import GazetteerCounts
from incidents.loading.places.gazetteer_rows import (
    GEONAMES,
    MAX_NAME,
    GazetteerReader,
    PlaceRow,
    cells_of,
    gazetteer,
    text_file,
)
from incidents.loading.places.gazetteer_staging import GazetteerStaging
from incidents.loading.places.gazetteer_write import GazetteerWriter
from incidents.vocabulary.countries import countries

STEP = 1000
MAX_LANGUAGE = 10


@dataclass(frozen=True)
class GazetteerOptions:
    """What to load: feature classes, countries by three letters (all if none), further files of GeoNames."""

    classes: frozenset[str] = frozenset("AP")
    only: frozenset[str] = frozenset()
    admin1: Path | None = None
    admin2: Path | None = None
    names: Path | None = None
    skip_bad: bool = False
    dry_run: bool = False


def load(files: Sequence[Path], options: GazetteerOptions, report: LoadReport) -> GazetteerCounts:
    """Load gazetteers in one transaction; raises LoadError, and nothing is written then."""
    counts = GazetteerCounts()
    with GazetteerStaging() as staging:
        for path in files:
            _read(path, staging, options, counts, report)
        for kind, areas in (("admin1", options.admin1), ("admin2", options.admin2)):
            if areas:
                _read_areas(areas, kind, staging, options)
        if options.names:
            _read_names(options.names, staging, report)
        refuse_bad(counts.bad, skip=options.skip_bad)
        staging.index()
        with in_bulk() as bulk:
            with transaction.atomic():
                GazetteerWriter(staging, counts, report).load()
                if options.dry_run:
                    transaction.set_rollback(True)
            bulk.written = 0 if options.dry_run else counts.added
    return counts


def _read(
    path: Path, staging: GazetteerStaging, options: GazetteerOptions, counts: GazetteerCounts, report: LoadReport
) -> None:
    rows = 0
    with gazetteer(path) as (header, lines, position, size):
        reader = GazetteerReader(header, options.classes, options.only)
        with report.progress(f"reading {path.name}", size, "B") as progress:
            for line, cells in lines:
                rows += 1
                if rows % STEP == 0:
                    progress.reach(position())
                try:
                    row = reader.row(line, cells)
                    if row and (earlier := staging.add(row, line)) is not None:
                        raise BadRow([RowFault(line, "geonameid", str(row.id), f"an id once; line {earlier} has it")])
                except BadRow as bad:
                    counts.bad += 1
                    for problem in bad.problems:
                        report.problem(problem)
    if not rows:
        raise LoadError(f"{path} has no rows.")
    report.say(f"read {rows:,} rows of {path.name}")
    for why, number in sorted(reader.left_out.items()):
        report.say(f"note: left out, {why}: {number:,}")


def _read_areas(path: Path, kind: str, staging: GazetteerStaging, options: GazetteerOptions) -> None:
    with text_file(path) as (stream, _, _):
        for line, cells in cells_of(stream, path):
            if len(cells) != 4 or not cells[3].strip().isdigit():
                raise LoadError(
                    f"{path}, line {line}: expected code, name, name in ASCII and GeoNames id between tabs."
                )
            code, name, ascii_name, number = (cell.strip() for cell in cells)
            country = countries().get(code.partition(".")[0])
            if country is None or (options.only and country.alpha3 not in options.only):
                continue
            names = ((ascii_name, "", "variant"),) if ascii_name not in ("", name) else ()
            staging.add(PlaceRow(int(number), name, kind, country.alpha2, code, None, None, names), line)


def _read_names(path: Path, staging: GazetteerStaging, report: LoadReport) -> None:
    not_names = GEONAMES["not_names"]
    with text_file(path) as (stream, position, size), report.progress(f"reading {path.name}", size, "B") as progress:
        for line, cells in cells_of(stream, path):
            if line % STEP == 0:
                progress.reach(position())
            if len(cells) < 4 or not cells[1].isdigit():
                raise LoadError(f"{path}, line {line}: expected a name's id, a GeoNames id, a language and a name.")
            language, name = cells[2].strip(), " ".join(cells[3].split())
            is_name = name and len(name) <= MAX_NAME and len(language) <= MAX_LANGUAGE and language not in not_names
            if is_name and staging.holds(int(cells[1])):
                former = len(cells) > 7 and cells[7].strip() == "1"
                staging.add_name(int(cells[1]), (name, language, "former" if former else "variant"))
