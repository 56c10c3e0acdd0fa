"""Compares a database with what its migrations should have left, and says in words why it cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from django.apps import apps as today
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from incidents.ledger import attribute_indexes
from incidents.ledger.database.catalogue import Live, live
from incidents.ledger.database.expected import Expected, expected
from incidents.ledger.models import Head

NAMED_AT_MOST = 8
WITH_WORDS = ("ledger", "0002_indexes")
"""The migration that makes the word indexes."""

AS_BACKUP = "Restore a backup into a new database, or load the data files into a new one (docs/operating.md, Upgrades)."


class Kind(Enum):
    """What is wrong, by what can be done about it."""

    NEWER = "made by a newer version"
    PENDING = "waits for migrations"
    UNFIT = "does not fit its migrations"
    INDEX = "lacks indexes"
    CONSTRAINT = "lacks constraints"

    @property
    def stops(self) -> bool:
        """True if the server cannot run with such a database."""
        return self in (Kind.NEWER, Kind.PENDING, Kind.UNFIT)


class Finding(NamedTuple):
    """What is wrong with a database, and what to do."""

    kind: Kind
    text: str
    hint: str


def findings(alias: str = DEFAULT_DB_ALIAS) -> list[Finding]:
    """Problems of a database; empty if it can be used. Raises DatabaseError if it cannot be reached.

    `manage.py migrate` and `manage.py check` name the database, as all of Django's own commands do.
    """
    database = connections[alias]
    executor = MigrationExecutor(database)
    applied = set(executor.loader.applied_migrations)
    unknown = sorted(_unknown(executor.loader))
    if unknown:
        text = f"The database was made by a newer version: it has {_named(unknown, 'unknown migration')}."
        hint = "Use that version, or restore the backup that was made before the upgrade."
        return [Finding(Kind.NEWER, text, hint)]
    pending = [(each.app_label, each.name) for each, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    found: list[Finding] = []
    if pending:
        text = f"The database is older than this version: it needs {_named(map('.'.join, pending), 'migration')}."
        if not applied:
            text = "The database has no tables yet."
        found.append(Finding(Kind.PENDING, text, "Run manage.py migrate."))
    models = _models_of(executor.loader, applied) if pending else today
    wanted = expected(models, database, words=WITH_WORDS in applied)
    return found + list(_differences(wanted, live(database), alias, has_head=WITH_WORDS in applied))


def missing_indexes() -> dict[str, str]:
    """SQL statements of the indexes that the migrated database is missing, by name."""
    there = live(connection).indexes
    wanted = expected(today, connection, words=True).indexes | attribute_indexes.wanted()
    return {name: statement for name, statement in wanted.items() if name not in there}


def _unknown(loader: MigrationLoader) -> Iterator[str]:
    known = set(loader.disk_migrations or ())
    known |= {replaced for each in (loader.disk_migrations or {}).values() for replaced in each.replaces}
    for app, name in loader.applied_migrations:
        if app in loader.migrated_apps and (app, name) not in known:
            yield f"{app}.{name}"


def _models_of(loader: MigrationLoader, applied: set[tuple[str, str]]) -> Apps:
    """Models in the state of the applied migrations."""
    state = loader.project_state([node for node in loader.graph.nodes if node in applied])
    return state.apps


def _differences(wanted: Expected, there: Live, alias: str, *, has_head: bool) -> Iterator[Finding]:
    if faults := list(_faults(wanted, there)):
        text = f"The database does not match its applied migrations: {_listed(faults)}."
        yield Finding(Kind.UNFIT, text, f"It was made by a version before 0.1.0, or changed by hand. {AS_BACKUP}")
    elif has_head and not Head.objects.using(alias).filter(id=1).exists():
        yield Finding(Kind.UNFIT, "The ledger has no head: the row in ledger_head is missing.", AS_BACKUP)
    lacking = sorted(wanted.indexes.keys() - there.indexes)
    if lacking and not faults:
        hint = "manage.py serve creates them when it starts; manage.py make_indexes creates them now."
        yield Finding(Kind.INDEX, f"The database is missing {_named(lacking, 'index')}.", hint)
    lacking = sorted(wanted.constraints.keys() - there.constraints)
    if lacking and not faults:
        hint = f"They were removed, so invalid values are no longer rejected. {AS_BACKUP}"
        yield Finding(Kind.CONSTRAINT, f"The database is missing {_named(lacking, 'constraint')}.", hint)


def _faults(wanted: Expected, there: Live) -> Iterator[str]:
    for table, columns in sorted(wanted.tables.items()):
        if table not in there.tables:
            yield f"it has no table {table}"
            continue
        found = there.tables[table]
        for column, kind in columns.items():
            if column not in found:
                yield f"{table} has no column {column}"
            elif kind and found[column] != kind:
                yield f"{table}.{column} is of type {found[column]}, not {kind}"
        if columns:
            extra = [column for column in found if column not in columns and (table, column) in there.required]
            yield from (f"{table}.{column} is required, but unknown to this version" for column in extra)


def _listed(parts: list[str]) -> str:
    more = len(parts) - NAMED_AT_MOST
    return "; ".join(parts[:NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")


def _named(names: Iterable[str], what: str) -> str:
    every = list(names)
    more = len(every) - NAMED_AT_MOST
    told = ", ".join(every[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
    plural = {"index": "indexes"}.get(what, f"{what}s")
    return f"the {what if len(every) == 1 else plural} {told}"
