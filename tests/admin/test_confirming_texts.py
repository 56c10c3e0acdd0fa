"""The summary of a generalised incident is withheld until an editor who has read what it reveals confirms it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from incidents.models import Incident
from incidents.publishing.text_confirmations import confirmed_texts
from tests.admin.conftest import LogIn
from tests.admin.pages import change_url, messages_of, send
from tests.factories import IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    """An incident whose summary names its hidden place and day, with what a browser must not run."""
    region = LocationFactory(name="Region", kind="admin1", latitude=48.5)
    return IncidentFactory(
        public_id="one",
        location=LocationFactory(name="Smalltown", parent=region),
        place_disclosure="admin1",
        date_disclosure="month",
        summary="On 4 August <b>shots</b> in Smalltown's market.",
    )


def texts_url(incident: Incident) -> str:
    return reverse("admin:incidents_incident_texts", args=[incident.pk])


def confirm(client: Client, incident: Incident, **changes: str) -> Any:
    """Read the form of an incident, fill in the confirmation, press its button."""
    page = client.get(change_url(incident))
    form = page.context["texts"]["form"]
    data = {"confirm-version": form["version"].value(), "confirm-reason": "Known to everybody.", "confirm-read": "on"}
    return client.post(texts_url(incident), {**data, **changes})


def is_confirmed() -> bool:
    return "summary" in confirmed_texts(Incident.objects.get())


def test_the_form_shows_what_was_found_and_escapes_it(editor: Client, incident: Incident) -> None:
    html = editor.get(change_url(incident)).content.decode()

    assert '<span class="state state-stale">withheld</span>' in html
    assert "On <mark>4 August</mark><sup>[1]</sup> &lt;b&gt;shots&lt;/b&gt; in" in html
    assert "in <mark>Smalltown&#x27;s</mark><sup>[2]</sup> market." in html
    assert "<q>4 August</q> is the hidden day." in html
    assert "<q>Smalltown&#x27;s</q> is a form of “Smalltown”, a name of Smalltown." in html
    assert '<label for="id_confirm-reason">Reason</label>' in html
    assert '<label for="id_confirm-read">I have read what was found</label>' in html
    assert "style=" not in html.split('aria-labelledby="texts-heading"')[1].split("</section>")[0]


@time_machine.travel("2026-11-27T12:00:00+00:00", tick=False)
def test_a_confirmation_keeps_reason_author_and_time(editor: Client, incident: Incident) -> None:
    response = confirm(editor, incident)

    assert response.headers["Location"] == change_url(incident)
    assert messages_of(response) == [
        "The summary is confirmed for this level. Readers see it once the incident is published."
    ]
    assert is_confirmed()
    html = editor.get(change_url(incident)).content.decode()
    assert '<span class="state state-live">confirmed</span>' in html
    for shown in ("Known to everybody.", "editor,", "2026-11-27 12:00 UTC", "<em>Region only</em>"):
        assert shown in html
    assert "id_confirm-reason" not in html
    entry = LogEntry.objects.get()
    assert entry.user.username == "editor"
    assert entry.change_message == (
        "Confirmed that the summary may be published (place: admin1, date: month). Reason: Known to everybody."
    )


def test_the_record_counts_as_edited(editor: Client, incident: Incident) -> None:
    confirm(editor, incident)
    assert Incident.objects.get().edited > incident.edited


def test_a_confirmation_needs_a_reason(editor: Client, incident: Incident) -> None:
    response = confirm(editor, incident, **{"confirm-reason": "  "})
    assert response.context["texts"]["form"].errors == {"reason": ["Enter a reason."]}
    assert 'aria-describedby="id_confirm-reason_helptext' in response.content.decode()
    assert not is_confirmed()
    assert not LogEntry.objects.exists()


def test_findings_need_a_tick_of_their_own(editor: Client, incident: Incident) -> None:
    response = confirm(editor, incident, **{"confirm-read": ""})
    assert response.context["texts"]["form"].errors == {"read": ["Read what was found, and tick the box."]}
    assert not is_confirmed()


def test_a_text_without_findings_needs_none(editor: Client, incident: Incident) -> None:
    Incident.objects.update(summary="Shots were heard.")
    html = editor.get(change_url(incident)).content.decode()
    assert "No hidden name, place, coordinate or day was found." in html
    assert "id_confirm-read" not in html
    confirm(editor, incident, **{"confirm-read": ""})
    assert is_confirmed()


@pytest.mark.parametrize("changes", [{"summary": "Shots in Smalltown."}, {"place_disclosure": "country"}])
def test_a_confirmation_lapses_with_the_text_and_with_the_level(
    editor: Client, incident: Incident, changes: dict[str, str]
) -> None:
    confirm(editor, incident)
    send(editor, change_url(incident), **changes)
    assert not is_confirmed()
    html = editor.get(change_url(incident)).content.decode()
    assert "does not count any more: the summary or the level was changed after it" in html
    assert "Known to everybody." in html
    confirm(editor, incident, **{"confirm-reason": "Read again."})
    assert is_confirmed()


def test_what_was_changed_meanwhile_is_not_confirmed(editor: Client, incident: Incident) -> None:
    version = editor.get(change_url(incident)).context["texts"]["form"]["version"].value()
    Incident.objects.update(summary="Other shots in Smalltown.")
    response = confirm(editor, incident, **{"confirm-version": version})
    assert "The summary or its level was changed since this page was opened." in response.content.decode()
    assert not is_confirmed()


def test_a_confirmation_can_be_taken_back(editor: Client, incident: Incident) -> None:
    confirm(editor, incident)
    assert "Withhold the summary again" in editor.get(change_url(incident)).content.decode()
    response = editor.post(texts_url(incident), {"_take_back": ""})
    assert response.headers["Location"] == change_url(incident)
    assert Incident.objects.get().text_confirmations is None
    assert LogEntry.objects.latest("pk").change_message == (
        "Took back the confirmation of the summary (place: admin1, date: month)."
    )
    editor.post(texts_url(incident), {"_take_back": ""})
    assert LogEntry.objects.count() == 2


def test_viewers_see_the_findings_and_cannot_confirm(viewer: Client, log_in: LogIn, incident: Incident) -> None:
    html = viewer.get(change_url(incident)).content.decode()
    assert "<mark>4 August</mark>" in html
    assert "id_confirm-reason" not in html
    assert viewer.get(texts_url(incident)).status_code == 200
    for data in ({"confirm-reason": "x", "confirm-read": "on"}, {"_take_back": ""}):
        assert viewer.post(texts_url(incident), data).status_code == 403
    assert log_in("nobody").get(texts_url(incident)).status_code == 403
    assert Client().post(texts_url(incident), {"_take_back": ""}).status_code == 302
    assert not is_confirmed()


def test_an_incident_in_full_needs_no_confirmation(editor: Client, incident: Incident) -> None:
    Incident.objects.update(place_disclosure="full", date_disclosure="full")
    assert "texts-heading" not in editor.get(change_url(incident)).content.decode()
    assert editor.get(texts_url(incident)).headers["Location"] == change_url(incident)
    assert editor.get("/admin/incidents/incident/999/texts/").status_code == 404


def test_a_form_with_errors_shows_the_saved_summary(editor: Client, incident: Incident) -> None:
    page = send(editor, change_url(incident), summary="New words.", place_disclosure="full", date_end="2020-01-01")
    assert page.status_code == 200
    assert "<mark>4 August</mark>" in page.content.decode()
