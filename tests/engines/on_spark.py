"""Spark over a release, in an environment of its own: `python on_spark.py RELEASE`, statements in, rows out, as JSON.

Nothing of the project is imported, since that environment has Spark and nothing else.
"""

from __future__ import annotations

import json
import sys
from typing import Any

IDS = "from_json({}, 'array<struct<id:string>>').id"
SPOKEN = "from_json(reports, 'array<struct<source:struct<id:string>,relays:struct<id:string>>>')"
CLAIMED = "from_json(claims, 'array<struct<source:string>>').source"
EACH = "(SELECT *, one.value AS {name} FROM incidents LATERAL VIEW OUTER explode({values}) one AS value)"

TABLES = {
    "incidents": "incidents",
    "actors": EACH.format(name="actor", values=f"array_distinct({IDS.format('actors')})"),
    "sources": EACH.format(
        name="speaker",
        values="array_distinct(array_compact(concat("
        + ", ".join(f"coalesce({part}, array())" for part in (f"{SPOKEN}.source.id", f"{SPOKEN}.relays.id", CLAIMED))
        + ")))",
    ),
    "months": "(SELECT *, date_format(one.day, 'yyyy-MM') AS month FROM incidents "
    "LATERAL VIEW explode(sequence(trunc(date_start, 'MM'), date_end, INTERVAL 1 MONTH)) one AS day)",
}
"""What to select from, by the names that questions use."""


def answers(release: str, statements: list[str]) -> list[list[Any]]:
    """Return the rows of each statement, asked of a local Spark."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    spark = SparkSession.builder.master("local[2]").appName("incidents").config(map=settings).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        spark.read.parquet(f"{release}/incidents").createOrReplaceTempView("incidents")
        return [[list(row) for row in spark.sql(statement).collect()] for statement in statements]
    finally:
        spark.stop()


if __name__ == "__main__":
    json.dump(answers(sys.argv[1], json.load(sys.stdin)), sys.stdout)
