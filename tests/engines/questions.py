"""What is asked of `aggregate` and of an engine alike: parameters, and the SQL that an analyst would write.

The SQL is what every engine understands, but for the tables, which each engine's dialect gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

FIGURES = [(what, which) for what in ("killed", "injured") for which in ("low", "best", "high")]
MEASURES = ", ".join(["count(*)", *[f"{how}({a}_{b})" for how in ("sum", "count") for a, b in FIGURES]])
"""The columns of every answer after its keys: incidents, sums, and over how many incidents each sum goes."""

Row = tuple[Any, ...]


class Question(NamedTuple):
    """One question: the parameters of `aggregate`, and the same in SQL.

    `table` is one of a dialect: `incidents`, `actors` with a row for each `actor` of an incident, `sources` with one
    for each `speaker`, `months` with one for each `month` that it touches.
    """

    parameters: dict[str, str]
    keys: tuple[str, ...] = ()
    table: str = "incidents"
    where: str = "true"

    def sql(self, tables: Mapping[str, str]) -> str:
        """Return the statement for an engine."""
        grouped = f" GROUP BY {', '.join(self.keys)}" if self.keys else ""
        return f"SELECT {', '.join([*self.keys, MEASURES])} FROM {tables[self.table]} WHERE {self.where}{grouped}"


MONTH = "substr(cast(date_start AS string), 1, 7)"
WITHIN = f"CASE WHEN {MONTH} = substr(cast(date_end AS string), 1, 7) THEN {MONTH} END"
WINDOW = {"date_after": "2014-07-15", "date_before": "2015-02-20"}
OVERLAPS = (
    "(date_start <= DATE '2015-02-20' OR date_start IS NULL) AND (date_end >= DATE '2014-07-15' OR date_end IS NULL)"
)
"""An end that is not told may lie anywhere: such incidents may be of the window."""

QUESTIONS = (
    Question({}),
    Question({"by": "year"}, ("year",)),
    Question({"by": "month"}, (MONTH,)),
    Question({"by": "month", "spread": "within"}, (WITHIN,)),
    Question({"by": "month", "spread": "every", "dataset": "ucdp-ged"}, ("month",), "months", "dataset = 'ucdp-ged'"),
    Question({"by": "month,event_type"} | WINDOW, (MONTH, "event_type"), where=OVERLAPS),
    Question({"by": "country,admin1,admin2"}, ("country", "admin1", "admin2")),
    Question({"by": "location"}, ("location_id",)),
    Question({"by": "event_subtype,dataset"}, ("event_subtype", "dataset")),
    Question({"by": "event_subtype", "killed_min": "10"}, ("event_subtype",), where="killed_best >= 10"),
    Question(
        {"by": "event_type", "bbox": "37.5,47.8,38.5,48.6"},
        ("event_type",),
        where="longitude BETWEEN 37.5 AND 38.5 AND latitude BETWEEN 47.8 AND 48.6",
    ),
    Question({"by": "actor"}, ("actor",), "actors"),
    Question({"by": "year,actor", "killed_min": "1"}, ("year", "actor"), "actors", "killed_best >= 1"),
    Question({"by": "source"}, ("speaker",), "sources"),
)


def told(question: Question, answer: Mapping[str, Any]) -> list[Row]:
    """Return what `aggregate` answered, as the rows that an engine returns."""
    names = [name for name in question.parameters.get("by", "").split(",") if name]
    groups = answer["results"] if names else [answer["total"]]
    return in_order(
        (
            *[int(group[name]) if name == "year" and group[name] else group[name] for name in names],
            group["count"],
            *[group[what][which] for what, which in FIGURES],
            *[group[what]["reported"][which] for what, which in FIGURES],
        )
        for group in groups
    )


def in_order(rows: Any) -> list[Row]:
    """Return rows in one order, nulls among them."""
    return sorted((tuple(row) for row in rows), key=lambda row: [(value is None, str(value)) for value in row])
