"""Which sources the coders of each dataset monitored in each time unit."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import orjson

from incidents.ledger.models import DatasetEntry
from incidents.query.aggregate.tally import MAX_GROUPS
from incidents.query.aggregate.units import Unit
from incidents.query.entries import Order, entries
from incidents.query.filters.meanings import among
from incidents.query.moment import Moment
from incidents.query.reader import documents_of, read_page
from incidents_api.parameters.errors import InvalidParametersError, parameter_error

STATES = ("whole", "part", "none", "not_told")
"""How much of a unit a source was watched; `not_told`: perhaps; the dataset does not say from when."""

MAX_DATASETS = 1000
FOREVER = date.max.toordinal()

Document = dict[str, Any]
Span = tuple[int | None, int]
"""First and last day; None if the start is unknown."""


class Watched(NamedTuple):
    """The sources of one dataset in one unit, by how much of it they were watched."""

    at: int
    dataset: str
    sources: dict[str, list[str]]


def watched(datasets: list[str] | None, moment: Moment, unit: Unit, units: range) -> list[Watched]:
    """Return what was watched in these units, as the datasets (None: all) said then; raises InvalidParametersError."""
    query = entries(DatasetEntry)
    if datasets:
        query = among("record_id")(query, datasets)
    rows = read_page(query, Order("record_id", descending=False), moment, None, MAX_DATASETS + 1)
    documents = [orjson.loads(document) for document in documents_of(rows)]
    told = [(each["id"], _by_source(each["coverage"])) for each in documents]
    cells = len(units) * sum(max(1, len(by_source)) for _, by_source in told)
    if len(rows) > MAX_DATASETS or cells > 5 * MAX_GROUPS:
        message = (
            f"The result would have {cells:,} cells of sources and units. Use fewer datasets, or a shorter window."
        )
        raise InvalidParametersError([parameter_error("coverage", "sources", message, code="too_many_results")])
    return [
        Watched(at, dataset, _states(by_source, unit.first(at), unit.last(at)))
        for at in units
        for dataset, by_source in told
    ]


def _by_source(coverage: Document) -> dict[str, list[Span]]:
    """Monitoring periods of each source.

    One without an end lasts as long as the dataset's own period, if that has one.
    """
    found: dict[str, list[Span]] = {}
    for each in coverage["sources"]:
        start, end = each["start"], each["end"] or coverage["end"]
        span = (_ordinal(start) if start else None, _ordinal(end) if end else FOREVER)
        found.setdefault(each["source"], []).append(span)
    return found


def _states(by_source: dict[str, list[Span]], first: int, last: int) -> dict[str, list[str]]:
    states: dict[str, list[str]] = {state: [] for state in STATES}
    for source, spans in by_source.items():
        states[_state(spans, first, last)].append(source)
    return states


def _state(spans: list[Span], first: int, last: int) -> str:
    """How much of a range of days the periods cover for certain."""
    held, reached = 0, first - 1
    for start, end in sorted((start, end) for start, end in spans if start is not None):
        begin, end = max(start, reached + 1), min(end, last)
        if begin <= end:
            held, reached = held + end - begin + 1, end
    if held == last - first + 1:
        return "whole"
    if held:
        return "part"
    return "not_told" if any(start is None and end >= first for start, end in spans) else "none"


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
