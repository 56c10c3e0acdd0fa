"""The head row, and the word and place indexes that each database has in its own way."""

from typing import Any

from django.db import migrations

ENTRIES = (
    "ledger_datasetentry",
    "ledger_locationentry",
    "ledger_sourceentry",
    "ledger_actorentry",
    "ledger_incidententry",
)


KEYS_IN_BOX = """
CREATE FUNCTION ledger_keys_in_box(area box, few bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
    keys bigint[];
BEGIN
    keys := ARRAY(
        SELECT key FROM ledger_incidententry
        WHERE longitude IS NOT NULL AND point(longitude, latitude) <@ area LIMIT few + 1
    );
    RETURN CASE WHEN cardinality(keys) <= few THEN keys END;
END
$$
"""


def create(apps: Any, schema_editor: Any) -> None:
    apps.get_model("ledger", "Head").objects.using(schema_editor.connection.alias).get_or_create(id=1)
    if schema_editor.connection.vendor == "sqlite":
        for table in ENTRIES:
            # Words come folded and parted by spaces; facets hold : - . _ and are one token each.
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table}_words USING fts5(words, detail=none, "
                """tokenize="ascii tokenchars ':-._'")"""
            )
        schema_editor.execute(
            "CREATE VIRTUAL TABLE ledger_incidententry_place USING rtree(key, west, east, south, north)"
        )
    else:
        for table in ENTRIES:
            schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN words tsvector NOT NULL DEFAULT ''")
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin (words)")
        schema_editor.execute(
            "CREATE INDEX ledger_incidententry_place ON ledger_incidententry "
            "USING gist (point(longitude, latitude)) WHERE longitude IS NOT NULL"
        )
        # A bitmap reads every match before the limit counts; few are wanted, and any will do. Not in the language
        # sql, whose functions are planned at each call: that took longer than the look.
        schema_editor.execute(KEYS_IN_BOX)
        # Documents are read whole and often; up to a page they stay beside their row instead of out of line.
        schema_editor.execute("ALTER TABLE ledger_revision SET (toast_tuple_target = 8160)")
        schema_editor.execute("ALTER TABLE ledger_revision ALTER COLUMN document SET STORAGE MAIN")


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in ENTRIES:
            schema_editor.execute(f"DROP TABLE {table}_words")
        schema_editor.execute("DROP TABLE ledger_incidententry_place")
    else:
        schema_editor.execute("DROP FUNCTION ledger_keys_in_box")
        schema_editor.execute("DROP INDEX ledger_incidententry_place")
        for table in ENTRIES:
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
