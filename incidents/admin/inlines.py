"""Parts of a record, edited on its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from incidents.admin.base import Choosing
from incidents.admin.forms import PartForm

if TYPE_CHECKING:
    _TabularInline = admin.TabularInline[Any, Any]
    _BaseInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    _TabularInline = admin.TabularInline
    _BaseInlineFormSet = forms.BaseInlineFormSet


ROWS_AT_MOST = 250
"""Rows of one kind on a form. Each has four fields or more, and a form with 1,000 fields is refused."""


class PartFormSet(_BaseInlineFormSet):
    """Refuses rows that were edited on a form older than their record."""

    names_inputs = True
    """Its inputs are in a table, whose headers name them for the eye only."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name each input for screen readers, which the table of Django's admin does not."""
        super().add_fields(form, index)
        if not self.names_inputs:
            return
        row = f"{form._meta.model._meta.verbose_name} {'(new)' if index is None else index + 1}"
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if not widget.is_hidden:
                label = field.label or name.replace("_", " ").capitalize()
                widget.attrs.setdefault("aria-label", f"{label}, {row}")

    @cached_property
    def management_form(self) -> Any:
        """The form that counts the rows; a negative count in a forged request is an error."""
        form = super().management_form
        counts = form.cleaned_data if self.is_bound and form.is_valid() else {}
        named = [number for number in (counts.get("TOTAL_FORMS"), counts.get("INITIAL_FORMS")) if number is not None]
        if any(not 0 <= number <= ROWS_AT_MOST for number in named):
            form.add_error(None, f"A form can have 0 to {ROWS_AT_MOST} rows of one kind.")
            form.cleaned_data = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
        return form

    def clean(self) -> None:
        """Raise ValidationError if somebody saved the record after the form was opened."""
        super().clean()
        told = getattr(self.instance, "saved_meanwhile", "")
        if told and self.has_changed():
            raise forms.ValidationError(told)


class Part(Choosing, _TabularInline):
    """Rows of one kind of part; what they show is fetched with them."""

    form = PartForm
    formset = PartFormSet
    extra = 0
    max_num = ROWS_AT_MOST
    shown_with: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Fetch the records that the rows name along with them."""
        queryset = super().get_queryset(request)
        return queryset.select_related(*self.shown_with) if self.shown_with else queryset


class PositionedFormSet(PartFormSet):
    """Appends rows without a position at the end."""

    def clean(self) -> None:
        """Number the rows, then check them against each other."""
        rows = [form for form in self.forms if form.is_valid() and form.cleaned_data]
        kept = [form for form in rows if not form.cleaned_data.get("DELETE")]
        last = max(
            (form.cleaned_data["position"] for form in kept if form.cleaned_data["position"] is not None), default=-1
        )
        for form in kept:
            if form.cleaned_data["position"] is None:
                last += 1
                form.cleaned_data["position"] = form.instance.position = last
        super().clean()


class PositionedPart(Part):
    """Rows that are shown in an order of their own."""

    formset = PositionedFormSet
