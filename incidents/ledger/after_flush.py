"""Makes an empty ledger whole again after `flush`, which takes the head away and knows nothing of SQLite's indexes."""

from __future__ import annotations

from typing import Any

from django.db import connections

from incidents.ledger.models import ENTRIES, Head
from incidents.ledger.store import words_table


def begin_again(using: str = "default", **_: Any) -> None:
    """Put the head in its place where there are tables without it (on post_migrate, which flush sends too)."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if Head._meta.db_table not in tables or Head.objects.using(using).exists():
        return
    with connection.cursor() as cursor:
        for entry in ENTRIES.values():
            if words_table(entry) in tables:
                cursor.execute(f"DELETE FROM {words_table(entry)}")  # noqa: S608 - names of ours
    Head.objects.using(using).create(id=1)
