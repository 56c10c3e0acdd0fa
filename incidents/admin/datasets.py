"""Datasets, and the loads that filled them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from incidents.admin import actions
from incidents.admin.base import delete_selected
from incidents.admin.form_fields import WordsField
from incidents.admin.inlines import Part
from incidents.admin.ledger import ReadOnlyAdmin
from incidents.admin.messages import link, publication_url
from incidents.admin.own_fields import OwnFieldInline
from incidents.admin.published import PublicationFilter, PublishedAdmin
from incidents.models import Batch, Dataset, Monitoring

SAFE_TAGS = "Tags that stay"


class MonitoringInline(Part):
    """What the coders watched."""

    model = Monitoring
    autocomplete_fields = ("source",)
    shown_with = ("source",)


@admin.register(Dataset)
class DatasetAdmin(PublishedAdmin):
    """Bodies of incidents under one licence."""

    actions = (  # two cannot be merged
        actions.publish_selected,
        actions.withdraw_selected,
        actions.reduce_selected,
        delete_selected,
    )
    list_display = ("name", "public_id", "licence", "version", "coverage_start", "coverage_end", "publication")
    list_filter = (PublicationFilter, "licence")
    search_fields = ("name", "public_id", "description")
    search_help_text = "Search name, id and description. All words must match."
    inlines = (MonitoringInline, OwnFieldInline)
    lists = (
        ("Its own fields", "datasetattribute", "dataset__id__exact"),
        ("Its incidents", "incident", "dataset__id__exact"),
        ("Its loads", "batch", "dataset__id__exact"),
    )
    fieldsets = (
        (None, {"fields": ("name", "public_id", "description", "version")}),
        ("Terms", {"fields": ("licence", "attribution", "citation", "homepage")}),
        ("Coverage", {"fields": (("coverage_start", "coverage_end"), "coverage_area")}),
        ("Incidents whose place or date is coarsened", {"fields": ("safe_tags",)}),
        ("For editors", {"fields": ("note", ("created", "edited"))}),
    )

    def links(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """Also where an own field is added, which the table of own fields cannot do."""
        found = super().links(request, obj)
        if request.user.has_perm("incidents.add_datasetattribute"):
            url = reverse(f"{self.admin_site.name}:incidents_datasetattribute_add")
            found.insert(1, ("Add an own field", f"{url}?dataset={obj.pk}"))
        return found

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A form field; tags are entered as on incidents."""
        if db_field.name == "safe_tags":
            return WordsField(label=SAFE_TAGS, help_text=f"{db_field.help_text} Separate them with commas.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """Loads of files; the loader writes them."""

    list_display = ("file_name", "dataset", "profile", "loaded_at", "loaded_by", "complete", "told", "published_in")
    list_filter = ("dataset", "profile", "complete")
    list_select_related = ("dataset", "loaded_by")
    date_hierarchy = "loaded_at"
    search_fields = ("file_name", "file_hash", "dataset__public_id")
    fields = (
        "dataset",
        "file_name",
        "file_hash",
        "profile",
        "complete",
        "told",
        "published_in",
        "loaded_by",
        "loaded_at",
    )

    @admin.display(description="changes")
    def told(self, obj: Batch) -> str:
        """Counts of the load as text, such as "3 added, 1 changed"."""
        return ", ".join(f"{number} {change}" for change, number in obj.counts.items() if number) or "nothing"

    @admin.display(description="publication", ordering="publication", empty_value="nothing changed")
    def published_in(self, obj: Batch) -> SafeString | None:
        """Link to the publication of the load; None if it published nothing."""
        return link(publication_url(obj.publication), f"publication {obj.publication}") if obj.publication else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show every field as text."""
        return self.fields
