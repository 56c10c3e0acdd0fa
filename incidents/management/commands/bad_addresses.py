"""`manage.py bad_addresses [--clear]`: addresses in published records that are no addresses of web pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.full_disk import told_if_full
from incidents.ledger.models import Revision
from incidents.loading.errors import shown
from incidents.models import Dataset, Report, Source
from incidents.publishing import PublishingSession, RefusedError, publication
from incidents.text_checks import is_licence, is_web_address
from incidents.texts import Fault, address_faults

KINDS = ("incident", "source", "dataset")
HISTORY = "earlier revisions still have them; `redact` in the admin removes a record from the whole history"


class Command(BaseCommand):
    """Lists invalid published URLs, and removes the current ones on request."""

    help = (
        "List invalid URLs in published records: those that do not start with http:// or https://, or "
        "contain spaces or control characters. --clear removes them from the working records and publishes "
        "the correction."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--clear", action="store_true", help="remove them and publish the correction")
        parser.add_argument("--user", default="", help="author of the publication")

    def handle(self, *args: Any, **options: Any) -> None:
        """List what there is; exits with 1 if something stays public that has to be corrected."""
        live, earlier = 0, 0
        for row, fault in _faults():
            live += row.retired is None
            earlier += row.retired is not None
            state = "" if row.retired is None else f" (revision {row.number}, not current)"
            self.stdout.write(f"{row.kind} {row.record_id}{state}: {fault[0]}: {shown(fault[1])}")
        if live and options["clear"]:
            left = self._clear(options["user"])
            self.stdout.write(f"{live - left} removed, and the correction published; {HISTORY}.")
            live, earlier = left, 0
            if left:
                self.stdout.write("A licence cannot be empty: correct it in the admin and publish the dataset.")
        elif live + earlier:
            self.stdout.write(
                f"{live} are current (--clear removes them), {earlier} in earlier revisions only; {HISTORY}."
            )
        else:
            self.stdout.write("All published URLs are valid.")
        if live:
            sys.exit(1)

    def _clear(self, author: str) -> int:
        """Empty addresses in working records and in what is public; returns how many cannot be emptied."""
        left = 0
        try:
            with (
                told_if_full("Nothing was changed"),
                publication(author=author, message="Remove invalid URLs") as session,
            ):
                for kind in KINDS:
                    left += self._clear_kind(session, kind)
                session.cascade()
        except RefusedError as error:
            raise CommandError(f"Nothing was changed: {error}") from None
        _clear_working()
        return left

    def _clear_kind(self, session: PublishingSession, kind: str) -> int:
        ids = dict.fromkeys(row.record_id for row, _ in _faults(kind) if row.retired is None)
        left = 0
        for record_id in ids:
            document = _without(kind, Revision.objects.live().of(kind, [record_id]).get().content())
            left += kind == "dataset" and not is_licence(document["licence"])
            session.put(kind, [document])
        return left


def _faults(*kinds: str) -> Iterator[tuple[Revision, Fault]]:
    rows = Revision.objects.filter(kind__in=kinds or KINDS).with_content().order_by("kind", "id")
    for row in rows.iterator(chunk_size=500):
        for fault in address_faults(row.kind, row.content()):
            yield row, fault


def _without(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """A document without its invalid URLs."""

    def kept(text: str | None) -> str | None:
        return text if text and is_web_address(text) else None

    if kind == "incident":
        reports = [
            {**each, "url": kept(each["url"]), "archive_url": kept(each["archive_url"])} for each in document["reports"]
        ]
        return {**document, "reports": reports}
    name = "url" if kind == "source" else "homepage"
    return {**document, name: kept(document[name])}


def _clear_working() -> None:
    """Empty addresses in working records too, published or not: the next publication must not bring them back."""
    for model, names in ((Report, ("url", "archive_url")), (Source, ("url",)), (Dataset, ("homepage",))):
        for name in names:
            rows = model._default_manager.exclude(**{name: ""}).values_list("pk", name)
            wrong = [pk for pk, text in rows.iterator(chunk_size=500) if not is_web_address(text)]
            model._default_manager.filter(pk__in=wrong).update(**{name: ""})
