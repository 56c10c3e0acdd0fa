"""Places: their names in every script, and what they belong to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q

from incidents.admin.inlines import Part
from incidents.admin.published import PublicationFilter, PublishedAdmin
from incidents.admin.search import written
from incidents.models import Location, Membership, PlaceName


class NameInline(Part):
    """Names and spellings."""

    model = PlaceName


class MembershipInline(Part):
    """Who says what the place belongs to."""

    model = Membership


@admin.register(Location)
class LocationAdmin(PublishedAdmin):
    """Places."""

    list_display = ("name", "public_id", "kind", "parent", "country_code", "publication")
    list_filter = (PublicationFilter, "kind", "country_code")
    list_select_related = ("parent",)
    search_fields = ("name", "public_id", "katotth", "pcode", "wikidata_id")
    search_help_text = "Names in any script, ids, KATOTTH, P-code, Wikidata or GeoNames id. All words must be found."
    autocomplete_fields = ("parent",)
    inlines = (NameInline, MembershipInline)
    lists = (("Incidents here", "incident", "location__id__exact"), ("Places in it", "location", "parent__id__exact"))
    fieldsets = (
        (
            None,
            {"fields": ("name", "public_id", "kind", "parent", "country_code", ("latitude", "longitude"), "remark")},
        ),
        ("Ids elsewhere", {"fields": (("geonames_id", "wikidata_id"), ("katotth", "pcode"))}),
        ("For the editors", {"fields": ("note", ("created", "edited"))}),
    )

    def word_condition(self, word: str) -> Q:
        """Find a place by its other names and its GeoNames id too."""
        names = PlaceName.objects.filter(written(("name",), word)).values("location")
        found = super().word_condition(word) | Q(pk__in=names)
        return found | Q(geonames_id=int(word)) if word.isascii() and word.isdecimal() and len(word) < 16 else found


def places_called(word: str) -> Any:
    """Return the places of that name, in any script."""
    location_admin = admin.site.get_model_admin(Location)
    assert isinstance(location_admin, LocationAdmin)  # noqa: S101 - tells the type
    return Location.objects.filter(location_admin.word_condition(word)).order_by().values("pk")
