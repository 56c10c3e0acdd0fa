"""Columns that tools for surveys add of their own: KoboToolbox and ODK write when and how a form was filled in."""

from __future__ import annotations

from collections.abc import Iterable

from incidents.data_files import toml_beside
from incidents.loading.inspection.column_statistics import ColumnFacts


def survey_columns(columns: Iterable[ColumnFacts]) -> dict[int, str]:
    """Return what columns tell of the form and not of the incident, by the identity of the column; else nothing."""
    tools, by_name = toml_beside(__file__, "survey_tools.toml"), [(each.name.casefold(), each) for each in columns]
    shapes = {id(column): "the shape that is drawn" for name, column in by_name if name == "geometry.type"}
    if len({name for name, _ in by_name}.intersection(tools["marks"])) < 2:
        return shapes
    found = {id(column): tools["columns"][name] for name, column in by_name if name in tools["columns"]}
    # The days on which forms were filled in are better than none.
    if not any(column.type == "date" and id(column) not in found for _, column in by_name):
        found = {id(column): found[id(column)] for name, column in by_name if id(column) in found and name != "today"}
    return found | shapes
