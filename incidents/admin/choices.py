"""Choosing a record by typing: what the choices say, and answers that count nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, JsonResponse

from incidents.models import Actor, Incident, Location, Report, Source

if TYPE_CHECKING:
    _ModelChoiceField = ModelChoiceField[Any]
else:
    _ModelChoiceField = ModelChoiceField  # Django's forms take no type arguments at run time

PAGE = 20
SHOWN_WITH: dict[type[Model], tuple[str, ...]] = {Location: ("parent",), Report: ("source",)}
"""Relations that the label of a choice uses, by model."""

KEY_DIGITS = 19
"""As many digits as a key of 64 bits can have; one with fewer always fits."""


def label(record: Model) -> str:
    """Label of a record: what distinguishes it from others with the same name."""
    if isinstance(record, Location):
        inside = ", ".join(part for part in (str(record.parent or ""), record.country_code) if part)
        return f"{record.name} – {record.get_kind_display()}{f' in {inside}' if inside else ''} [{record.public_id}]"
    if isinstance(record, Source | Actor):
        return f"{record.name} – {record.get_kind_display()} [{record.public_id}]"
    if isinstance(record, Report):
        day = f", {record.published_on}" if record.published_on else ""
        if not record.title:  # only the id tells such reports apart, and a narrow field shows what is first
            return f"{record.public_id} – {record.source}{day}"
        return f"{record.title} – {record.source}{day} [{record.public_id}]"
    if isinstance(record, Incident):
        summary = record.summary if len(record.summary) <= 80 else f"{record.summary[:79]}…"
        return f"{record.public_id} – {_days(record)} – {summary}"
    return str(record)


def _days(incident: Incident) -> str:
    """Dates of an incident as text; the start of an open interval is not shown as a single day."""
    start, end = incident.date_start, incident.date_end
    if start == end:
        return str(start or "no date")
    return f"{start or '…'} to {end or '…'}"


def shown(records: QuerySet[Any]) -> QuerySet[Any]:
    """The records, with the relations that their labels use fetched in the same query."""
    return records.select_related(*SHOWN_WITH.get(records.model, (None,)))


class ChoiceField(_ModelChoiceField):
    """A choice that is called by its label."""

    def label_from_instance(self, record: Model) -> str:
        """Name, type and public id, so that records with the same name are distinguishable."""
        return label(record)


class ChoiceView(AutocompleteJsonView):
    """Answers what is typed; reads one row more than a page instead of counting millions."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a page of choices."""
        self.term, self.model_admin, self.source_field, to_field = self.process_request(request)
        if not self.has_perm(request):
            raise PermissionDenied
        page = request.GET.get("page", "1")
        start = (max(int(page), 1) - 1) * PAGE if page.isdecimal() and len(page) < 6 else 0
        found = list(shown(self.get_queryset())[start : start + PAGE + 1])
        results = [{"id": str(getattr(each, to_field)), "text": label(each)} for each in found[:PAGE]]
        return JsonResponse({"results": results, "pagination": {"more": len(found) > PAGE}})


class ChoiceSelect(AutocompleteSelect):
    """An autocomplete that does not query the selected record again if it is already loaded."""

    url_name = "%s:incidents_choices"
    at_hand: Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """Only the selected option: the others are loaded while the user types."""
        # What is no key at all was never offered, and a database is not to be asked for it.
        chosen = [each for each in map(str, value) if each.isascii() and each.isdecimal() and len(each) < KEY_DIGITS]
        known = self.at_hand
        if not chosen or (known is not None and chosen == [str(known.pk)]):
            empty = [] if self.is_required else [self.create_option(name, "", "", not chosen, 0)]
            options = [self.create_option(name, known.pk, label(known), True, len(empty))] if chosen and known else []
            return [(None, [*empty, *options], 0)]
        return super().optgroups(name, chosen, attr)
