"""Load fixtures as Django does, and publish the working records among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject
from django.db.models import ForeignKey
from django.utils import timezone

from incidents import publishing
from incidents.full_disk import told_if_full
from incidents.ledger.models import Revision
from incidents.models import Incident, PublicRecord, Report
from incidents.models.base import Child
from incidents.publishing.dependencies import KIND_OF
from incidents.text_checks import STORABLE, is_storable, leaves, storable

TIMES = ("created", "edited")
LINES_TOLD = 20
"""Records that a warning names."""


class Command(loaddata.Command):
    """Loads and publishes in one transaction: a fixture that cannot be published is not loaded either."""

    help = (
        f"{loaddata.Command.help} Publishes incidents that are marked ready, the records that they show, and "
        "changes of other public records."
    )
    verbosity: int

    def handle(self, *fixture_labels: Any, **options: Any) -> None:
        """Load and publish; raises CommandError where that cannot be."""
        with told_if_full("Nothing was loaded"):
            super().handle(*fixture_labels, **options)

    def loaddata(self, fixture_labels: Sequence[str]) -> None:
        """Load, then publish, inside the transaction that Django has opened around this."""
        self.loaded: defaultdict[type[PublicRecord], set[int]] = defaultdict(set)
        super().loaddata(fixture_labels)
        if self.loaded:
            self._publish(f"Load fixture {', '.join(fixture_labels)}")

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Save an object as Django does, and note the record that it is or is a part of."""
        record = obj.object
        if isinstance(record, PublicRecord | Child):
            _refuse_invalid(record)
        if isinstance(record, PublicRecord):
            _fill_times(record)
        saved: bool = super().save_obj(obj)
        if saved and isinstance(record, PublicRecord):
            self.loaded[type(record)].add(record.pk)
        elif saved and isinstance(record, Child):
            model, pk = _whole(record)
            self.loaded[model].add(pk)
        return saved

    def _publish(self, message: str) -> None:
        self._note_incidents_that_rest_on(self.loaded.pop(Report, set()))
        records = {
            model: list(model._default_manager.in_bulk(list(ids)).values()) for model, ids in self.loaded.items()
        }
        ended = self._leave_ended(records.get(Incident, []))
        if Incident in records:
            records[Incident] = [each for each in records[Incident] if each.public_id not in ended]
        asked = [
            record
            for model, some in records.items()
            for record in (some if model is Incident else self._public(model, some))
        ]
        try:
            result = publishing.publish(asked, message=message)
        except publishing.RefusedError as error:
            raise CommandError(f"Nothing was loaded, because these records cannot be published:\n{error}") from error
        if self.verbosity >= 1:
            self.stdout.write(_told(result))
            self._warn(result.still_readable)
            self._tell_unpublished(records)
            for public_id in ended:
                self.stdout.write(f"Not published: {public_id}, which was withdrawn, merged or redacted")

    def _note_incidents_that_rest_on(self, reports: Iterable[int]) -> None:
        incidents = Incident.objects.filter(evidence__report__in=reports)
        if ids := set(incidents.values_list("pk", flat=True)):
            self.loaded[Incident] |= ids

    def _leave_ended(self, incidents: Sequence[PublicRecord]) -> list[str]:
        """Keep what editors withdrew, merged or redacted from coming back by itself; return its ids."""
        revisions = Revision.objects.of("incident", [each.public_id for each in incidents])
        public = {each.public_id for each in self._public(Incident, incidents)}
        ended = sorted(set(revisions.values_list("record_id", flat=True)) - public)
        Incident.objects.filter(public_id__in=ended).update(editorial_status="rejected")
        return ended

    def _public(self, model: type[PublicRecord], records: Sequence[PublicRecord]) -> list[PublicRecord]:
        """The records, all of one kind, that are public now."""
        live = Revision.objects.live().of(KIND_OF[model], [each.public_id for each in records])
        public = set(live.values_list("record_id", flat=True))
        return [each for each in records if each.public_id in public]

    def _warn(self, still_readable: publishing.StillReadable) -> None:
        if coarser := still_readable.coarser():
            told = [str(record) for record in coarser][:LINES_TOLD]
            more = len(coarser) - len(told)
            lines = [
                f"{coarser.warning()}: {len(coarser)}",
                *told,
                *([f"… and {more} more"] if more else []),
            ]
            self.stdout.write("\n  ".join(lines))
        if note := still_readable.note_on_names():
            self.stdout.write(note)

    def _tell_unpublished(self, records: dict[type[PublicRecord], list[PublicRecord]]) -> None:
        for model, some in records.items():
            if left := len(some) - len(self._public(model, some)):
                why = "not marked ready" if model is Incident else "not shown by a public record"
                self.stdout.write(f"Not published: {_number(left, model._meta)}, {why}")


def _refuse_invalid(record: PublicRecord | Child) -> None:
    """Raise CommandError for a text or an address that no other way in would take."""
    try:
        record.clean_fields(exclude=[each.name for each in record._meta.fields if each.is_relation or each.primary_key])
        wrong: dict[str, list[str]] = {}
    except ValidationError as error:
        wrong = error.message_dict
    for field in record._meta.concrete_fields:
        if any(isinstance(text, str) and not is_storable(text) for _, text in leaves(getattr(record, field.attname))):
            wrong.setdefault(field.name, [f"Enter {STORABLE}."])
    if wrong:
        told = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in wrong.items())
        raise CommandError(f"Nothing was loaded: {record._meta.label_lower} {storable(str(record))}: {told}")


def _whole(part: Child) -> tuple[type[PublicRecord], int]:
    """Model and key of the record that contains this part: the first relation that identifies it."""
    link = cast("ForeignKey[Any, Any]", part._meta.get_field(part.natural_fields[0].partition("__")[0]))
    return cast("type[PublicRecord]", link.related_model), getattr(part, link.attname)


def _fill_times(record: PublicRecord) -> None:
    """Give a record the times that the fixture leaves out, which Django does not do for what it loads.

    A record that the fixture leaves as it was keeps both its times.
    """
    stored = type(record)._default_manager.filter(pk=record.pk).first() if record.pk else None
    names = [field.attname for field in record._meta.concrete_fields if field.name not in TIMES]
    same = stored is not None and all(getattr(stored, name) == getattr(record, name) for name in names)
    for name in TIMES:
        if getattr(record, name) is None:
            keep = stored is not None and (same or name == "created")
            setattr(record, name, getattr(stored, name) if keep else timezone.now())


def _told(result: publishing.Result) -> str:
    if result.seq is None:
        return "Already up to date."
    names = {kind: model._meta for model, kind in KIND_OF.items()}
    parts = [
        f"{_number(number, names[kind])} {change}"
        for kind, counts in result.counts.items()
        for change, number in counts.items()
        if number and change != "unchanged"
    ]
    return f"Published as number {result.seq}: {', '.join(parts)}"


def _number(number: int, names: Any) -> str:
    return f"{number} {names.verbose_name if number == 1 else names.verbose_name_plural}"
