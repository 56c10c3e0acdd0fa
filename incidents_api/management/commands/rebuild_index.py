"""Rebuild the index of all records from the documents."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from incidents.full_disk import told_if_full
from incidents.ledger.models import KINDS
from incidents.ledger.reindex import START, Position, rebuild, records
from incidents.loading.load_report import LoadReport
from incidents_api.management.commands.migrate import require_fit


class Command(BaseCommand):
    """Goes on where it was interrupted; readers are served meanwhile, and publications wait for a moment at most."""

    help = (
        "Rebuild the index for filters, sort orders and search from the published documents, also on a "
        "mirror. Only rows that differ are written. The server can keep running. If interrupted, run the "
        "command again to resume."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--from-start", action="store_true", help="start over instead of resuming an interrupted run"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild; the last line reports the number of entries written."""
        require_fit()
        # Not self.stdout: it ends every write with a new line, which a progress bar cannot have.
        report = LoadReport(options.get("stdout") or sys.stdout, options.get("stderr") or sys.stderr)
        kept = Path(settings.VAR_DIR) / "rebuild-index.json"
        after, done = (START, 0) if options["from_start"] else _kept(kept)
        if done:
            report.say(f"resuming after {after.record_id} ({done:,} records done)")
        written = 0
        try:
            with told_if_full("The index was not rebuilt"), report.progress("rebuilding", records(), " records") as bar:
                for step in rebuild(after):
                    done, written = done + step.records, written + step.written
                    _keep(kept, step.position, done)
                    bar.reach(done)
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run the command again to resume.", returncode=130) from None
        kept.unlink(missing_ok=True)
        report.say(f"records {done:,}, entries written {written:,}")


def _database() -> str:
    return f"{connection.vendor} {connection.settings_dict['HOST']} {connection.settings_dict['NAME']}"


def _kept(path: Path) -> tuple[Position, int]:
    """Position and count of an interrupted run on this database, if any."""
    try:
        said = orjson.loads(path.read_bytes())
        if said["database"] == _database() and said["kind"] in KINDS:
            return Position(said["kind"], said["record_id"]), said["done"]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # there is none, or it is damaged: what is right already is not written again
    return START, 0


def _keep(path: Path, position: Position, done: int) -> None:
    said = {"database": _database(), **position._asdict(), "done": done}
    beside = path.with_suffix(".part")
    beside.write_bytes(orjson.dumps(said))
    beside.replace(path)
