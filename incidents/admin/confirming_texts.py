"""Confirms that the summary of a generalised incident may be published, with a reason that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from incidents.admin import generalising
from incidents.models import Incident
from incidents.publishing.generalise import is_held_back
from incidents.publishing.revealing_text import Finding, RevealingText, hidden_by
from incidents.publishing.text_confirmations import confirm_text, confirmation_of, take_back, version_of
from incidents.vocabulary import DATE_DISCLOSURES, PLACE_DISCLOSURES

if TYPE_CHECKING:
    from incidents.admin.incidents import IncidentAdmin

SUMMARY = "summary"
SHOWN_AT_MOST = 50
CHANGED = "The summary or its level was changed since this page was opened. Read it again."
INCIDENTS = Incident.objects.select_related("location__parent__parent__parent__parent")


class ConfirmForm(forms.Form):
    """Why the summary may be published, and that whoever says so has read what was found in it."""

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text="Why nobody can be harmed by this text. Editors see it, readers do not.",
        error_messages={"required": "Enter a reason."},
    )
    read = forms.BooleanField(
        label="I have read what was found",
        error_messages={"required": "Read what was found, and tick the box."},
    )
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, findings: Sequence[Finding], **kwargs: Any) -> None:
        kwargs |= {"prefix": "confirm", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        self.incident = incident
        self.fields["version"].initial = version_of(incident, SUMMARY)
        if not findings:
            del self.fields["read"]

    def clean_version(self) -> str:
        """Refuse to confirm a text or a level that the page did not show."""
        version: str = self.cleaned_data["version"]
        if version != version_of(self.incident, SUMMARY):
            raise forms.ValidationError(CHANGED)
        return version


def section(
    modeladmin: IncidentAdmin, request: HttpRequest, incident: Incident, form: ConfirmForm | None = None
) -> dict[str, Any] | None:
    """Context of `confirming_texts.html`; None for an incident in full, whose summary needs no confirmation."""
    if not is_held_back(incident):
        return None
    findings = found_in(incident)
    known = confirmation_of(incident, SUMMARY)
    may_confirm = modeladmin.has_change_permission(request, incident)
    return {
        "confirmation": known,
        "confirmed_place": PLACE_DISCLOSURES[known.place].label if known else "",
        "confirmed_date": DATE_DISCLOSURES[known.date].label if known else "",
        "published": bool(known and known.counts),
        "place": incident.get_place_disclosure_display(),
        "date": incident.get_date_disclosure_display(),
        "findings": findings[:SHOWN_AT_MOST],
        "more": len(findings[SHOWN_AT_MOST:]),
        "marked": marked(incident.summary, findings[:SHOWN_AT_MOST]),
        "may_confirm": may_confirm,
        "form": (form or ConfirmForm(incident=incident, findings=findings)) if may_confirm else None,
        "url": reverse(f"{modeladmin.admin_site.name}:incidents_incident_texts", args=[incident.pk]),
    }


def section_of_saved(modeladmin: IncidentAdmin, request: HttpRequest, obj: Incident) -> dict[str, Any] | None:
    """The same of an incident as it was saved; a form with errors has changed the instance."""
    if request.method != "POST" and not is_held_back(obj):
        return None
    return section(modeladmin, request, INCIDENTS.get(pk=obj.pk))


def found_in(incident: Incident) -> list[Finding]:
    """What the summary reveals of the place and the day that the incident hides."""
    return RevealingText(hidden_by(incident)).find(incident.summary)


def marked(text: str, findings: Sequence[Finding]) -> SafeString:
    """A text as HTML in which what was found is marked and numbered."""
    at = 0
    parts: list[SafeString] = []
    for number, finding in enumerate(findings, start=1):
        start = max(at, finding.start)
        if start >= finding.end:
            continue  # within an earlier one
        found = text[start : finding.end]
        parts.append(format_html("{}<mark>{}</mark><sup>[{}]</sup>", text[at:start], found, number))
        at = finding.end
    return format_html("{}{}", mark_safe("".join(parts)), text[at:])  # noqa: S308  # each part is escaped above


def texts_view(modeladmin: IncidentAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    """Show what was found in the summary; confirm it, or take the confirmation back."""
    with transaction.atomic():
        if modeladmin.get_object(request, unquote(object_id)) is None:
            raise Http404
        incident = INCIDENTS.select_for_update(of=("self",)).get(pk=unquote(object_id))
        if request.method != "POST":
            if not modeladmin.has_view_or_change_permission(request, incident):
                raise PermissionDenied
            return _page(modeladmin, request, incident)
        if not modeladmin.has_change_permission(request, incident):
            raise PermissionDenied
        if "_take_back" in request.POST:
            return _take_back(modeladmin, request, incident)
        form = ConfirmForm(request.POST, incident=incident, findings=found_in(incident))
        if not form.is_valid():
            return _page(modeladmin, request, incident, form)
        return _confirm(modeladmin, request, incident, form.cleaned_data["reason"])


def _confirm(modeladmin: IncidentAdmin, request: HttpRequest, incident: Incident, reason: str) -> HttpResponseBase:
    author = request.user.get_username()
    confirm_text(incident, SUMMARY, reason=reason, author=author, at=timezone.now())
    did = "Confirmed that the summary may be published"
    text = "The summary is confirmed for this level. Readers see it once the incident is published."
    return _saved(modeladmin, request, incident, f"{did} ({_level(incident)}). Reason: {reason}", text)


def _take_back(modeladmin: IncidentAdmin, request: HttpRequest, incident: Incident) -> HttpResponseBase:
    if confirmation_of(incident, SUMMARY) is None:
        return generalising.go(modeladmin, request, incident, "change")
    take_back(incident, SUMMARY)
    did = f"Took back the confirmation of the summary ({_level(incident)})."
    text = (
        "The summary is no longer confirmed. It is withheld from the next publication on; what was published before "
        "stays readable in the history."
    )
    return _saved(modeladmin, request, incident, did, text)


def _saved(
    modeladmin: IncidentAdmin, request: HttpRequest, incident: Incident, did: str, text: str
) -> HttpResponseBase:
    incident.save(update_fields=["text_confirmations", "edited"])
    modeladmin.log_change(request, incident, did)
    modeladmin.message_user(request, text, messages.SUCCESS)
    return generalising.go(modeladmin, request, incident, "change")


def _level(incident: Incident) -> str:
    return f"place: {incident.place_disclosure}, date: {incident.date_disclosure}"


def _page(
    modeladmin: IncidentAdmin, request: HttpRequest, incident: Incident, form: ConfirmForm | None = None
) -> HttpResponseBase:
    texts = section(modeladmin, request, incident, form)
    if texts is None:
        return generalising.go(modeladmin, request, incident, "change")
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": f"Summary of {incident.public_id}",
        "opts": modeladmin.opts,
        "media": modeladmin.media,
        "original": incident,
        "texts": texts,
        "change_url": modeladmin.change_url(incident),
    }
    return TemplateResponse(request, "admin/incidents/confirm_text.html", context)
