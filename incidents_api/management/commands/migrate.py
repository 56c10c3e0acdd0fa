"""Apply migrations as Django does, to a database that they fit."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from incidents.ledger.checks import migrations_follow
from incidents.ledger.database import Kind, findings


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


def require_fit(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Raise CommandError, saying what is wrong and what to do, for a database that no migration makes usable."""
    for finding in findings(alias):
        if finding.kind in (Kind.NEWER, Kind.UNFIT):
            raise CommandError(f"{finding.text}\n{finding.hint}")
