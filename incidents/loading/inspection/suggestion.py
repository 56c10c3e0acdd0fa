"""Which of the shipped profiles fit a file, by its header alone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from incidents.loading import round_trip
from incidents.loading.errors import LoadError
from incidents.loading.files import TableFile
from incidents.loading.pipeline.row_parser import RowParser
from incidents.loading.profiles.cell_values import CellValue
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.profile import SHIPPED, Profile, load
from incidents.loading.staging.parsed import SharedRecords
from incidents.tables import TABLES


class NoProfileError(LoadError):
    """No profile that ships fits a file."""


ROWS_READ = 200
"""Rows of JSON from which the columns are told."""

PLACE = ("name", "country_code", "latitude", "longitude", "point")


def fitting(path: Path, sheet: str = "") -> list[str]:
    """Return the names of the profiles that fit the columns of a file, our own included; raises LoadError."""
    with TableFile(path, sheet=sheet, growing=True) as table:
        for _ in islice(table.rows(), ROWS_READ):
            pass
        header = list(table.header)
    exported = [name for name in round_trip.PROFILES if _is_export(name, header)]
    return exported or [each.stem for each in sorted(SHIPPED.glob("*.toml")) if _fits(each.stem, header)]


def chosen(path: Path, sheet: str = "") -> tuple[str, str]:
    """Return the only profile that fits a file, and what to say of that; raises LoadError if there is no one."""
    names = fitting(path, sheet)
    if len(names) == 1:
        return names[0], f"note: no --profile; the header fits {names[0]} and no other that ships, so that was taken"
    if names:
        raise LoadError(f"The header fits several profiles: {', '.join(names)}. Say which with --profile.")
    raise NoProfileError(
        "The header fits no profile that ships, so nothing was loaded. Give one with --profile; "
        f"`manage.py profile {path} --output mine.toml` writes the one that is proposed here."
    )


def _is_export(name: str, header: list[str]) -> bool:
    """Tell whether a file has the columns of one of our lists and no others; JSON has fields in place of columns."""
    table = TABLES[name.removesuffix("s")]
    paths = {".".join(column.path) for column in table.columns}
    fields = {each.strip().casefold().removeprefix("properties.") for each in header}
    others = (each for each in fields if not each.startswith("geometry.") and each not in table.by_name)
    return {"id", "revision"} <= fields and all(_within(each, paths) for each in others)


def _within(path: str, paths: set[str]) -> bool:
    """Tell whether a path is that of a column, one inside it, or one that holds it and is null."""
    return any(f"{path}.".startswith(f"{each}.") or each.startswith(f"{path}.") for each in paths)


def _fits(name: str, header: list[str]) -> bool:
    profile = load(name)
    try:
        RowParser(profile, header, SharedRecords(), lambda remark, line: None)
    except LoadError:
        return False
    keys, place = profile.keys.incident, profile.keys.incident.place
    where = [*place.levels.values(), *(getattr(place, name) for name in PLACE)] if place else []
    return all(_reads(profile, header, part) for part in ([keys.id], [keys.date.start, *keys.date.parts], where))


def _reads(profile: Profile, header: list[str], part: Iterable[CellValue]) -> bool:
    """Tell whether a file has a column for a part of an incident: every one may be optional."""
    columns = HeaderColumns(header, profile.keys.file, profile.keys.cells)
    for value in part:
        value.bind(columns)
    return bool(columns.read)
