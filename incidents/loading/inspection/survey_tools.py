"""Columns that tools for surveys add of their own: KoboToolbox and ODK write when and how a form was filled in."""

from __future__ import annotations

from collections.abc import Iterable

from incidents.loading.inspection.column_statistics import ColumnFacts

_MARKS = (
    "_uuid",
    "_submission_time",
    "_index",
    "meta/instanceid",
    "instanceid",
    "_validation_status",
    "submissiondate",
    "_xform_id_string",
)
"""Columns by which an export of theirs is known; two of them are enough."""

_OWN = {
    "start": "when the form was opened",
    "end": "when the form was closed",
    "today": "the day on which the form was filled in",
    "_submission_time": "when the form was sent",
    "submissiondate": "when the form was sent",
    "_validation_status": "how the form was reviewed",
    "_status": "how the form came in",
    "_notes": "notes on the form",
    "_tags": "tags of the form",
    "_index": "the number of the row",
    "_parent_index": "the number of a row of another sheet",
    "_parent_table_name": "the name of another sheet",
    "_submitted_by": "who sent the form",
    "__version__": "the version of the form",
    "_xform_id_string": "the form",
    "formhub/uuid": "the form",
    "meta/instanceid": "the form",
    "instanceid": "the form",
    "meta/rootuuid": "the form",
    "deviceid": "the device",
    "_attachments": "files of the form",
    "_bamboo_dataset_id": "the tool's own",
}


def survey_columns(columns: Iterable[ColumnFacts]) -> dict[int, str]:
    """Return what columns tell of the form and not of the incident, by the identity of the column; else nothing."""
    columns = list(columns)
    names = {column.name.casefold() for column in columns}
    if sum(mark in names for mark in _MARKS) < 2:
        return {}
    found = {id(column): why for column in columns if (why := _OWN.get(column.name.casefold()))}
    # The days on which forms were filled in are better than none.
    if not any(column.type == "date" and id(column) not in found for column in columns):
        found = {each: why for each, why in found.items() if not _is_day(columns, each)}
    return found


def _is_day(columns: Iterable[ColumnFacts], identity: int) -> bool:
    return any(id(column) == identity and column.name.casefold() == "today" for column in columns)
