"""What the admin of every working record shares: choosing, searching, saving, deleting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_with_confirmation
from django.contrib.admin.utils import unquote
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from incidents.admin.choices import ChoiceField, ChoiceSelect, shown
from incidents.admin.edit_conflicts import OPENED, stamp
from incidents.admin.field_help import form_text, help_texts, list_field
from incidents.admin.forms import PublicRecordForm
from incidents.admin.search import Searching
from incidents.admin.state import is_live, kind_of, public_ids, was_published
from incidents.models import PublicRecord

if TYPE_CHECKING:
    _BaseModelAdmin = admin.options.BaseModelAdmin[Any]
else:
    _BaseModelAdmin = object

ISO_DAY = "%Y-%m-%d"
DAY_ERROR = (
    "Enter a date as year-month-day, for example 2022-08-04. If only the month is known, enter its first "
    "and its last day, with precision “Month”."
)
NAMED_AT_MOST = 10
"""Records that a message names; the rest are counted."""


class Choosing(_BaseModelAdmin):
    """Chooses related records by typing, and writes days one way, which everybody reads alike."""

    formfield_overrides: ClassVar[Any] = {
        models.DateField: {
            "widget": forms.DateInput(format=ISO_DAY, attrs={"placeholder": "YYYY-MM-DD", "size": 12}),
            "input_formats": [ISO_DAY],  # 04/08/2022 is a day in April to some and in August to others
            "error_messages": {"invalid": DAY_ERROR},
        },
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A form field with autocomplete for foreign keys."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["form_class"] = ChoiceField
            kwargs["widget"] = ChoiceSelect(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("queryset", shown(db_field.remote_field.model._default_manager.all()))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.action(description="Delete selected %(verbose_name_plural)s", permissions=["delete"])
def delete_selected(modeladmin: RecordAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase | None:
    """Delete after a confirmation; refuse as a whole when one of them is public."""
    kind = kind_of(modeladmin.model)
    public = list(queryset.filter(is_live(kind))[: NAMED_AT_MOST + 1]) if kind else []
    if public:
        names = ", ".join(each.public_id for each in public[:NAMED_AT_MOST])
        more = " and more" if len(public) > NAMED_AT_MOST else ""
        modeladmin.message_user(
            request,
            f"Nothing was deleted, because these are public: {names}{more}. Withdraw them first.",
            messages.ERROR,
        )
        return None
    return delete_with_confirmation(modeladmin, request, queryset)


class RecordAdmin(Choosing, Searching):
    """The admin of a working record with a public id."""

    form = PublicRecordForm
    actions: Any = (delete_selected,)
    lists: ClassVar[Sequence[tuple[str, str, str]]] = ()
    """Lists to go to from a record: label, model, lookup."""

    class Media:
        css: ClassVar[Any] = {"all": ["incidents/admin/editing.css"]}
        js: ClassVar[Any] = ["incidents/admin/compare.js", "incidents/admin/once.js", "incidents/admin/focus.js"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Form field with a help text: that of the model, or else the definition of the declared field."""
        kind = str(self.opts.model_name)
        said = form_text(db_field.help_text) or help_texts(kind).get(db_field.name, "")
        if listed := list_field(kind, db_field.name, said):
            return listed
        if said:
            kwargs.setdefault("help_text", said)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Hold the id of what readers have seen."""
        fields = ("created", "edited", *super().get_readonly_fields(request, obj))
        return ("public_id", *fields) if obj is not None and was_published(obj) else fields

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Offer the lists in which the record plays a part, and note which state of it the form shows."""
        obj = kwargs.get("obj")
        if obj is not None and obj.pk:
            context |= {"opened_name": OPENED, "opened": stamp(obj)}
            context["lists"] = self.links(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def links(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """Texts and URLs of the links above the form of a record: the lists that this user may see."""
        return [
            (text, f"{reverse(f'{self.admin_site.name}:incidents_{model}_changelist')}?{lookup}={obj.pk}")
            for text, model, lookup in self.lists
            if request.user.has_perm(f"incidents.view_{model}") or request.user.has_perm(f"incidents.change_{model}")
        ]

    def save_model(self, request: HttpRequest, obj: PublicRecord, form: Any, change: bool) -> None:
        """Leave a record alone that nobody changed, so that “edited since” stays true."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Count a change of a part as a change of the record."""
        super().save_related(request, form, formsets, change)
        if change and not form.has_changed() and any(formset.has_changed() for formset in formsets):
            form.instance.save(update_fields=["edited"])

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Refuse to delete what readers see."""
        obj = self.get_object(request, unquote(object_id))
        kind = kind_of(self.model)
        public = obj is not None and kind and public_ids(kind, [obj.public_id])
        if obj is not None and public and self.has_delete_permission(request, obj):
            text = f"Not deleted: {obj.public_id} is public. Withdraw it first, so that readers see the reason."
            self.message_user(request, text, messages.ERROR)
            return redirect(self.change_url(obj))
        return super().delete_view(request, object_id, extra_context)

    def change_url(self, obj: Any) -> str:
        """URL of the change form of a saved record."""
        return reverse(f"{self.admin_site.name}:incidents_{self.opts.model_name}_change", args=[obj.pk])
