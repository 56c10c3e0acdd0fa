"""What the databases do for each question: the statements that the API really runs, explained.

Flagged are reads of a whole table, sorts and walks of more than 10,000 rows, and on SQLite, which tells no numbers of
rows, whatever is slow.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

from tests.benchmarks import cases
from tests.benchmarks.asking import Application, ask, deep_address
from tests.benchmarks.data import Data

MANY = 10_000
SLOW_MS = 10.0
SMALL = ("head", "page", "part_0", "part_1", "part_2", "CONSTANT", "both_kinds", "(subquery-2)")
"""Names in the reader's statements of what has one row or one page."""

WIDTH = 600
"""Characters of a statement that are shown."""

HEAD = "SELECT seq, redacted, totals"

Statement = tuple[str, Any]


class Captured:
    """Keeps the statements that run inside the block."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note a statement and run it."""
        self.statements.append((sql, params))
        return execute(sql, params, many, context)


def explain(told: dict[str, list[str]]) -> dict[str, Any]:
    """Return the plans of every question as text, and the number of flags."""
    application = get_wsgi_application()
    lines: list[str] = []
    for title, address in questions(application, int(told["depth"][0]), told):
        with connection.execute_wrapper(captured := Captured()):
            ask(application, address)
        lines += ["", f"=== {title}   {address[:200]}"]
        for statement in captured.statements:
            lines += _explained(statement)
    flags = sum("<<<" in line for line in lines)
    lines += ["", f"{flags} flagged" if flags else "nothing flagged: no whole table is read, no large sort is made"]
    return {"text": "\n".join(lines), "flags": flags}


def questions(application: Application, depth: int, told: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield what is asked: every filter, and the cases that are hard for some plan."""
    data, random = Data(), Random("plans")
    number = depth * 10 // 8
    made = cases.address
    window = {"date_after": "2015-06-01", "date_before": "2015-08-31"}
    words = data.words(cases.VARIANTS)
    yield "list", made(limit=100)
    yield "oldest first", made(limit=100, ordering="date")
    yield "by killed", made(limit=100, ordering="-killed")
    yield "last published", made(limit=100, ordering="-published")
    yield f"deep page ({depth:,})", deep_address(application, made(limit=1000), depth)
    yield "item", told.get("item", [f"{cases.LIST}{cases.record_id(data, 1)}/"])[0]
    yield "type", made(limit=100, event_subtype="one_sided")
    yield "type + dates", made(limit=100, event_subtype="one_sided", **window)
    yield "two types + dates", made(limit=100, event_subtype="one_sided,non_state", **window)
    yield "dates", made(limit=100, **window)
    yield "dates, certain", made(limit=100, date_match="certain", **window)
    yield "dates, oldest first", made(limit=100, ordering="date", **window)
    for degrees, size in ((0.02, "tiny"), (0.1, "small"), (0.5, "middling"), (3.0, "large")):
        place = cases.box(Random(1), data, number, degrees)
        yield f"box, {size}", made(limit=100, **place)
        yield f"box, {size} + dates", made(limit=100, **place, **window)
    yield "near", made(limit=100, near="37.80,48.00", radius_km=5)
    yield "near, wide", made(limit=100, near="37.80,48.00", radius_km=100)
    for word, how in ((words[0], "frequent"), (words[len(words) // 3], "middling"), (words[-1], "rare")):
        yield f"word, {how}", made(limit=100, q=word)
        yield f"word, {how} + dates", made(limit=100, q=word, **window)
    yield "word that nothing has", made(limit=100, q="xylophone")
    yield "two words", made(limit=100, q=f"{words[0]} {words[5]}")
    yield "prefix", made(limit=100, q="don*")
    yield "word + type", made(limit=100, q=words[0], event_subtype="one_sided")
    yield "word, by killed", made(limit=100, q=words[0], ordering="-killed")
    for name, value in (
        ("dataset", "bench"),
        ("country", "UKR"),
        ("admin1", "Donetsk oblast"),
        ("admin2", "Kramatorsk city"),
        ("location", "ukr-donetsk-oblast"),
        ("actor", "ucdp-actor-61"),
        ("actor_role", "target"),
        ("source_kind", "news_agency"),
        ("source", "agence-france-presse"),
        ("min_sources", "3"),
        ("killed_min", "50"),
        ("killed_max", "0"),
        ("injured_min", "1"),
        ("date_precision", "day"),
        ("location_precision", "settlement"),
        ("tag", "none-has-this"),
        ("target", "civilians"),
        ("published_after", "1"),
        ("published_after", "2020-01-01T00:00:00Z"),
        ("exclude_id", cases.record_id(data, 5)),
    ):
        yield f"{name}={value}", made(limit=100, **{name: value})
    ids = ",".join(cases.record_id(data, random.randrange(number)) for _ in range(50))
    yield "50 ids", made(limit=100, id=ids)
    count = made(event_subtype="state_based", **window).replace(cases.LIST, f"{cases.LIST}count/")
    yield "count of type + dates", count
    yield "count of a box", made(**cases.box(Random(1), data, number, 0.5)).replace(cases.LIST, f"{cases.LIST}count/")
    yield "count of a word", made(q=words[0]).replace(cases.LIST, f"{cases.LIST}count/")
    yield "as of the first publication", made(limit=100, as_of=1)


def _explained(statement: Statement) -> Iterator[str]:
    sql, params = statement
    if sql.startswith(HEAD) and "UNION ALL" not in sql:
        return  # one row by its key
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.fetchall()
    took = 1000 * (time.perf_counter() - began)
    yield f"  {took:7.2f} ms  {' '.join(sql.split())[:WIDTH]}"
    yield from _on_sqlite(sql, params, took) if connection.vendor == "sqlite" else _on_postgres(sql, params)


def _on_sqlite(sql: str, params: Any, took: float) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = cursor.fetchall()
    depths = {0: 0}
    for step, above, _, detail in steps:
        depths[step] = depths.get(above, 0) + 1
        flag = "   <<< whole table" if _reads_whole_table(detail) else ""
        yield f"      {'  ' * depths[step]}{detail}{flag}"
    if took > SLOW_MS:
        yield f"      <<< slow, {took:.0f} ms: sorts or walks far"


def _reads_whole_table(detail: str) -> bool:
    name = detail.removeprefix("SCAN ").split()[0]
    return detail.startswith("SCAN ") and " INDEX" not in detail and name not in SMALL


def _on_postgres(sql: str, params: Any) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        (told,) = cursor.fetchone()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]
    yield f"      planned in {plan['Planning Time']:.2f} ms, run in {plan['Execution Time']:.2f} ms"
    yield from _node(plan["Plan"], 1)


def _node(node: dict[str, Any], depth: int) -> Iterator[str]:
    loops = node["Actual Loops"]
    rows = node["Actual Rows"] * loops
    filtered = node.get("Rows Removed by Filter", 0) * loops
    on = " ".join(str(node[key]) for key in ("Index Name", "Relation Name", "Subplan Name") if key in node)
    buffers = node.get("Shared Hit Blocks", 0) + node.get("Shared Read Blocks", 0)
    kind = node["Node Type"]
    flag = ""
    if kind == "Seq Scan" and rows + filtered > MANY:
        flag = "   <<< whole table"
    elif filtered > MANY or (kind == "Bitmap Index Scan" and rows > MANY):
        flag = "   <<< walks far"
    elif kind == "Sort" and sum(each["Actual Rows"] * each["Actual Loops"] for each in node["Plans"]) > MANY:
        flag = "   <<< sort of many rows"
    removed = f", {filtered:.0f} filtered out" if filtered else ""
    yield f"      {'  ' * depth}{kind} {on}: {rows:.0f} rows{removed}, {buffers} pages{flag}"
    for each in node.get("Plans", ()):
        yield from _node(each, depth + 1)
