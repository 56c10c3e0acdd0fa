"""Make indexes again that the database lacks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.ledger.database import make_missing
from incidents_api.management.commands.migrate import require_fit


class Command(BaseCommand):
    """Finds what is lacking by name; `serve` does the same at its start."""

    help = "Create missing database indexes. The server can keep running."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them; raises CommandError if one could not be made."""
        require_fit()
        failed = []
        for made in make_missing():
            self.stdout.write(f"{made.name}: {made.error or 'created'}")
            failed += [made.name] if made.error else []
        if failed:
            raise CommandError(f"Could not be created: {', '.join(failed)}.")
