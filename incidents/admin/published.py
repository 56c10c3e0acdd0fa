"""The admin of what can be published: its state in lists, its panel and buttons on the form, its actions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents import publishing
from incidents.admin import actions, generalising
from incidents.admin import messages as telling
from incidents.admin.base import RecordAdmin, delete_selected
from incidents.admin.date_hierarchy import DatedChangeList
from incidents.admin.panel import Panel, history, words_of
from incidents.admin.published_differences import compare
from incidents.admin.state import is_live, is_stale, kind_of, states, was_ever
from incidents.models import PublicRecord
from incidents.publishing import NotConfirmedError, Preview, RefusedError

WAIT_SECONDS = 3
"""How long a preview waits for a publication that is under way; SQLite waits as long as for any write."""


class PublicationFilter(admin.SimpleListFilter):
    """Filters by what readers see."""

    title = "publication"
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Options of the filter, as pairs of value and label."""
        return [
            ("public", "Public"),
            ("edited", "Public, edited since"),
            ("ended", "Withdrawn, merged, redacted"),
            ("never", "Never published"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The queryset filtered by publication state; all records without one."""
        kind = kind_of(queryset.model) or ""
        conditions = {
            "public": is_live(kind),
            "edited": is_stale(kind),
            "ended": was_ever(kind) & ~is_live(kind),
            "never": ~was_ever(kind),
        }
        value = self.value()
        return queryset.filter(conditions[value]) if value in conditions else queryset


class PublishedChangeList(DatedChangeList):
    """A list that knows what is published of each of its rows."""

    def get_results(self, request: HttpRequest) -> None:
        """Look up the state of the whole page in one query."""
        super().get_results(request)
        rows = list(self.result_list)
        known = states(kind_of(self.model) or "", (row.public_id for row in rows))
        for row in rows:
            row.published_state = known.get(row.public_id)
        self.result_list = rows


class PublishedAdmin(RecordAdmin):
    """The admin of a record that is published by itself."""

    actions: Any = (
        actions.publish_selected,
        actions.withdraw_selected,
        actions.merge_selected,
        actions.reduce_selected,
        delete_selected,
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Class of the list, which fetches the publication states of a page in one query."""
        return PublishedChangeList

    @admin.display(description="publication")
    def publication(self, obj: Any) -> SafeString:
        """Show what readers see of the record."""
        look, text = words_of(obj.published_state, obj.edited)
        return format_html('<span class="state state-{}">{}</span>', look, text)

    def has_redact_permission(self, request: HttpRequest) -> bool:
        """Leave the only act that rewrites history to superusers."""
        return bool(request.user.is_active and request.user.is_superuser)

    def get_urls(self) -> list[Any]:
        """Add the URLs of the comparison and of the confirmation before publishing."""
        views = {"compare": self.compare_view, "publish": self.publish_view}
        return [
            *(
                path(
                    f"<path:object_id>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"incidents_{self.opts.model_name}_{name}",
                )
                for name, view in views.items()
            ),
            *super().get_urls(),
        ]

    def publish(self, request: HttpRequest, records: list[PublicRecord]) -> None:
        """Publish records and say what came of it.

        Raises NotConfirmedError if that makes coarser what is public, and the form does not answer for just that.
        """
        confirmed = request.POST.get(generalising.CONFIRMED, "")
        answer = generalising.answered(request)
        try:
            if answer and not answer.is_valid():
                raise NotConfirmedError(publishing.what_stays_readable(records))
            result = publishing.publish(
                records,
                author=request.user.get_username(),
                confirmed=confirmed,
                reduce_because=answer.reduce_because if answer else "",
            )
        except RefusedError as refused:
            self.message_user(request, "Nothing was published:", messages.ERROR)
            for line in telling.lines(refused):
                self.message_user(request, line, messages.ERROR)
        else:
            telling.tell_published(self, request, result)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add what is published, and the buttons of those who may publish."""
        obj = kwargs.get("obj")
        may_change = self.has_change_permission(request, obj)
        context["may_publish"] = may_change and IS_POPUP_VAR not in request.GET | request.POST
        if obj is not None and obj.pk:
            context["panel"] = Panel.of(self, request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Preview or publish the added record, depending on the button."""
        return self._preview_or_publish(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Preview or publish the changed record, depending on the button."""
        return self._preview_or_publish(request, obj) or super().response_change(request, obj)

    def _preview_or_publish(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        if "_preview" in request.POST:
            page = self._comparison(request, obj, saved=False).render()
            transaction.set_rollback(True)  # the form's view is one transaction: nothing of it stays
            return page
        if "_publish" not in request.POST:
            generalising.warn_saved(self, request, obj)
            return None
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        self.message_user(request, f"Saved: {self.opts.verbose_name} {obj.public_id}.", messages.SUCCESS)
        try:
            self.publish(request, [obj])
        except NotConfirmedError:
            self.message_user(request, "Not published yet. Read this first.", messages.WARNING)
            return generalising.go(self, request, obj, "publish")
        return generalising.go(self, request, obj, "change")

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Name what stays readable once a saved record is published, and publish it when that is confirmed."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        try:
            if request.method == "POST":
                self.publish(request, [obj])
                return generalising.go(self, request, obj, "change")
            still_readable = publishing.what_stays_readable([obj])
        except NotConfirmedError as unconfirmed:
            still_readable = unconfirmed.still_readable
        except RefusedError:
            return generalising.go(self, request, obj, "compare")  # which says why
        if not still_readable:
            return generalising.go(self, request, obj, "change")
        return generalising.ask(self, request, still_readable, [obj.pk], back=self.change_url(obj))

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Compare what is published of a saved record with what publishing it now would make of it."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return self._comparison(request, obj, saved=True)

    def _comparison(self, request: HttpRequest, obj: Any, *, saved: bool) -> TemplateResponse:
        part = "part" in request.GET
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"{'Compare' if saved else 'Preview of'} {obj.public_id}",
            "opts": self.opts,
            "media": self.media,
            "original": obj,
            "saved": saved,
            "part": part,
            "change_url": self.change_url(obj) if saved else None,
            "unready": getattr(obj, "editorial_status", "ready") != "ready",
            "busy": False,
            "revisions": [] if part or not saved else history(request, kind_of(self.model) or "", obj.public_id),
        }
        try:
            preview = _preview(obj)
        except OperationalError:
            context["busy"] = True
        else:
            rows = compare(preview.published, preview.working)
            context |= generalising.context_of(self, request, preview.still_readable)
            context |= {
                "preview": preview,
                "problems": preview.problem.splitlines(),
                "changed": [row for row in rows if row.differs] if preview.working else [],
                "same": [
                    row for row in rows if (row.published or row.working) and not (row.differs and preview.working)
                ],
            }
        template = "comparison" if part else "compare"
        response = TemplateResponse(request, f"admin/incidents/{template}.html", context)
        response.status_code = 503 if context["busy"] else 200
        return response


def _preview(record: PublicRecord) -> Preview:
    """The preview, with a short lock timeout while somebody publishes; raises OperationalError then."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        return publishing.preview(record)
