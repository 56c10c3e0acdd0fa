"""Apply migrations as Django does, to a database that they fit."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor

from incidents.ledger.checks import migrations_follow
from incidents.ledger.database import Kind, findings
from incidents.ledger.reindex import rebuild_places


class Command(migrate.Command):
    """Refuses a database of a newer version, and one that is not what its applied migrations have left."""

    def check(self, *args: Any, **kwargs: Any) -> None:
        """Run the checks; that migrations wait is no fault here."""
        with migrations_follow():
            super().check(*args, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; raises CommandError."""
        require_fit(options["database"])
        super().handle(*args, **options)
        self._index_places(options)

    def _index_places(self, options: dict[str, Any]) -> None:
        """Rebuild the index of places if an older version wrote it; only once all migrations are applied."""
        if options["plan"] or options["check_unapplied"] or options["fake"] or options["database"] != DEFAULT_DB_ALIAS:
            return
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        done = sum(rebuild_places())
        if done and options["verbosity"] >= 1:
            self.stdout.write(f"The index of {done:,} places was rebuilt: they are found by all their names and codes.")


def require_fit(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Raise CommandError, saying what is wrong and what to do, for a database that no migration makes usable."""
    for finding in findings(alias):
        if finding.kind in (Kind.NEWER, Kind.UNFIT):
            raise CommandError(f"{finding.text}\n{finding.hint}")
