"""Read-only admin of the ledger: what was published, when and by whom."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from incidents.admin.search import Searching
from incidents.ledger.models import Publication, Revision
from incidents.models import PublicRecord
from incidents.publishing.dependencies import KIND_OF

REVISIONS_SHOWN = 200


class ReadOnlyAdmin(Searching):
    """An admin in which there is nothing to add, change or delete."""

    actions = None

    class Media:
        css = {"all": ["incidents/admin/editing.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Publications and what they did."""

    change_form_template = "admin/incidents/publication.html"
    list_display = ("seq", "published_at", "author", "message", "told")
    list_filter = ("author",)
    date_hierarchy = "published_at"
    search_fields = ("message", "author")
    search_help_text = "Search message and author. All words must match."
    fields = ("seq", "published_at", "author", "message", "origin", "told", "all_told")

    @admin.display(description="changes")
    def told(self, obj: Publication) -> str:
        """Changes by kind as text, such as "incident: 3 added"."""
        return _told(obj.counts) or "nothing"

    @admin.display(description="public records after it")
    def all_told(self, obj: Publication) -> str:
        """Number of public records by kind after the publication, as text."""
        return ", ".join(f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in obj.totals.items())

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the revisions that the publication wrote."""
        obj = kwargs["obj"]
        every = Revision.objects.filter(seq=obj.seq)
        rows = list(every.order_by("id").defer("document")[:REVISIONS_SHOWN])
        context["revisions"] = [(row, url) for row, url in zip(rows, _urls(request, rows), strict=True)]
        context["more"] = every.count() - len(rows)
        return super().render_change_form(request, context, *args, **kwargs)


def _told(counts: dict[str, dict[str, int]]) -> str:
    return "; ".join(
        f"{kind}: {', '.join(f'{number} {change}' for change, number in changes.items() if number)}"
        for kind, changes in counts.items()
        if any(changes.values())
    )


def _urls(request: HttpRequest, rows: list[Revision]) -> list[str | None]:
    """URL of the working record of each revision; None if there is none or the user may not see it."""
    found: dict[tuple[str, str], str] = {}
    for model, kind in KIND_OF.items():
        ids = {row.record_id for row in rows if row.kind == kind}
        if ids and request.user.has_perm(f"incidents.view_{kind}"):
            found |= _forms(model, kind, ids)
    return [found.get((row.kind, row.record_id)) for row in rows]


def _forms(model: type[PublicRecord], kind: str, ids: set[str]) -> dict[tuple[str, str], str]:
    pairs = model.objects.filter(public_id__in=ids).values_list("public_id", "pk")
    return {(kind, public_id): reverse(f"admin:incidents_{kind}_change", args=[pk]) for public_id, pk in pairs}
