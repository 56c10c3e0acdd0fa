"""`manage.py reduce --generalised` and `manage.py reduce KIND ID …`: coarser content for all earlier revisions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from incidents import publishing
from incidents.full_disk import told_if_full
from incidents.ledger.models import Revision
from incidents.loading.errors import shown
from incidents.models import Actor, Dataset, Incident, Location, PublicRecord, Report, Source
from incidents.publishing import RefusedError, Result
from incidents.publishing.reducing import incidents_of_reports
from incidents.publishing.told_more import ToldMore, told_more

MODELS: dict[str, type[Any]] = {
    "incident": Incident,
    "source": Source,
    "actor": Actor,
    "location": Location,
    "dataset": Dataset,
    "report": Report,
}
VALUES_SHOWN = 5


class Command(BaseCommand):
    """Shows what earlier revisions tell, and replaces their content on request."""

    help = (
        "Replace the content of earlier revisions by the present, coarser content of their records: in revisions/, "
        "changes/, every as_of, releases and mirrors. Without --apply it only shows what would be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("kind", nargs="?", choices=list(MODELS), metavar="KIND", help=", ".join(MODELS))
        parser.add_argument("ids", nargs="*", metavar="ID", help="public ids of the records")
        parser.add_argument(
            "--generalised",
            action="store_true",
            help="all incidents whose place or date is coarsened and whose published history tells more",
        )
        parser.add_argument("--apply", action="store_true", help="do it; needs --reason")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; readers see it in the history")
        parser.add_argument("--user", default="", help="author of the publication")

    def handle(self, *args: Any, **options: Any) -> None:
        """List what would be reduced, or reduce it; exits with 1 if something cannot be reduced."""
        if options["generalised"] == bool(options["kind"]):
            raise CommandError("Give either --generalised or a KIND and one or more IDs.")
        if options["apply"] and not options["reason"].strip():
            raise CommandError("--apply needs --reason TEXT, which readers will see.")
        if options["generalised"]:
            self._generalised(options)
        else:
            self._named(options)

    def _generalised(self, options: dict[str, Any]) -> None:
        found = list(told_more())
        records: list[PublicRecord] = []
        left = 0
        for each in found:
            self._tell(each)
            if each.problem or _is_unready(each.incident):
                left += 1
            else:
                records.append(each.incident)
        if not found:
            self.stdout.write("No generalised incident tells more in its history than it does now.")
            return
        self._reduce([Incident.objects.get(pk=each.pk) for each in records], options)
        if left:
            raise CommandError(f"{left} of {len(found)} cannot be reduced yet; see above.", returncode=1)

    def _tell(self, each: ToldMore) -> None:
        self.stdout.write(each.incident.public_id)
        for path, values in each.values.items():
            texts = ", ".join(shown(str(value)) for value in values[:VALUES_SHOWN])
            more = f" and {len(values) - VALUES_SHOWN} more" if len(values) > VALUES_SHOWN else ""
            self.stdout.write(f"  {path}: {texts}{more}")
        if each.problem:
            self.stdout.write(f"  Cannot be published: {each.problem}")
        elif _is_unready(each.incident):
            self.stdout.write("  Is public, but its editorial status is not “Ready”: check it and mark it as ready.")

    def _named(self, options: dict[str, Any]) -> None:
        kind, ids = options["kind"], list(dict.fromkeys(options["ids"]))
        if not ids:
            raise CommandError(f"Give the public id of one {kind} or of several.")
        records = list(MODELS[kind]._default_manager.filter(public_id__in=ids).order_by("public_id"))
        known = {record.public_id for record in records}
        if missing := [each for each in ids if each not in known]:
            raise CommandError(f"There is no {kind} {', '.join(missing)}.")
        self._reduce(incidents_of_reports(records) if kind == "report" else records, options)

    def _reduce(self, records: list[Any], options: dict[str, Any]) -> None:
        try:
            with told_if_full("Nothing was reduced"), transaction.atomic():
                reason = options["reason"] or "What would be done"
                result = publishing.reduce(records, reason=reason, author=options["user"])
                if not options["apply"]:
                    transaction.set_rollback(True)
        except RefusedError as error:
            raise CommandError(f"Nothing was reduced: {error}") from None
        for kind, record_id in result.left_public:
            self.stdout.write(f"{kind} {record_id} became public together with an incident, and stays public.")
        self.stdout.write(_summary(result, applied=options["apply"]))


def _is_unready(incident: Incident) -> bool:
    """True for a public incident that an editor has not marked as ready; an ended one needs no status."""
    stored = Incident.objects.get(pk=incident.pk)
    is_live = Revision.objects.live().of("incident", [stored.public_id]).exists()
    return is_live and stored.editorial_status != "ready"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _summary(result: Result, *, applied: bool) -> str:
    every = sum(counts.get("redacted", 0) for counts in result.counts.values())
    showing = every - result.reduced
    it = "it" if result.reduced == 1 else "them"
    others = f", and {_counted(showing, 'incident')} that showed {it}" if showing else ""
    did = f"reduced: {_counted(result.reduced, 'record')}{others}"
    if applied:
        return f"Publication {result.seq}: {did}." if result.seq else "Nothing to reduce."
    return f"Would be {did}. Nothing was written: repeat the command with --apply --reason TEXT."
