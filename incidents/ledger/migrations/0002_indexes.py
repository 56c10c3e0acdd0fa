"""The head row, and the word indexes that each database has in its own way."""

from typing import Any

from django.db import migrations

ENTRIES = (
    "ledger_datasetentry",
    "ledger_locationentry",
    "ledger_sourceentry",
    "ledger_actorentry",
    "ledger_incidententry",
)


def create(apps: Any, schema_editor: Any) -> None:
    apps.get_model("ledger", "Head").objects.using(schema_editor.connection.alias).get_or_create(id=1)
    if schema_editor.connection.vendor == "sqlite":
        for table in ENTRIES:
            # Words come folded and parted by spaces; facets hold : - . _ and are one token each.
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table}_words USING fts5(words, detail=none, "
                """tokenize="ascii tokenchars ':-._'")"""
            )
    else:
        for table in ENTRIES:
            schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN words tsvector NOT NULL DEFAULT ''")
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (words)")
        # Documents are read whole and often; up to a page they stay beside their row instead of out of line.
        schema_editor.execute("ALTER TABLE ledger_revision SET (toast_tuple_target = 8160)")
        schema_editor.execute("ALTER TABLE ledger_revision ALTER COLUMN document SET STORAGE MAIN")


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in ENTRIES:
            schema_editor.execute(f"DROP TABLE {table}_words")
    else:
        for table in ENTRIES:
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
