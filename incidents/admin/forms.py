"""Forms of working records: ids made where none is given, errors that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from incidents.admin import own_values
from incidents.admin.choices import ChoiceSelect
from incidents.admin.edit_conflicts import OPENED, saved_meanwhile
from incidents.admin.field_help import form_text
from incidents.admin.form_fields import ClaimValueField, CodesField, ObjectField, WordsField
from incidents.admin.public_ids import free_slug, next_incident_id, next_report_id, was_ever_published
from incidents.admin.state import kind_of
from incidents.models import Claim, Incident, Report
from incidents.schema.attributes import Attribute
from incidents.vocabulary import EVENT_TYPES

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class PartForm(_ModelForm):
    """A form whose widgets reuse the related records that are already loaded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = form_text(str(field.help_text))
            inner = getattr(field.widget, "widget", field.widget)
            if isinstance(inner, ChoiceSelect) and inner.field.is_cached(self.instance):
                inner.at_hand = getattr(self.instance, name)
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].initial = None
            self.fields["position"].help_text = "Leave empty to add it at the end."


class PublicRecordForm(PartForm):
    """The form of a record with a public id, which is made where none is given."""

    made_from = "the name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "public_id" in self.fields:
            field = self.fields["public_id"]
            field.required = self.instance.pk is not None
            if not field.required:
                field.help_text = f"Leave empty to generate it from {self.made_from}. {field.help_text}"

    def clean(self) -> dict[str, Any]:
        """Generate a missing id, and refuse one that another record has or had in public."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_half_a_point(data)
        if self.instance.pk:
            # Parts are checked after the record, on which they find this.
            self.instance.saved_meanwhile = saved_meanwhile(self.instance, self.data.get(OPENED, ""))
            if self.instance.saved_meanwhile and self.has_changed():
                self.add_error(None, self.instance.saved_meanwhile)
        if "public_id" not in data:
            return data
        if not data["public_id"]:
            data["public_id"] = self.make_public_id(data)
            if not data["public_id"] and not self.errors:
                self.add_error("public_id", f"Enter an id: it cannot be generated from {self.made_from}.")
        elif "public_id" in self.changed_data:
            self._refuse_used(data["public_id"])
        return data

    def _refuse_half_a_point(self, data: dict[str, Any]) -> None:
        missing = [name for name in ("latitude", "longitude") if data.get(name) is None]
        if len(missing) == 1 and {"latitude", "longitude"} <= data.keys():
            self.add_error(missing[0], "Enter both latitude and longitude, or neither.")

    def _refuse_used(self, public_id: str) -> None:
        kind = kind_of(self._meta.model)
        if kind and was_ever_published(kind, public_id):
            self.add_error("public_id", "This id is already used by a published record. Choose another id.")

    def make_public_id(self, data: dict[str, Any]) -> str:
        """Generate a free id; "" if a field that it is generated from is empty."""
        kind = kind_of(self._meta.model)
        name = data.get("name", "")
        return free_slug(self._meta.model, kind, name) if kind else ""


class ReportForm(PublicRecordForm):
    """A report; its id is the source's and a number."""

    made_from = "the source and a number"

    class Meta:
        model = Report
        exclude = ()

    def make_public_id(self, data: dict[str, Any]) -> str:
        """Id of the source with the next free number; "" without a source."""
        return next_report_id(data["source"]) if data.get("source") else ""


class IncidentForm(PublicRecordForm):
    """An incident; its id is the dataset's and a number."""

    made_from = "the dataset and its next number"

    extra = ObjectField(help_text=Incident._meta.get_field("extra").help_text)
    own_fields: ClassVar[tuple[Attribute, ...]] = ()
    """The fields that the dataset brings itself; the form has inputs for them."""

    class Meta:
        model = Incident
        exclude = ("attributes",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in own_values.initial(self.own_fields, self.instance.attributes).items():
            self.initial.setdefault(name, value)
        if own_values.can_tell_event(self.own_fields) and "event_type" in self.fields:
            self.fields["event_type"].required = False
            self.fields["event_type"].help_text = "Empty: the type that the dataset's own code stands for."
        for name, field in self.fields.items():
            if isinstance(field, CodesField):
                field.show(getattr(self.instance, name))

    def make_public_id(self, data: dict[str, Any]) -> str:
        """Id of the dataset with the next free number; "" without a dataset."""
        return next_incident_id(data["dataset"]) if data.get("dataset") else ""

    def _as_they_stood(self, name: str, chosen: list[str]) -> list[str]:
        """Keep the stored order of a list and append new items; free words change only if they were edited."""
        stood: list[str] = getattr(self.instance, name) if self.instance.pk else []
        if isinstance(self.fields[name], WordsField):
            return stood if self.instance.pk and name not in self.changed_data else chosen
        kept = [code for code in stood if code in chosen]
        return [*kept, *(code for code in chosen if code not in kept)]

    def clean(self) -> dict[str, Any]:
        """Explain dates that do not fit together, at the field where to mend them; keep lists in their order."""
        data = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, CodesField | WordsField) and name in data:
                data[name] = self._as_they_stood(name, data[name])
        self._read_own_fields(data)
        start, end, precision = (data.get(name) for name in ("date_start", "date_end", "date_precision"))
        if start and end and start > end:
            self.add_error(
                "date_end", f"The end is before the start ({start}). For a single day enter the same date twice."
            )
        elif precision not in (None, "unknown") and not (
            start or end or {"date_start", "date_end"} & self.errors.keys()
        ):
            self.add_error("date_precision", "Without a date the precision must be “Unknown”.")
        return data

    def _read_own_fields(self, data: dict[str, Any]) -> None:
        """Take the values of own fields, and the event type that one of them stands for."""
        if not self.own_fields:
            return
        values, errors = own_values.read(self.own_fields, data, self.instance.attributes)
        for name, error in errors.items():
            self.add_error(name, error)
        self.instance.attributes = values
        if not own_values.can_tell_event(self.own_fields) or "event_type" in self.errors:
            return
        code = own_values.event_of(self.own_fields, values)
        if code and not data.get("event_type"):
            data["event_type"] = code.event_type
            data["event_subtype"] = data.get("event_subtype") or code.event_subtype
        elif code and data["event_type"] != code.event_type:
            label = EVENT_TYPES[code.event_type].label
            self.add_error("event_type", f"“{code.label}” stands for “{label}”: choose that, or leave it empty.")
        elif not data.get("event_type"):
            self.add_error("event_type", "Choose an event type, or a code of the dataset that stands for one.")


class ClaimForm(PartForm):
    """A claim; its value is written as a number or as text."""

    value = ClaimValueField(
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="A number or a text. Put text that has only digits in quotes.",
    )

    class Meta:
        model = Claim
        exclude = ()
