"""What a browser would do: read a form and send it back, choose an action, read the messages."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from incidents.models import Incident
from tests.factories import IncidentFactory


def list_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def add_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def change_url(record: Model) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def fields_of(response: Any) -> dict[str, Any]:
    """Return what the form on a page would send if nobody touched it."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    data: dict[str, Any] = {}
    if "opened" in response.context:
        data[response.context["opened_name"]] = response.context["opened"]
    for form in forms:
        for bound in form:
            value = bound.value()
            shown = bound.field.widget.format_value(value)
            if value is None or value is False:
                continue
            if isinstance(shown, list) and not isinstance(value, list):
                shown = shown[0] if shown else ""
            data[bound.html_name] = "on" if value is True else ("" if shown is None else shown)
    return data


def send(client: Client, url: str, button: str = "_continue", /, **changes: Any) -> Any:
    """Open a form, change some of it, press a button."""
    data = fields_of(client.get(url))
    return client.post(url, {**data, **changes, button: "1"})


def many_incidents(number: int) -> list[Incident]:
    """Return as many new incidents of one dataset, each like the others but for its id."""
    first = IncidentFactory()
    values = {field.attname: getattr(first, field.attname) for field in Incident._meta.concrete_fields}
    copies = [Incident(**{**values, "id": None, "public_id": f"copy-{copy:05}"}) for copy in range(1, number)]
    made = [first, *Incident.objects.bulk_create(copies)]
    if connection.vendor == "postgresql":  # as autovacuum would have by the time that somebody selects thousands
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return made


def act(client: Client, action: str, *records: Model, **more: Any) -> Any:
    """Choose an action for selected rows of a list."""
    data = {"action": action, "_selected_action": [record.pk for record in records], **more}
    return client.post(list_url(type(records[0])), data)


def messages_of(response: Any) -> list[str]:
    """Return what the page told whoever asked for it."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors_of(response: Any) -> dict[str, list[str]]:
    """Return the errors of the form on a page, those of its inlines by their fields' names."""
    found: dict[str, list[str]] = {key: list(value) for key, value in response.context["adminform"].form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {f"{form.prefix}-{key}": list(value) for key, value in form.errors.items()}
    return found
