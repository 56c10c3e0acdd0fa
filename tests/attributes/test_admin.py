"""Fields that a dataset brings itself are declared in the admin and edited on the form of an incident."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.models import Dataset, DatasetAttribute, Incident
from tests.attributes.conftest import declare
from tests.factories import DatasetFactory, IncidentFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db


def form_of(client: Client, address: str) -> dict[str, Any]:
    """Return what the form at an address would send if nobody changed it."""
    form = client.get(address).context["adminform"].form
    data: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        data[form.add_prefix(name)] = "" if value is None else value
    for inline in client.get(address).context["inline_admin_formsets"]:
        formset = inline.formset
        data |= {
            f"{formset.prefix}-{name}": formset.management_form[name].value() for name in formset.management_form.fields
        }
        for part in formset.forms:
            for name in part.fields:
                value = part[name].value()
                data[part.add_prefix(name)] = "" if value is None else value
    return data


def change(incident: Incident) -> str:
    """Return the address of an incident's form."""
    return reverse("admin:incidents_incident_change", args=[incident.pk])


@world
def incident(dataset: Dataset) -> Incident:
    """An incident of the dataset `one`, not public."""
    values = {"weapon": "rifle", "crew": 3, "detained": {"low": 1, "best": 2, "high": 4}, "gone": "kept"}
    made: Incident = IncidentFactory(public_id="one-1", dataset=dataset, attributes=values)
    return made


def test_the_form_has_an_input_for_each_field(admin_client: Client, incident: Incident) -> None:
    page = admin_client.get(change(incident)).content.decode()
    assert "Own fields of the dataset" in page
    for name in ("weapon", "means", "detained_low", "at_night", "secret", "page"):
        assert f'name="own_{name}"' in page, name
    assert "\u2003Rifle" in page  # below Firearm, which includes it
    assert "Unit: persons." in page
    assert "Not published." in page


def test_the_declarations_are_read_once_a_request(admin_client: Client, incident: Incident) -> None:
    with CaptureQueriesContext(connection) as captured:
        admin_client.get(change(incident))
    assert sum('FROM "incidents_datasetattribute"' in each["sql"] for each in captured) == 1


def test_a_form_that_nobody_changed_changes_nothing(admin_client: Client, incident: Incident) -> None:
    data = form_of(admin_client, change(incident))
    assert admin_client.post(change(incident), data).status_code == 302
    before = incident.attributes
    incident.refresh_from_db()
    assert incident.attributes == before


def test_values_are_saved(admin_client: Client, incident: Incident) -> None:
    data = form_of(admin_client, change(incident)) | {
        "own_weapon": "knife",
        "own_means": ["drone", "boat"],
        "own_crew": "",
        "own_cost": "2.5",
        "own_at_night": "false",
        "own_first_seen": "2022-07-04",
        "own_clock": "23:10",
        "own_page": "https://example.org/a",
        "own_detained_low": "0",
        "own_detained_high": "",
    }
    assert admin_client.post(change(incident), data).status_code == 302
    incident.refresh_from_db()
    assert incident.attributes == {
        "weapon": "knife",
        "means": ["drone", "boat"],
        "cost": 2.5,
        "at_night": False,
        "first_seen": "2022-07-04",
        "clock": "23:10",
        "page": "https://example.org/a",
        "detained": {"low": 0, "best": 2, "high": None},
        "gone": "kept",  # another dataset may declare it
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"own_first_seen": "4.7.2022"}, "Must be a day as YYYY-MM-DD"),
        ({"own_clock": "25:00"}, "Must be a time of day as HH:MM"),
        ({"own_page": "javascript:alert(1)"}, "Must be a URL that starts with https://"),
        ({"own_detained_low": "9"}, "Best (2) is less than low (9)"),
        ({"own_crew": "many"}, "Enter a whole number."),
        ({"own_weapon": "bow"}, "Select a valid choice."),
        ({"time_of_day": "7 pm"}, "Enter a time of day as HH:MM"),
        ({"time_zone": "Kyiv", "time_of_day": "19:00"}, "Enter a time zone of the IANA database"),
    ],
)
def test_a_wrong_value_is_reported_at_its_input(
    admin_client: Client, incident: Incident, wrong: dict[str, str], said: str
) -> None:
    answer = admin_client.post(change(incident), form_of(admin_client, change(incident)) | wrong)
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert any(said in text for texts in errors.values() for text in texts), errors
    before = incident.attributes
    incident.refresh_from_db()
    assert incident.attributes == before


def test_a_code_of_the_dataset_stands_for_an_event_type(admin_client: Client) -> None:
    dataset = DatasetFactory(public_id="sea")
    kinds = [
        {"code": "boarding", "label": "Boarding", "event_type": "armed_attack", "event_subtype": "shooting"},
        {"code": "other", "label": "Other"},
    ]
    declare(dataset, "kind", "code", kinds)
    incident = IncidentFactory(public_id="sea-1", dataset=dataset, event_subtype="")
    data = form_of(admin_client, change(incident)) | {"own_kind": "boarding", "event_type": "", "event_subtype": ""}
    assert admin_client.post(change(incident), data).status_code == 302
    incident.refresh_from_db()
    assert (incident.event_type, incident.event_subtype) == ("armed_attack", "shooting")
    refused = admin_client.post(change(incident), data | {"event_type": "sabotage"})
    assert "stands for" in str(refused.context["adminform"].form.errors["event_type"])
    unknown = admin_client.post(change(incident), data | {"own_kind": "other"})
    assert "Choose an event type" in str(unknown.context["adminform"].form.errors["event_type"])


def adding(dataset: Dataset) -> str:
    """Return the address of the form that declares a field of a dataset."""
    return reverse("admin:incidents_datasetattribute_add") + f"?dataset={dataset.pk}"


def flag(client: Client, dataset: Dataset, *codes: str) -> dict[str, Any]:
    """Return what that form sends for a field `flag` with these codes."""
    data = form_of(client, adding(dataset)) | {"name": "flag", "type": "code", "label": "Flag"}
    data |= {"generalised": "withhold", "codes-TOTAL_FORMS": str(len(codes))}
    for number, code in enumerate(codes):
        row = {"code": code, "label": code.title(), "position": number}
        data |= {f"codes-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_field_is_declared_with_its_codes(admin_client: Client, dataset: Dataset) -> None:
    data = flag(admin_client, dataset, "liberia", "panama")
    data["codes-0-labels"] = '{"fr": "Libéria"}'
    answer = admin_client.post(adding(dataset), data, follow=True)
    assert "Publish the dataset" in answer.content.decode()
    field = DatasetAttribute.objects.get(name="flag")
    assert [code.code for code in field.codes.all()] == ["liberia", "panama"]
    assert field.codes.get(code="liberia").labels == {"fr": "Libéria"}
    assert field.position == 11


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Flag"}, "must be a lower-case letter"),
        ({"name": "crew"}, "already exists"),
        ({"name": "crew_min"}, "must not end with _min"),
        ({"codes-0-parent": "mars"}, "must be a code of this field"),
        ({"codes-0-code": "a b"}, "must be lower-case letters"),
        ({"type": "integer"}, "only a code or codes field has codes"),
        ({"name": "killed_children"}, "must be range"),
    ],
)
def test_a_declaration_that_cannot_be_used_is_refused(
    admin_client: Client, dataset: Dataset, wrong: dict[str, str], said: str
) -> None:
    answer = admin_client.post(adding(dataset), flag(admin_client, dataset, "liberia") | wrong)
    assert answer.status_code == 200
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert not DatasetAttribute.objects.filter(label="Flag").exists()


def test_a_renamed_field_keeps_its_former_name(admin_client: Client, incident: Incident) -> None:
    field = DatasetAttribute.objects.get(name="crew")
    address = reverse("admin:incidents_datasetattribute_change", args=[field.pk])
    assert admin_client.post(address, form_of(admin_client, address) | {"name": "sailors"}).status_code == 302
    field.refresh_from_db()
    assert (field.name, field.formerly) == ("sailors", ["crew"])
    assert admin_client.get(change(incident)).context["adminform"].form["own_sailors"].value() == 3


@pytest.mark.parametrize("hidden", [{"is_public": ""}, {"generalised": "withhold"}])
def test_whoever_hides_a_field_is_told_what_stays_public(
    admin_client: Client, incident: Incident, hidden: dict[str, str]
) -> None:
    field = DatasetAttribute.objects.get(name="weapon")
    address = reverse("admin:incidents_datasetattribute_change", args=[field.pk])
    data = {name: value for name, value in (form_of(admin_client, address) | hidden).items() if value != ""}
    answer = admin_client.post(address, data, follow=True)
    page = answer.content.decode()
    assert "errors" not in (answer.context or {}), answer.context["errors"]
    assert "Values of weapon that are published stay public until their incidents are published again" in page


def test_a_field_with_values_is_not_deleted(admin_client: Client, incident: Incident) -> None:
    used = DatasetAttribute.objects.get(name="crew")
    free = DatasetAttribute.objects.get(name="clock")
    chosen = {"action": "delete_selected", "_selected_action": [used.pk, free.pk], "post": "yes"}
    answers = [
        admin_client.post(reverse("admin:incidents_datasetattribute_delete", args=[used.pk]), {"post": "yes"}),
        admin_client.post(reverse("admin:incidents_datasetattribute_changelist"), chosen),
    ]
    assert all("Values of incidents for crew of One" in answer.content.decode() for answer in answers)
    assert DatasetAttribute.objects.filter(name__in=["crew", "clock"]).count() == 2
    admin_client.post(reverse("admin:incidents_datasetattribute_delete", args=[free.pk]), {"post": "yes"})
    assert not DatasetAttribute.objects.filter(name="clock").exists()


def test_codes_and_fields_without_a_position_come_last(admin_client: Client, dataset: Dataset) -> None:
    add = f"{reverse('admin:incidents_datasetattribute_add')}?dataset={dataset.pk}"
    last = max(dataset.own_fields.values_list("position", flat=True))
    data = form_of(admin_client, add) | {"name": "tools", "type": "codes", "label": "Tools", "position": ""}
    data |= {"codes-TOTAL_FORMS": "2"}
    for at, code in enumerate(("saw", "drill")):
        data |= {f"codes-{at}-{name}": "" for name in ("definition", "labels", "parent", "merged_into", "position")}
        data |= {f"codes-{at}-{name}": "" for name in ("event_type", "event_subtype")}
        data |= {f"codes-{at}-code": code, f"codes-{at}-label": code.capitalize()}
    answer = admin_client.post(add, data)
    assert answer.status_code == 302, answer.context["errors"]
    field = dataset.own_fields.get(name="tools")
    assert field.position == last + 1
    assert list(field.codes.values_list("code", "position")) == [("saw", 0), ("drill", 1)]


def test_a_field_whose_position_is_emptied_on_the_form_of_the_dataset_comes_last(
    admin_client: Client, dataset: Dataset
) -> None:
    page = reverse("admin:incidents_dataset_change", args=[dataset.pk])
    first, *_, last = dataset.own_fields.order_by("position")
    data = form_of(admin_client, page)
    emptied = next(name for name, value in data.items() if name.endswith("-id") and value == first.pk)
    answer = admin_client.post(page, data | {emptied.replace("-id", "-position"): ""})
    assert answer.status_code == 302, answer.context["errors"]
    first.refresh_from_db()
    assert first.position == last.position + 1


def test_pages_can_be_used_by_keyboard_and_screen_reader(
    admin_client: Client, dataset: Dataset, incident: Incident
) -> None:
    """The form of a dataset leads to adding a field, and inputs in tables of rows have names of their own."""
    page = admin_client.get(reverse("admin:incidents_dataset_change", args=[dataset.pk])).content.decode()
    add = f"{reverse('admin:incidents_datasetattribute_add')}?dataset={dataset.pk}"
    assert f'<a href="{add}">Add an own field</a>' in page
    assert 'aria-label="Label, own field 1"' in page
    assert 'aria-label="Start, monitoring (new)"' in page
    for address in (reverse("admin:incidents_dataset_change", args=[dataset.pk]), add, change(incident)):
        shown = admin_client.get(address).content.decode()
        assert "admin/focus" in shown, address
        assert "admin/once" in shown, address
