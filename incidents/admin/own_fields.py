"""Fields that datasets bring themselves: declared on a page of their own, with their codes below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from incidents.admin.base import Choosing
from incidents.admin.form_fields import ObjectField, WordsField
from incidents.admin.forms import PartForm
from incidents.admin.inlines import Part, PositionedFormSet, PositionedPart
from incidents.models import DatasetAttribute, DatasetCode
from incidents.models.datasets import declarations
from incidents.schema.attribute_declarations import DeclarationError, check_declarations
from incidents.schema.attributes import Attribute, AttributeCode

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[DatasetAttribute]
else:
    _ModelAdmin = admin.ModelAdmin

HIDDEN = (
    "Values of {name} that are published stay public until their incidents are published again, and stay readable in "
    "their history. Redact an incident whose history must not have the value."
)
PUBLISH = "Publish the dataset so that readers see the change."


class OwnFieldInline(PositionedPart):
    """The fields of a dataset, with a link to the page of each."""

    model = DatasetAttribute
    fields = ("name", "type", "label", "unit", "is_public", "generalised", "position")
    readonly_fields = ("name", "type")
    show_change_link = True
    verbose_name_plural = "own fields"
    max_num = 0
    can_delete = False


class CodeForm(PartForm):
    """A code, with its labels as an object of languages."""

    labels = ObjectField(
        help_text='By ISO 639-1 code: {"uk": "гвинтівка"}.',
        widget=forms.Textarea(attrs={"rows": 1, "cols": 20, "spellcheck": "false"}),
    )

    class Meta:
        model = DatasetCode
        fields = (
            *("code", "label", "labels", "definition", "parent", "merged_into"),
            *("event_type", "event_subtype", "position"),
        )


class CodeFormSet(PositionedFormSet):
    """Checks the field and its codes together, and against the other fields of the dataset."""

    names_inputs = False  # they have labels of their own

    def clean(self) -> None:
        """Report what cannot be used, each problem by its key."""
        super().clean()
        field: DatasetAttribute = self.instance
        if not field.dataset_id or any(self.errors):
            return
        others = field.dataset.own_fields.exclude(pk=field.pk).prefetch_related("codes")
        try:
            check_declarations([*declarations(others), self._declared(field)])
        except DeclarationError as error:
            mine = [f"{key}: {text}." for key, text in error.problems if key.partition(".")[0] == field.name]
            if mine:
                raise ValidationError(mine) from None

    def _declared(self, field: DatasetAttribute) -> Attribute:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        codes = tuple(
            AttributeCode(
                row["code"],
                row["label"],
                tuple((row["labels"] or {}).items()),
                row["definition"],
                row["parent"],
                row["merged_into"],
                row["event_type"],
                row["event_subtype"],
            )
            for row in rows
        )
        formerly = tuple(field.formerly)
        return Attribute(field.name, field.type, field.label, formerly=formerly, codes=codes)


class CodeInline(Part):
    """The codes of a field."""

    model = DatasetCode
    form = CodeForm
    formset = CodeFormSet
    verbose_name_plural = "codes (for fields of type Code and Codes)"
    template = "admin/edit_inline/stacked.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "label"),
                    ("definition", "labels"),
                    ("parent", "merged_into"),
                    ("event_type", "event_subtype"),
                    "position",
                )
            },
        ),
    )


class OwnFieldForm(PartForm):
    """A field; its former name is kept when it is renamed."""

    formerly = WordsField(label="Former names", help_text="With commas between them. Renaming adds to them.")

    class Meta:
        model = DatasetAttribute
        fields = (
            *("dataset", "name", "type", "label", "definition", "unit", "missing", "position"),
            *("is_public", "generalised", "formerly"),
        )

    def clean(self) -> dict[str, Any]:
        """Add the name that the field had to its former names, and put a field without a position at the end."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        dataset = self.instance.dataset if self.instance.pk else data.get("dataset")
        if "position" in data and data["position"] is None and dataset is not None:
            others = dataset.own_fields.exclude(pk=self.instance.pk)
            last = others.aggregate(last=Max("position"))["last"]
            data["position"] = 0 if last is None else last + 1
        before = self.initial.get("name")
        if self.instance.pk and before and "name" in data and data["name"] != before:
            data["formerly"] = [
                *(name for name in data.get("formerly", ()) if name not in (before, data["name"])),
                before,
            ]
        return data


@admin.register(DatasetAttribute)
class OwnFieldAdmin(Choosing, _ModelAdmin):
    """Fields that datasets bring themselves."""

    class Media:
        css: ClassVar[Any] = {"all": ["incidents/admin/editing.css"]}
        js: ClassVar[Any] = ["incidents/admin/once.js", "incidents/admin/focus.js"]

    form = OwnFieldForm
    list_display = ("name", "dataset", "type", "label", "unit", "is_public", "generalised")
    list_filter = ("dataset", "type", "is_public")
    list_select_related = ("dataset",)
    search_fields = ("name", "label", "definition")
    show_full_result_count = False
    autocomplete_fields = ("dataset",)
    inlines = (CodeInline,)
    fieldsets = (
        (None, {"fields": ("dataset", ("name", "type"), "label", "definition", ("unit", "missing"), "position")}),
        ("What is published", {"fields": ("is_public", "generalised")}),
        ("History", {"fields": ("formerly",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Hold what stored values depend on."""
        return ("dataset", "type") if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """Put a new field behind the others of its dataset."""
        initial = super().get_changeform_initial_data(request)
        dataset = request.GET.get("dataset", "")
        if dataset.isdecimal():
            initial["position"] = str(DatasetAttribute.objects.filter(dataset=dataset).count())
        return initial

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Protect fields that incidents have values of: these could not be shown any more."""
        deleted, counts, permissions, protected = super().get_deleted_objects(objs, request)
        used = [f"Values of incidents for {field}" for field in objs if self._is_used(field)]
        return deleted, counts, permissions, [*protected, *used]

    @staticmethod
    def _is_used(field: DatasetAttribute) -> bool:
        return field.dataset.incidents.filter(attributes__has_any_keys=[field.name, *field.formerly]).exists()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Say what remains to be done."""
        super().save_related(request, form, formsets, change)
        field, dataset = form.instance, form.instance.dataset
        hidden = {"is_public": not field.is_public, "generalised": field.generalised == "withhold"}
        if change and any(hidden.get(name) for name in form.changed_data) and self._is_used(field):
            self.message_user(request, HIDDEN.format(name=field.name), messages.WARNING)
        address = reverse(f"{self.admin_site.name}:incidents_dataset_change", args=[dataset.pk])
        self.message_user(request, format_html('{} <a href="{}">{}</a>', PUBLISH, address, dataset), messages.INFO)
