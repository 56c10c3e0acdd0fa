"""Admin of releases: create one, and rebuild files after a redaction."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from incidents.admin.ledger import ReadOnlyAdmin
from incidents.admin.messages import link, publication_url
from incidents.ledger.models import Release
from incidents.loading.load_report import LoadReport
from incidents.query.release_lookup import NAME_LENGTH, reached
from incidents.releasing.errors import ReleaseError
from incidents.releasing.release import ReleaseRequest, make, refresh

MADE_HERE_AT_MOST = 20_000
"""Incidents of a release that is made while somebody waits for the page: a few seconds."""


def _nobody() -> LoadReport:
    """A report that discards its output."""
    return LoadReport(io.StringIO(), io.StringIO())


if TYPE_CHECKING:
    _Form = forms.ModelForm[Release]
else:
    _Form = forms.ModelForm  # which takes no type at run time


class ReleaseForm(_Form):
    """Parameters of a new release."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        help_text="For example ged-26.1: lower-case letters and digits, with single - or . between them. It is "
        "unique and permanent.",
    )
    as_of = forms.IntegerField(
        required=False, min_value=1, label="Publication", help_text="Number of the publication; the latest if empty."
    )
    title = forms.CharField(required=False, max_length=300, help_text="The names of the datasets if empty.")
    dataset = forms.CharField(
        required=False, max_length=80, help_text="Id of the dataset to release; everything if empty."
    )

    class Meta:
        model = Release
        fields = ("name", "dataset", "as_of", "title", "notes")

    def asked(self, author: str = "") -> ReleaseRequest:
        """The input of the form as a request for a release."""
        said = self.cleaned_data
        return ReleaseRequest(said["name"], said["dataset"], said["as_of"], said["title"], said["notes"], author)

    def clean(self) -> dict[str, Any] | None:
        """Refuse what cannot be released, and what would take too long here."""
        cleaned = super().clean()
        if not self.errors:
            try:
                planned = make(self.asked(), _nobody(), dry_run=True)
            except ReleaseError as error:
                raise forms.ValidationError(str(error)) from error
            if planned.counts["incident"] > MADE_HERE_AT_MOST:
                raise forms.ValidationError(
                    f"The release would have {planned.counts['incident']:,} incidents, at most {MADE_HERE_AT_MOST:,}. "
                    f"Create it on the server with manage.py release {planned.name}."
                )
        return cleaned

    def _post_clean(self) -> None:
        """Leave the model's own checks to the making: most of its fields are not in the form."""


NOTHING_TO_DO = "Nothing to rebuild: the files are complete, and have no redacted record."


@admin.action(description="Rebuild files that are missing or have a redacted record", permissions=["add"])
def refresh_selected(modeladmin: ReleaseAdmin, request: HttpRequest, queryset: QuerySet[Release]) -> None:
    """Rebuild the files of the selected releases that have a redacted record or missing files."""
    done = []
    for name in queryset.order_by("name").values_list("name", flat=True):
        try:
            done += [name] if refresh(name, _nobody()) else []
        except ReleaseError as error:
            modeladmin.message_user(request, f"{name}: {error}", messages.ERROR)
    told = f"Rebuilt: {', '.join(done)}." if done else NOTHING_TO_DO
    modeladmin.message_user(request, told, messages.SUCCESS if done else messages.INFO)


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    """Frozen states and their files; they are never changed."""

    actions: Any = (refresh_selected,)
    form = ReleaseForm
    list_display = ("name", "title", "dataset", "published_in", "incidents", "state", "made_at", "author")
    search_fields = ("name", "title", "dataset", "notes")
    search_help_text = "Search name, title, dataset and notes. All words must match."
    fields = (
        *("name", "title", "dataset", "notes", "published_in", "incidents", "state", "sizes"),
        *("licences", "made_at", "author"),
    )
    autocomplete_fields = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let those release who may."""
        return request.user.has_perm("ledger.add_release")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Input fields for a new release, all fields for an existing one."""
        return self.fields if obj else ReleaseForm.Meta.fields

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or create the release; later errors are shown on the form again."""
        try:
            return super().add_view(request, *args, **kwargs)
        except ReleaseError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:ledger_release_add"))

    def save_model(self, request: HttpRequest, obj: Release, form: Any, change: bool) -> None:
        """Make the release."""
        made = make(form.asked(request.user.get_username()), _nobody())
        obj.__dict__.update(made.__dict__)

    @admin.display(description="publication", ordering="seq")
    def published_in(self, obj: Release) -> SafeString:
        """Link to the publication that the release names."""
        return link(publication_url(obj.seq), f"publication {obj.seq}")

    @admin.display(description="incidents")
    def incidents(self, obj: Release) -> int:
        """Number of incidents in the release."""
        return int(obj.counts["incident"])

    @admin.display(description="files")
    def state(self, obj: Release) -> str:
        """Whether the files can be downloaded: available, withdrawn or unavailable, with the reason."""
        if obj.withdrawn_at is not None:
            return f"withdrawn: {obj.reason}"
        redaction = reached(obj)
        return "available" if redaction is None else f"unavailable: publication {redaction} redacted a record in them"

    @admin.display(description="sizes")
    def sizes(self, obj: Release) -> str:
        """File names with sizes in bytes, separated by commas."""
        return ", ".join(f"{file['path']} ({file['size']:,} bytes)" for file in obj.files)
