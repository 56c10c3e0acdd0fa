"""Two forms of the same record are open: nobody undoes unseen what somebody else has saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.models import Claim, Incident, Location
from tests.admin.conftest import LogIn
from tests.admin.pages import change_url, errors_of, fields_of, send
from tests.factories import IncidentFactory, LocationFactory, ReportFactory

pytestmark = pytest.mark.django_db


def test_what_was_saved_in_one_tab_is_not_undone_by_the_other(editor: Client, log_in: LogIn) -> None:
    place = LocationFactory()
    url = change_url(place)
    other_tab = fields_of(editor.get(url))
    assert send(log_in("colleague", "view", "change"), url, note="from the first tab").status_code == 302

    response = editor.post(url, {**other_tab, "remark": "from the second tab", "_continue": "1"})

    (told,) = errors_of(response)["__all__"]
    assert told.startswith("Not saved: colleague saved this record at ")
    assert told in response.content.decode()
    place.refresh_from_db()
    assert (place.note, place.remark) == ("from the first tab", "")


def test_whoever_was_told_may_save_over_it(editor: Client) -> None:
    place = LocationFactory()
    url = change_url(place)
    other_tab = fields_of(editor.get(url))
    send(editor, url, note="from the first tab")
    told = editor.post(url, {**other_tab, "remark": "from the second tab", "_continue": "1"})

    response = editor.post(url, {**fields_of(told), "_continue": "1"})

    assert response.status_code == 302
    assert Location.objects.values("note", "remark").get(pk=place.pk) == {"note": "", "remark": "from the second tab"}


def test_a_claim_that_was_edited_in_an_old_tab_is_refused_too(editor: Client) -> None:
    incident = IncidentFactory(reports=[ReportFactory()])
    Claim.objects.create(incident=incident, report=ReportFactory(), field="count", value="12")
    url = change_url(incident)
    other_tab = fields_of(editor.get(url))
    send(editor, url, **{"claims-0-value": "13"})

    response = editor.post(url, {**other_tab, "claims-0-value": "14", "_publish": "1"})

    assert "Not saved: editor saved this record at " in response.content.decode()
    assert Claim.objects.get().value == 13


def test_what_was_sent_twice_is_saved_once_and_nobody_is_alarmed(editor: Client) -> None:
    incident = IncidentFactory()
    url = change_url(incident)
    sent = {**fields_of(editor.get(url)), "note": "twice", "_continue": "1"}

    assert [editor.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Incident.objects.get().note == "twice"


@pytest.mark.parametrize("opened", ["", "yesterday", "2022-08-04", "9999-12-31T23:59:59+00:00"])
def test_a_form_that_says_nonsense_of_when_it_was_opened_is_no_error_of_the_server(editor: Client, opened: str) -> None:
    place = LocationFactory()

    response: Any = send(editor, change_url(place), note="new", _opened=opened)

    assert response.status_code == (200 if opened else 302)
