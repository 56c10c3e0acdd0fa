"""Incidents: what happened, and on what evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.html import format_html

from incidents.admin import actions, confirming_texts, field_help, own_values
from incidents.admin.choices import ChoiceView
from incidents.admin.forms import ClaimForm, IncidentForm
from incidents.admin.inlines import Part, PositionedPart
from incidents.admin.locations import places_called
from incidents.admin.published import PublicationFilter, PublishedAdmin
from incidents.admin.search import published_ids
from incidents.models import Claim, Dataset, Incident, IncidentActor, IncidentReport, Relation
from incidents.models.incidents import CASUALTY_FIELDS
from incidents.schema.attributes import Attribute
from incidents.vocabulary import INVERSE_RELATIONS, RELATIONS

OWN_FIELDS = "own_fields"
"""Where a request keeps them."""

CHOICES_AT_MOST = 200
"""Published incidents that a choice by words weighs; more words narrow it."""


class ReportInline(PositionedPart):
    """The reports that the incident rests on."""

    model = IncidentReport
    verbose_name = "report"
    verbose_name_plural = "reports (the evidence)"
    autocomplete_fields = ("report",)
    shown_with = ("report__source",)


class ClaimInline(PositionedPart):
    """What each report says."""

    model = Claim
    form = ClaimForm
    template = "admin/edit_inline/stacked.html"
    autocomplete_fields = ("report", "speaker")
    shown_with = ("report__source", "speaker")
    fieldsets = (
        (None, {"fields": (("field", "value"), "report", ("stance", "adopted"), "quote", "speaker", "position")}),
    )


class ActorInline(PositionedPart):
    """Who took part."""

    model = IncidentActor
    verbose_name = "actor"
    verbose_name_plural = "actors"
    autocomplete_fields = ("actor",)
    shown_with = ("actor",)


class RelationInline(Part):
    """Relations of this incident to others."""

    model = Relation
    fk_name = "incident"
    autocomplete_fields = ("related",)
    shown_with = ("related",)


class RelatedFromInline(Part):
    """Incidents that name this one; it is edited on their forms, and readers see it on both."""

    model = Relation
    fk_name = "related"
    verbose_name_plural = "relations from other incidents (edit them there)"
    fields = readonly_fields = ("other", "stands")
    shown_with = ("incident",)
    can_delete = False
    max_num = 0

    @admin.display(description="incident")
    def other(self, obj: Relation) -> str:
        """Label of the incident that declares the relation."""
        return str(obj.incident)

    @admin.display(description="relation of this incident")
    def stands(self, obj: Relation) -> str:
        """Label of the inverse relation."""
        inverse = INVERSE_RELATIONS.get(obj.relation, "")  # the row that scripts copy has none
        return RELATIONS[inverse].label if inverse else ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


WHAT = ("dataset", "public_id", "summary", ("event_type", "event_subtype"))
SECTIONS: Any = (
    ("When", {"fields": (("date_start", "date_end"), "date_precision", ("time_of_day", "time_zone"), "date_remark")}),
    (
        "Where",
        {
            "fields": (
                "location",
                "location_as_reported",
                "location_precision",
                ("latitude", "longitude", "radius_km"),
                "location_remark",
            )
        },
    ),
    (
        "Targets and casualties",
        {"fields": ("targets", CASUALTY_FIELDS[:3], CASUALTY_FIELDS[3:], "figures_as_coded")},
    ),
    ("More", {"fields": ("tags", "extra")}),
    (
        "How precisely it is published",
        {
            "fields": ("place_disclosure", "date_disclosure"),
            "description": "Make values less precise if they may put people in danger. The preview shows what is "
            "published.",
        },
    ),
    ("For editors", {"fields": ("editorial_status", "note", ("created", "edited"))}),
)
"""The form, but for what happened, where declared fields come that are not named here."""


@admin.register(Incident)
class IncidentAdmin(PublishedAdmin):
    """Incidents."""

    form = IncidentForm
    actions = (
        actions.mark_as_ready,
        *PublishedAdmin.actions,
        actions.redact_selected,
    )
    list_display = ("public_id", "publication", "what", "when", "where", "editorial_status", "told")
    list_filter = (
        PublicationFilter,
        "editorial_status",
        "dataset",
        "event_type",
        "location__country_code",
        "date_precision",
        "location_precision",
        "place_disclosure",
        "date_disclosure",
    )
    list_select_related = ("location",)
    date_hierarchy = "date_start"
    search_fields = ("public_id", "summary", "location_as_reported")
    search_help_text = "Search id, summary and place names, in any script. All words must match."
    autocomplete_fields = ("dataset", "location")
    inlines = (ReportInline, ClaimInline, ActorInline, RelationInline, RelatedFromInline)
    fieldsets = (
        (None, {"fields": (*WHAT, *field_help.others("incident", [(None, {"fields": WHAT}), *SECTIONS]))}),
        *SECTIONS,
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the fields that the dataset of the incident brings itself."""
        sections = super().get_fieldsets(request, obj)
        declared = self._own_fields(request, obj)
        return [*sections[:-2], own_values.section(declared), *sections[-2:]] if declared else sections

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form, with inputs for the fields that the dataset brings itself."""
        if declared := self._own_fields(request, obj):
            inputs = own_values.inputs(declared)
            kwargs["form"] = type("OwnIncidentForm", (self.form,), {"own_fields": declared, **inputs})
        return super().get_form(request, obj, change, **kwargs)

    def _own_fields(self, request: HttpRequest, obj: Any) -> tuple[Attribute, ...]:
        """Return the fields that the dataset brings itself, read once: Django asks for the sections several times."""
        kept = vars(request)
        if OWN_FIELDS not in kept:
            kept[OWN_FIELDS] = own_values.attributes_of(self._dataset_of(request, obj))
        found: tuple[Attribute, ...] = kept[OWN_FIELDS]
        return found

    def _dataset_of(self, request: HttpRequest, obj: Any) -> Dataset | None:
        """Return the dataset of an incident; of one that is being added the dataset that was chosen for it."""
        if obj is not None:
            found: Dataset = obj.dataset
            return found
        chosen = request.POST.get("dataset") or request.GET.get("dataset") or ""
        return Dataset.objects.filter(pk=chosen).first() if chosen.isdecimal() else None

    @admin.display(description="date", ordering="date_start")
    def when(self, obj: Incident) -> str:
        """First and last day of the interval, as HTML."""
        start, end = obj.date_start, obj.date_end
        if start == end:
            return format_html('<span class="day">{}</span>', start or "unknown")
        days = '<span class="day">{}</span> – <span class="day">{}</span>'
        return format_html(days, start or "…", end or "…")

    @admin.display(description="what happened", ordering="event_type")
    def what(self, obj: Incident) -> str:
        """Label of the event type, and the summary truncated to fit a column."""
        short = obj.summary if len(obj.summary) <= 100 else f"{obj.summary[:99]}…"
        return f"{obj.get_event_type_display()}: {short}"

    @admin.display(description="place")
    def where(self, obj: Incident) -> str:
        """Name of the place, or the place as reported, or "unknown"."""
        return str(obj.location or obj.location_as_reported or "unknown")

    @admin.display(description="killed, injured")
    def told(self, obj: Incident) -> str:
        """Best estimates of killed and injured; "?" if they are not reported."""
        figures = [obj.killed_best, obj.injured_best]
        return ", ".join("?" if figure is None else str(figure) for figure in figures)

    def word_condition(self, word: str) -> Q:
        """Find an incident by any name of its place too."""
        return super().word_condition(word) | Q(location__in=places_called(word))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search all that is written; while somebody types, only what indexes answer at once."""
        if request.resolver_match and request.resolver_match.url_name == "incidents_choices" and search_term:
            ids = published_ids("incident", search_term, CHOICES_AT_MOST)
            beginning = search_term.strip().lower()
            started = Q(public_id__gte=beginning, public_id__lt=f"{beginning}~")
            return queryset.filter(Q(public_id__in=ids) | started), False
        named = queryset.filter(public_id=search_term.strip())
        if named.exists():  # whoever pastes an id wants that incident, and at once
            return named, False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self) -> list[Any]:
        """Add the choices of every form, and the page on which a summary is confirmed."""
        choices = self.admin_site.admin_view(ChoiceView.as_view(admin_site=self.admin_site))
        texts = self.admin_site.admin_view(self.texts_view)
        return [
            path("choices/", choices, name="incidents_choices"),
            path("<path:object_id>/texts/", texts, name="incidents_incident_texts"),
            *super().get_urls(),
        ]

    def texts_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Show what the summary reveals, confirm it, or take the confirmation back."""
        return confirming_texts.texts_view(self, request, object_id)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add what the summary of a generalised incident reveals."""
        obj = kwargs.get("obj")
        if obj is not None and obj.pk and IS_POPUP_VAR not in request.GET | request.POST:
            context["texts"] = confirming_texts.section_of_saved(self, request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Add the reports that only claims name to the evidence, and say so."""
        super().save_related(request, form, formsets, change)
        incident: Incident = form.instance
        evidence = incident.evidence.values("report")
        missing = list(
            incident.claims.exclude(report__in=evidence).order_by("position").values_list("report", flat=True)
        )
        last = incident.evidence.aggregate(last=Max("position"))["last"]
        for position, report in enumerate(dict.fromkeys(missing), start=0 if last is None else last + 1):
            added = IncidentReport.objects.create(incident=incident, report_id=report, position=position)
            if "_preview" not in request.POST:
                text = f"“{added}” was added to the reports, because a claim refers to it."
                self.message_user(request, text, messages.INFO)
