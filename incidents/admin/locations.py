"""Places: their names in every script, and what they belong to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from incidents.admin.base import Choosing
from incidents.admin.inlines import Part
from incidents.admin.published import PublicationFilter, PublishedAdmin
from incidents.admin.search import written
from incidents.models import Location, Membership, PlaceMatch, PlaceName


class NameInline(Part):
    """Names and spellings."""

    model = PlaceName


class MembershipInline(Part):
    """Who says what the place belongs to."""

    model = Membership


class IdentityFilter(admin.SimpleListFilter):
    """Filters by how sure it is which place of the world a record is."""

    title = "identity"
    parameter_name = "identity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Options of the filter, as pairs of value and label."""
        return [
            ("listed", "Has a GeoNames id"),
            ("new", "Created by a load, without GeoNames id"),
            ("ambiguous", "Created by a load: ambiguous"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The queryset filtered by the selected option; all places without one."""
        if self.value() == "listed":
            return queryset.filter(geonames_id__isnull=False)
        if self.value() in ("new", "ambiguous"):
            made = Exists(PlaceMatch.objects.filter(location=OuterRef("pk"), how=self.value()))
            return queryset.filter(made, geonames_id__isnull=True)
        return queryset


@admin.register(PlaceMatch)
class PlaceMatchAdmin(Choosing, admin.ModelAdmin):  # type: ignore[type-arg]  # Django's class takes no type argument at run time
    """What files call places, and which place each was taken to be."""

    list_display = ("key", "location", "how")
    list_filter = ("how",)
    list_select_related = ("location",)
    search_fields = ("key", "location__public_id", "location__name")
    search_help_text = "Search the name in the file, and the name and id of the place."
    show_full_result_count = False
    autocomplete_fields = ("location",)
    readonly_fields = ("key", "how", "said")
    fields = ("key", "location", "how", "said")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: only loads create place matches."""
        return False


@admin.register(Location)
class LocationAdmin(PublishedAdmin):
    """Places."""

    list_display = ("name", "public_id", "kind", "parent", "country_code", "publication")
    list_filter = (PublicationFilter, IdentityFilter, "kind", "country_code")
    list_select_related = ("parent",)
    search_fields = ("name", "public_id", "katotth", "pcode", "wikidata_id")
    search_help_text = "Search names (any script), id, KATOTTH, P-code, Wikidata and GeoNames id. All words must match."
    autocomplete_fields = ("parent",)
    inlines = (NameInline, MembershipInline)
    lists = (
        ("Incidents here", "incident", "location__id__exact"),
        ("Places in it", "location", "parent__id__exact"),
        ("Names in files", "placematch", "location__id__exact"),
    )
    fieldsets = (
        (
            None,
            {"fields": ("name", "public_id", "kind", "parent", "country_code", ("latitude", "longitude"), "remark")},
        ),
        ("Ids elsewhere", {"fields": (("geonames_id", "wikidata_id"), ("katotth", "pcode"))}),
        ("For editors", {"fields": ("note", ("created", "edited"))}),
    )

    def word_condition(self, word: str) -> Q:
        """Find a place by its other names and its GeoNames id too."""
        names = PlaceName.objects.filter(written(("name",), word)).values("location")
        found = super().word_condition(word) | Q(pk__in=names)
        return found | Q(geonames_id=int(word)) if word.isascii() and word.isdecimal() and len(word) < 16 else found


def places_called(word: str) -> Any:
    """Places with this name, in any script."""
    location_admin = admin.site.get_model_admin(Location)
    assert isinstance(location_admin, LocationAdmin)  # noqa: S101 - tells the type
    return Location.objects.filter(location_admin.word_condition(word)).order_by().values("pk")
