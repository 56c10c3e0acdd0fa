"""The content security policy holds: no page of ours has a script or a style of its own inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from incidents import publishing
from incidents.models import Incident
from tests.admin.pages import act, add_url, change_url, list_url
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)[^>]*>\s*[^\s<]", re.IGNORECASE)


def pages(client: Client) -> Iterator[str]:
    incident = IncidentFactory(tags=["one"])
    publishing.publish([incident])
    Incident.objects.update(tags=["two"])
    addresses = [
        list_url(Incident),
        add_url(Incident),
        change_url(incident),
        reverse("admin:incidents_incident_compare", args=[incident.pk]),
        reverse("admin:ledger_publication_change", args=[1]),
    ]
    for address in addresses:
        yield client.get(address).content.decode()
    for action in ("withdraw_selected", "redact_selected"):
        yield act(client, action, incident).content.decode()


def test_no_page_has_a_script_or_a_style_inside(superuser: Client) -> None:
    found = [INLINE.findall(page) for page in pages(superuser)]
    assert found == [[]] * 7


def test_every_page_forbids_what_is_inside(superuser: Client) -> None:
    policy = superuser.get(list_url(Incident)).headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
