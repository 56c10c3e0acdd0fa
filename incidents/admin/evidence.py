"""Sources, their reports, and actors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q

from incidents.admin.actions import reduce_selected
from incidents.admin.base import RecordAdmin, delete_selected
from incidents.admin.forms import ReportForm
from incidents.admin.published import PublicationFilter, PublishedAdmin
from incidents.admin.search import published_with, written
from incidents.models import Actor, Report, Source


@admin.register(Source)
class SourceAdmin(PublishedAdmin):
    """Who speaks."""

    list_display = ("name", "public_id", "kind", "scale", "reliability", "country_code", "publication")
    list_filter = (PublicationFilter, "kind", "scale", "reliability", "country_code", "language")
    search_fields = ("name", "public_id", "url", "affiliation")
    search_help_text = "Search name, id, URL and affiliation. All words must match."
    lists = (("Its reports", "report", "source__id__exact"), ("Reports that relay it", "report", "relays__id__exact"))
    fieldsets = (
        (None, {"fields": ("name", "public_id", "kind", "url", ("language", "country_code"), "affiliation")}),
        ("Coverage and reliability", {"fields": ("scale", "reliability", "remark")}),
        ("For editors", {"fields": ("note", ("created", "edited"))}),
    )


@admin.register(Actor)
class ActorAdmin(PublishedAdmin):
    """Who acts or is acted on."""

    list_display = ("name", "public_id", "kind", "country_code", "publication")
    list_filter = (PublicationFilter, "kind", "country_code")
    search_fields = ("name", "public_id")
    search_help_text = "Search name and id. All words must match."
    lists = (("Its incidents", "incident", "actors__id__exact"),)
    fieldsets = (
        (None, {"fields": ("name", "public_id", "kind", "country_code", "ucdp_id", "remark")}),
        ("For editors", {"fields": ("note", ("created", "edited"))}),
    )


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    """Documents; they are published as part of the incidents that rest on them."""

    form = ReportForm
    actions: Any = (reduce_selected, delete_selected)
    list_display = ("title_or_id", "public_id", "source", "relays", "published_on", "language")
    list_filter = ("language", "source__kind")
    list_select_related = ("source", "relays")
    date_hierarchy = "published_on"
    search_fields = ("title", "public_id", "url")
    search_help_text = "Search title, id, URL and name of the source. All words must match."
    autocomplete_fields = ("source", "relays")
    lists = (("Incidents with this report", "incident", "reports__id__exact"),)
    fieldsets = (
        (None, {"fields": ("source", "relays", "title", "public_id", "language")}),
        ("Links", {"fields": ("url", "archive_url", "content_hash")}),
        ("Publication date", {"fields": ("published_on", "published_not_before")}),
        ("For editors", {"fields": ("excerpt", "note", ("created", "edited"))}),
    )

    @admin.display(description="report", ordering="title")
    def title_or_id(self, obj: Report) -> str:
        """Title of the report, or its public id if it has none."""
        return str(obj)

    def word_condition(self, word: str) -> Q:
        """Find a report by its source too."""
        sources = Source.objects.filter(written(("name",), word) | published_with("source", word))
        return super().word_condition(word) | Q(source__in=sources.order_by().values("pk"))
