"""The database part of a backup on PostgreSQL: every table of ours, copied from one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from incidents.backup.archive import Archive, Writer
from incidents.backup.errors import BackupError
from incidents.backup.progress import Step, Teller
from incidents.ledger.database.catalogue import live
from incidents.ledger.database.expected import expected
from incidents.ledger.store import quoted

MIGRATIONS = MigrationRecorder.Migration._meta.db_table
"""Is not copied: it is written again as the migrations are applied."""

GUESSED_ROWS = "SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class WHERE relname = ANY(%s)"


def member(table: str) -> str:
    """Name of the archive member with the rows of a table."""
    return f"tables/{table}.copy"


@contextmanager
def snapshot(*_: Any) -> Iterator[None]:
    """Read a single snapshot in the block, without blocking readers and editors."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
        yield


def write(writer: Writer, teller: Teller) -> dict[str, Any]:
    """Write every table into an archive; returns the columns and the number of rows of each."""
    there = live(connection).tables
    wanted = expected(apps, connection, words=True).tables
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute(GUESSED_ROWS, [list(wanted)])
        guessed = dict(cursor.fetchall())
        with teller.progress("copying the database", sum(guessed.values()), " rows") as step:
            done = 0
            for table in sorted(wanted.keys() & there.keys()):
                columns = list(there[table])
                out = f'COPY "{table}" ({quoted(columns)}) TO STDOUT'
                with connection.wrap_database_errors, cursor.copy(out) as copy:
                    writer.add(member(table), copy)
                found[table] = {"columns": columns, "rows": cursor.rowcount}
                done += guessed.get(table, 0)
                step.reach(done)
    return {"tables": found}


@contextmanager
def restored(archive: Archive, teller: Teller) -> Iterator[None]:
    """Fill an empty database in one transaction, which is committed if the block succeeds."""
    with transaction.atomic(durable=True):
        _drop_empty()
        _migrate({tuple(name.split(".", 1)) for name in archive.manifest["migrations"]})
        there = live(connection).tables
        tables = {name: said for name, said in archive.manifest["tables"].items() if name in there}
        for name in archive.manifest["tables"].keys() - tables.keys():
            teller.say(f"{name} is skipped: this version has no such table.")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be left to check of a table that is emptied
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"TRUNCATE {quoted(tables)}")  # what migrations have filled
            with teller.progress("filling tables", sum(each["rows"] for each in tables.values()), " rows") as step:
                _fill(cursor, archive, tables, step)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            # Before the block: later migrations insert rows too, such as the content types of new models.
            models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in there]
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
        yield
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _migrate(applied: set[tuple[str, ...]]) -> None:
    """Make the tables as they were when the backup was made."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    every = executor.migration_plan(leaves, clean_start=True)
    plan = [(each, backwards) for each, backwards in every if (each.app_label, each.name) in applied]
    executor.migrate(leaves, plan)


def _fill(cursor: Any, archive: Archive, tables: dict[str, Any], step: Step) -> None:
    done = 0
    for table, said in tables.items():
        into = f'COPY "{table}" ({quoted(said["columns"])}) FROM STDIN'
        # What goes wrong in there does not pass through Django's cursor, which would make its own errors of it.
        with cursor.db.wrap_database_errors, cursor.copy(into) as copy:
            for piece in archive.pieces(member(table)):
                copy.write(piece)
        if cursor.rowcount != said["rows"]:
            raise BackupError(f"{table} has {cursor.rowcount} rows and should have {said['rows']}.")
        done += said["rows"]
        step.reach(done)


def require_sound() -> None:
    """Trust PostgreSQL, which has checked every constraint."""


def _drop_empty() -> None:
    """Take away the tables that migrations have made here already: they are made again as they were backed up."""
    there = live(connection).tables
    ours = [table for table in (*expected(apps, connection, words=True).tables, MIGRATIONS) if table in there]
    if ours:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {quoted(ours)} CASCADE")
