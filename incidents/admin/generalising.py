"""Question before public values become coarser: what becomes of the earlier revisions that still have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Min
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from incidents.ledger.models import Release, Revision
from incidents.models import Incident
from incidents.publishing.still_readable import StillReadable, held_back_more, last_published
from incidents.text_checks import REASON as REASON_LENGTH

if TYPE_CHECKING:
    from incidents.admin.published import PublishedAdmin

CONFIRMED = "still_readable"
"""Form field with the token of the values that the user has seen."""

SHOWN_AT_MOST = 20
LONGEST_TEXT = 200


class EarlierForm(forms.Form):
    """What becomes of the earlier revisions, and the reason that readers see."""

    earlier = forms.ChoiceField(
        label="Earlier revisions",
        widget=forms.RadioSelect,
        choices=(
            (
                "reduce",
                "Reduce them: they get the new content too. Their number, time and the reason are public.",
            ),
            ("keep", "Keep them: everybody can go on reading the values listed above."),
        ),
    )
    reason = forms.CharField(
        max_length=REASON_LENGTH,
        required=False,
        initial="Made less precise for the safety of people.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text="Needed to reduce. Readers see it in the history: do not repeat what must not be known.",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a reduction without a reason."""
        said = super().clean() or {}
        if said.get("earlier") == "reduce" and not said.get("reason"):
            self.add_error("reason", "Enter a reason, which readers will see.")
        return said

    @property
    def reduce_because(self) -> str:
        """Reason of the reduction; empty if the earlier revisions stay as they are."""
        return str(self.cleaned_data["reason"]) if self.cleaned_data["earlier"] == "reduce" else ""


def answered(request: HttpRequest) -> EarlierForm | None:
    """The form as it was sent; None if the question was not asked yet."""
    return EarlierForm(request.POST) if request.POST.get(CONFIRMED) else None


def context_of(modeladmin: PublishedAdmin, request: HttpRequest, still_readable: StillReadable) -> dict[str, Any]:
    """Context of `still_readable.html`: each record with its values, the releases, and who may redact."""
    first = list(still_readable)[:SHOWN_AT_MOST]
    keys = dict(
        modeladmin.model._default_manager.filter(public_id__in=[record.id for record in first]).values_list(
            "public_id", "pk"
        )
    )
    return {
        "kept": [
            {
                "id": record.id,
                "pk": keys.get(record.id),
                "history": reverse(f"{record.kind}-revisions", args=[record.id]),
                "fields": [
                    (path.replace(".", " › ").replace("_", " "), _texts(values))
                    for path, values in record.values.items()
                ],
            }
            for record in first
        ],
        "kept_number": len(still_readable),
        "kept_coarser": len(still_readable.coarser()),
        "kept_more": len(still_readable) - len(first),
        "kept_releases": _releases((record.kind, record.id) for record in first),
        "kept_token": still_readable.token,
        "redactable": modeladmin.model is Incident,
        "may_redact": modeladmin.model is Incident and modeladmin.has_redact_permission(request),
    }


def ask(
    modeladmin: PublishedAdmin,
    request: HttpRequest,
    still_readable: StillReadable,
    chosen: Iterable[int],
    *,
    action: str = "",
    back: str = "",
) -> HttpResponseBase:
    """The page that lists the values that stay readable, and asks what becomes of them.

    `action` is the list action to do then; without it the form goes to the address that it came from. `back` is where
    to go instead.
    """
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": "What becomes of the published values?",
        "form": answered(request) or EarlierForm(initial={"earlier": "reduce" if still_readable.coarser() else "keep"}),
        "opts": modeladmin.opts,
        "media": modeladmin.media,
        "chosen": list(chosen),
        "across": request.POST.get("select_across") == "1",
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": CONFIRMED,
        "action": action,
        "list_url": reverse(f"{modeladmin.admin_site.name}:incidents_{modeladmin.opts.model_name}_changelist"),
        "back": back,
        **context_of(modeladmin, request, still_readable),
    }
    return TemplateResponse(request, "admin/incidents/generalising.html", context)


def go(modeladmin: PublishedAdmin, request: HttpRequest, obj: Any, page: str) -> HttpResponseRedirect:
    """Go to a page of a record, with the filters of the list that it was opened from."""
    url = reverse(f"{modeladmin.admin_site.name}:incidents_{modeladmin.opts.model_name}_{page}", args=[obj.pk])
    filters: Any = {"preserved_filters": modeladmin.get_preserved_filters(request), "opts": modeladmin.opts}
    return HttpResponseRedirect(add_preserved_filters(filters, url))


def warn_saved(modeladmin: PublishedAdmin, request: HttpRequest, obj: Any) -> None:
    """Warn after a save without publishing if the disclosure level is coarser than the public record."""
    if not isinstance(obj, Incident):
        return
    published = last_published("incident", [obj.public_id]).get(obj.public_id)
    levels = {"place": obj.place_disclosure, "date": obj.date_disclosure}
    if published and (held_back := held_back_more(published, **levels)):
        text = (
            f"{obj.public_id} was published with a more precise {' and '.join(held_back)}, which readers see until you "
            "publish it. Then you are asked what becomes of the earlier revisions."
        )
        modeladmin.message_user(request, text, messages.WARNING)


def _texts(values: Sequence[Any]) -> list[str]:
    texts = [str(value) for value in values[:SHOWN_AT_MOST]]
    cut = [text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…" for text in texts]
    return [*cut, *([f"and {len(values) - SHOWN_AT_MOST} more"] if len(values) > SHOWN_AT_MOST else [])]


def _releases(records: Iterable[tuple[str, str]]) -> list[str]:
    """Names of releases that may contain one of these records, newest first."""
    by_kind: dict[str, list[str]] = {}
    for kind, public_id in records:
        by_kind.setdefault(kind, []).append(public_id)
    firsts = [
        Revision.objects.filter(kind=kind, record_id__in=ids).aggregate(first=Min("seq"))["first"]
        for kind, ids in by_kind.items()
    ]
    if not firsts:
        return []
    releases = Release.objects.filter(withdrawn_at__isnull=True, seq__gte=min(firsts)).order_by("-seq")
    return list(releases.values_list("name", flat=True)[:SHOWN_AT_MOST])
