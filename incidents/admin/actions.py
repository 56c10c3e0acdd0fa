"""List actions: mark as ready, publish, withdraw, merge, reduce, redact.

An action is done completely or not at all. Irreversible actions ask for a reason on their own page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from incidents import publishing
from incidents.admin import generalising
from incidents.admin import messages as telling
from incidents.admin.choices import ChoiceField, label, shown
from incidents.batches import batched
from incidents.ledger.models import Revision
from incidents.models import Incident, PublicRecord, Report
from incidents.publishing import NotConfirmedError, RefusedError, Result

if TYPE_CHECKING:
    from incidents.admin.published import PublishedAdmin

SHOWN_AT_MOST = 20
MERGED_AT_MOST = 50
"""Records merged at a time: they are compared by eye, each on its own line."""

Records = list[PublicRecord]


class ReasonForm(forms.Form):
    """Why; readers see it."""

    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Readers see this in the history of the record. Do not name private persons.",
    )

    def __init__(self, *args: Any, records: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MergeForm(ReasonForm):
    """Which record stays, and why the others are the same."""

    target = ChoiceField(
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
        label="Record to keep",
        help_text="Readers of the other records are redirected to this one.",
    )
    field_order = ("target", "reason")

    def __init__(self, *args: Any, records: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, records=records, **kwargs)
        self.fields["target"].queryset = shown(records)  # type: ignore[attr-defined]  # a choice field has one, which the stub of fields does not know


@dataclass(frozen=True)
class Ending:
    """An action that ends records, and the words of its page."""

    name: str
    verb: str
    explanation: str
    form: type[ReasonForm]
    act: Callable[[Records, dict[str, Any], str], list[Result]]


def _withdraw(records: Records, asked: dict[str, Any], author: str) -> list[Result]:
    result = publishing.withdraw(records, reason=asked["reason"], author=author)
    _reject(records)
    return [result]


def _merge(records: Records, asked: dict[str, Any], author: str) -> list[Result]:
    target = asked["target"]
    others = [record for record in records if record.pk != target.pk]
    return [publishing.merge(each, target, reason=asked["reason"], author=author) for each in others]


def _redact(records: Records, asked: dict[str, Any], author: str) -> list[Result]:
    results = [publishing.redact(record, reason=asked["reason"], author=author) for record in records]
    _reject(records)
    return results


def _reduce(records: Records, asked: dict[str, Any], author: str) -> list[Result]:
    reports = [record.pk for record in records if isinstance(record, Report)]
    if reports:  # they are published as parts of incidents
        showing = Incident.objects.filter(evidence__report__in=reports).distinct().order_by("pk")
        public = Revision.objects.of("incident", list(showing.values_list("public_id", flat=True)))
        records = list(showing.filter(public_id__in=public.values_list("record_id", flat=True)))
    return [publishing.reduce(records, reason=asked["reason"], author=author)]


def _reject(records: Records) -> None:
    """Keep ended incidents from coming back with the next publication of everything that is ready."""
    incidents = [record.pk for record in records if isinstance(record, Incident)]
    for some in batched(incidents, 500):
        Incident.objects.filter(pk__in=some).update(editorial_status="rejected")


WITHDRAW = Ending(
    "withdraw_selected",
    "Withdraw",
    "Readers no longer find these records in lists. Their URLs show that they were withdrawn, and why. "
    "Their history stays public: revisions/ and earlier as_of still return the whole record. The working "
    "records stay; incidents get the editorial status “Rejected”.",
    ReasonForm,
    _withdraw,
)
MERGE = Ending(
    "merge_selected",
    "Merge",
    "These records are duplicates. The URLs of the others redirect to the record to keep, and records that "
    "showed the others show it from now on. The other working records stay for you to look at. No content "
    "is copied from them.",
    MergeForm,
    _merge,
)
REDUCE = Ending(
    "reduce_selected",
    "Reduce",
    "For safety. The records are published as they are now, and the content of all their earlier revisions is "
    "permanently replaced by that: in revisions/, in every earlier as_of, in files of releases and on mirrors. "
    "Incidents that showed one of the records otherwise are reduced too. The records go on under their ids; readers "
    "see that there were revisions, when, and your reason. Copies that readers have made cannot be called back.",
    ReasonForm,
    _reduce,
)
REDACT = Ending(
    "redact_selected",
    "Redact",
    "For safety only. The content is permanently removed from the whole published history, and the id "
    "cannot be published again. Readers still see that the record was redacted, and your reason: do not "
    "repeat dangerous content in it. The working record stays. Delete it, or clear its content, if it must "
    "not be kept.",
    ReasonForm,
    _redact,
)


@admin.action(description="Mark selected %(verbose_name_plural)s as ready", permissions=["change"])
def mark_as_ready(modeladmin: PublishedAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> None:
    """Set the editorial status to ready; that publishes nothing."""
    records = list(queryset.exclude(editorial_status="ready"))
    ids = [record.pk for record in records]
    with transaction.atomic():
        for some in batched(ids, 500):
            modeladmin.model._default_manager.filter(pk__in=some).update(editorial_status="ready")
        if records:
            LogEntry.objects.log_actions(_user_id(request), records, CHANGE, "Marked as ready.")
    modeladmin.message_user(request, f"Marked as ready: {len(records)}. They are not published yet.", messages.SUCCESS)


@admin.action(description="Publish selected %(verbose_name_plural)s", permissions=["change"])
def publish_selected(modeladmin: PublishedAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """Publish what is selected, and what it shows, as one publication; ask before it makes public values coarser."""
    records = list(queryset)
    try:
        modeladmin.publish(request, records)
    except NotConfirmedError as unconfirmed:
        # All that match the filters are selected again by the same address; thousands of ids would not fit a form.
        across = request.POST.get("select_across") == "1"
        chosen = [record.pk for record in (records[:1] if across else records)]
        return generalising.ask(modeladmin, request, unconfirmed.still_readable, chosen, action="publish_selected")
    return None


@admin.action(description="Withdraw selected %(verbose_name_plural)s…", permissions=["change"])
def withdraw_selected(modeladmin: PublishedAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """Ask for a reason, then withdraw."""
    return _ask_then_end(modeladmin, request, queryset, WITHDRAW)


@admin.action(description="Merge selected %(verbose_name_plural)s…", permissions=["change"])
def merge_selected(modeladmin: PublishedAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """Ask which one stays and why, then merge the others into it."""
    number = queryset.count()
    if not 2 <= number <= MERGED_AT_MOST:
        text = f"Select 2 to {MERGED_AT_MOST} records to merge ({number} selected)."
        modeladmin.message_user(request, text, messages.WARNING)
        return None
    return _ask_then_end(modeladmin, request, queryset, MERGE)


@admin.action(description="Reduce earlier revisions of selected %(verbose_name_plural)s…", permissions=["change"])
def reduce_selected(modeladmin: PublishedAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """Ask for a reason, then publish and give all earlier revisions the present content."""
    return _ask_then_end(modeladmin, request, queryset, REDUCE)


@admin.action(description="Redact selected %(verbose_name_plural)s (remove for safety)…", permissions=["redact"])
def redact_selected(modeladmin: PublishedAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """Ask for a reason, then take the content out of all published history."""
    return _ask_then_end(modeladmin, request, queryset, REDACT)


def _ask_then_end(
    modeladmin: PublishedAdmin, request: HttpRequest, queryset: QuerySet[Any], ending: Ending
) -> HttpResponseBase | None:
    number = queryset.count()
    seen = request.POST.get("number")
    form = ending.form(request.POST if seen else None, records=queryset)
    if seen and seen != str(number):
        form.add_error(
            None, f"You confirmed {seen} records, but now {number} are selected. Check the selection and confirm again."
        )
    if seen and form.is_valid():
        try:
            with transaction.atomic():
                records = list(queryset)
                results = ending.act(records, form.cleaned_data, request.user.get_username())
                if ending is MERGE:  # working records change too, whether or not they are public
                    target = form.cleaned_data["target"]
                    told = f"Merged into {target.public_id}: {form.cleaned_data['reason']}"
                    merged = [record for record in records if record.pk != target.pk]
                    LogEntry.objects.log_actions(_user_id(request), merged, CHANGE, told)
        except RefusedError as refused:
            for line in telling.lines(refused):
                form.add_error(None, line)
        else:
            telling.tell_ended(modeladmin, request, ending.verb, number, results)
            return None
    return _page(modeladmin, request, queryset, ending, form, number)


def _page(
    modeladmin: PublishedAdmin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    ending: Ending,
    form: ReasonForm,
    number: int,
) -> TemplateResponse:
    across = request.POST.get("select_across") == "1"
    names = modeladmin.opts.verbose_name if number == 1 else modeladmin.opts.verbose_name_plural
    first = list(shown(queryset)[:SHOWN_AT_MOST])
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": f"{ending.verb} {number} {names}",
        "opts": modeladmin.opts,
        "media": modeladmin.media,
        "ending": ending,
        "form": form,
        "number": number,
        "shown": [(modeladmin.change_url(each), label(each)) for each in first],
        "more": number - len(first),
        # All that match the filters are selected again by the same address; thousands of ids would not fit a form.
        "chosen": [first[0].pk] if across and first else list(queryset.values_list("pk", flat=True)),
        "across": across,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/incidents/end.html", context)


def _user_id(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
