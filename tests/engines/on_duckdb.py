"""DuckDB over a release: its tables in its own SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from tests.engines.questions import Question, Row, in_order


def tables(release: Path) -> dict[str, str]:
    """Return what to select from, by the names that questions use."""
    incidents = f"read_parquet('{release}/incidents/**/*.parquet', hive_partitioning = true)"

    def each(name: str, values: str) -> str:
        # One row of no value where there is none: such incidents are a group too.
        found = f"list_distinct({values})"  # which leaves nulls out
        return f"(SELECT *, unnest(CASE WHEN len({found}) = 0 THEN [NULL] ELSE {found} END) AS {name} FROM {incidents})"

    spoken = [
        f"coalesce({column} ->> '$[*].{path}', [])"
        for column, path in (("reports", "source.id"), ("reports", "relays.id"), ("claims", "source"))
    ]
    days = "date_trunc('month', date_start), date_end, INTERVAL 1 MONTH"
    return {
        "incidents": incidents,
        "actors": each("actor", "coalesce(actors ->> '$[*].id', [])"),
        "sources": each("speaker", " || ".join(spoken)),
        "months": f"(SELECT *, strftime(unnest(generate_series({days})), '%Y-%m') AS month FROM {incidents})",
    }


def answers(release: Path, questions: Sequence[Question]) -> list[list[Row]]:
    """Return the rows of each question."""
    with duckdb.connect() as connection:
        made = tables(release)
        return [in_order(connection.execute(question.sql(made)).fetchall()) for question in questions]
