"""Proposals for real files, without any edit, say what the shipped profiles say: dates, places, sources and figures."""

import csv
import random
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from incidents.loading.errors import BadRow
from incidents.loading.files import TableFile
from incidents.loading.inspection.inspect import inspect
from incidents.loading.inspection.plan import planned
from incidents.loading.inspection.trial import proposed
from incidents.loading.pipeline.row_parser import RowParser
from incidents.loading.profiles.profile import Profile, parse
from incidents.loading.profiles.profile import load as load_profile
from incidents.loading.staging.parsed import IncidentFacts, SharedRecords
from tests.loading.files import REAL
from tests.loading.test_shared_files import PIRATES, VIINA

EXCERPT = Path(__file__).with_name("ucdp_excerpt.csv")
LEAST = 0.95

WORDS = tomllib.loads(Path(__file__).with_name("renamed_columns.toml").read_text(encoding="utf-8"))
"""Other names of columns, by file and language."""


class Said(NamedTuple):
    """What a row is read as, as far as two profiles can agree on it."""

    dates: Any
    place: Any
    point: Any
    sources: Any
    links: Any
    figures: Any


FIGURES = [f"{figure}_{bound}" for figure in ("killed", "injured") for bound in ("low", "best", "high")]
Line = tuple[int, list[str]]


@lru_cache(maxsize=2)
def expected(name: str, step: int) -> tuple[list[str], list[Line], list[Said | None]]:
    """The header of a real file, every so many rows, and what the shipped profile reads in them."""
    path, shipped, _ = FILES[name]
    header, rows = rows_of(path)
    rows = rows[::step]
    return header, rows, list(read_by(load_profile(shipped), header, rows))


def rows_of(path: Path) -> tuple[list[str], list[Line]]:
    with TableFile(path) as table:
        return list(table.header), list(table.rows())


def read_by(profile: Profile, header: list[str], rows: list[Line]) -> Iterator[Said | None]:
    shared = SharedRecords()
    parser = RowParser(profile, header, shared, lambda remark, line: None)
    facts = [_facts(parser, *row) for row in rows]
    places, sources = shared.places.most_frequent(), shared.sources.most_frequent()
    for each in facts:
        if each is None:
            yield None
            continue
        chain, at = [], each.place
        while at:
            # The country of VIINA is in no column: its proposal asks for it in a line marked LOOK.
            chain += [] if places[at].kind == "country" else [places[at].name]
            at = places[at].parent
        names = {
            sources[report.source].id.removeprefix("viina-").replace("unknown", "not-told") for report in each.reports
        }
        fields = each.fields
        yield Said(
            (fields["date_start"], fields["date_end"]),
            chain,
            each.point,
            names,
            {report.url for report in each.reports},
            [fields.get(name) for name in FIGURES],
        )


def _facts(parser: RowParser, line: int, cells: list[str]) -> IncidentFacts | None:
    try:
        return parser.parse(line, cells)
    except BadRow:
        return None


def as_it_is(header: list[str]) -> list[int]:
    return list(range(len(header)))


def shuffled(header: list[str]) -> list[int]:
    order = as_it_is(header)
    random.Random(5).shuffle(order)
    return order


def agreement(
    name: str, folder: Path, words: dict[str, str], order: Callable[[list[str]], list[int]], step: int
) -> dict[str, float]:
    """Return the share of rows in which the proposal for a changed file agrees with the shipped profile, by part."""
    header, rows, right = expected(name, step)
    columns = order(header)
    changed = folder / "changed.csv"
    with changed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([words.get(header[at], header[at]) for at in columns])
        writer.writerows([[cells[at] for at in columns] for _, cells in rows])
    _, text, trial = proposed(planned(inspect(changed)))
    assert trial is not None
    assert (trial.error, trial.bad) == ("", 0), trial.faults
    changed_header, changed_rows = rows_of(changed)
    found = list(read_by(parse(text, "proposed.toml"), changed_header, changed_rows))
    pairs = [(a, b) for a, b in zip(right, found, strict=True) if a is not None]
    return {
        part: sum(b is not None and getattr(a, part) == getattr(b, part) for a, b in pairs) / len(pairs)
        for part in Said._fields
    }


FILES = {
    "ucdp": (REAL, "ucdp-ged", WORDS["ucdp"]),
    "excerpt": (EXCERPT, "ucdp-ged", WORDS["ucdp"]),
    **{f"viina-{year}": (path, "viina", WORDS["viina"]) for year, path in VIINA.items()},
    "pirates": (PIRATES, "pirates", WORDS["pirates"]),
}
VARIANTS = {"whole": (as_it_is, 1), "shuffled": (shuffled, 1), "half": (as_it_is, 2), "shuffled half": (shuffled, 2)}
CASES = [
    (name, language, variant)
    for name, (_, _, words) in FILES.items()
    for language, variant in (
        *(("", variant) for variant in ("whole", "shuffled", "half")),
        *((language, "shuffled half") for language in words),
    )
]


@pytest.mark.parametrize(("name", "language", "variant"), CASES)
def test_a_proposal_says_what_the_shipped_profile_says(tmp_path: Path, name: str, language: str, variant: str) -> None:
    path, _, words = FILES[name]
    if not path.exists():
        pytest.skip(f"the real file is not at {path}")
    order, step = VARIANTS[variant]
    shares = agreement(name, tmp_path, words.get(language, {}), order, step)
    assert {part: share for part, share in shares.items() if share < LEAST} == {}
