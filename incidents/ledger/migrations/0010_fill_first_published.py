"""Fills in when the records with several revisions were first published; null stands for the others.

The records are read from the index of their numbers, so the work follows the number of corrections, not of records. It
is one transaction, as a restored backup needs it: an interrupted run leaves nothing and can be repeated.
"""

from typing import Any

from django.db import migrations

AT_ONCE = 500
KINDS = ("dataset", "location", "source", "actor", "incident")


def fill(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    for kind in KINDS:
        after = ""
        while ids := _with_several_revisions(connection, kind, after):
            with connection.cursor() as cursor:
                _fill(cursor, kind, ids)
            after = ids[-1]


def _with_several_revisions(connection: Any, kind: str, after: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM ledger_revision WHERE kind = %s AND record_id > %s AND number = 2 "
            f"ORDER BY record_id LIMIT {AT_ONCE}",
            [kind, after],
        )
        return [record_id for (record_id,) in cursor.fetchall()]


def _fill(cursor: Any, kind: str, ids: list[str]) -> None:
    marks = ", ".join(["%s"] * len(ids))
    first = (
        "SELECT first.{column} FROM ledger_revision AS first WHERE first.kind = %s AND first.number = 1 "
        "AND first.record_id = {table}.record_id"
    )
    cursor.execute(
        f"UPDATE ledger_revision SET first_published_at = ({first.format(column='published_at', table='ledger_revision')}) "
        f"WHERE kind = %s AND record_id IN ({marks}) AND number > 1 AND change IN ('added', 'changed')",
        [kind, kind, *ids],
    )
    table = f"ledger_{kind}entry"
    cursor.execute(
        f"UPDATE {table} SET first_published = nullif(({first.format(column='seq', table=table)}), published) "
        f"WHERE record_id IN ({marks})",
        [kind, *ids],
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_first_published")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
