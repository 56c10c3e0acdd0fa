"""Staff are asked before a publication makes coarser what is public, since the precise values stay readable."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents import publishing
from incidents.ledger.models import Publication, Revision
from incidents.models import Incident, Location
from tests.admin.conftest import LogIn
from tests.admin.pages import act, change_url, list_url, messages_of, send
from tests.factories import IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db

TITLE = "Publishing this does not remove the published values"


@pytest.fixture
def incident() -> Incident:
    """A published incident in a town of a region."""
    town = LocationFactory(name="Smalltown", parent=LocationFactory(kind="admin1", latitude=48.5))
    made = IncidentFactory(public_id="one", location=town)
    publishing.publish([made])
    return made


def publish_url(record: Any) -> str:
    return reverse(f"admin:incidents_{record._meta.model_name}_publish", args=[record.pk])


def live(public_id: str = "one") -> str:
    revision: Revision = Revision.objects.live().of("incident").get(record_id=public_id)
    return revision.document


def hold_back(**values: str) -> None:
    Incident.objects.update(**(values or {"place_disclosure": "admin1"}))


def confirm(client: Client, page: Any, url: str, **more: Any) -> Any:
    return client.post(url, {"still_readable": page.context["kept_token"], **more})


def assert_names_what_stays(page: Any) -> None:
    html = page.content.decode()
    assert page.status_code == 200
    assert f"<h1>{TITLE}</h1>" in html
    assert '<th scope="row">location › name</th>' in html
    assert "<div>Smalltown</div>" in html
    for where in ("/api/v1/incidents/one/revisions/", "changes/", "as_of", "mirrors", "exports", "Redact…"):
        assert where in html
    assert "The id can never be" in html
    assert "style=" not in html


def test_save_and_publish_saves_then_asks(editor: Client, incident: Incident) -> None:
    response = send(editor, change_url(incident), "_publish", place_disclosure="admin1")

    assert response.headers["Location"] == publish_url(incident)
    assert messages_of(response) == ["Saved: incident one.", "Not published yet. Read this first."]
    assert Incident.objects.get().place_disclosure == "admin1"
    assert Publication.objects.count() == 1

    page = editor.get(publish_url(incident))
    assert_names_what_stays(page)
    assert Publication.objects.count() == 1

    done = confirm(editor, page, publish_url(incident))
    assert done.headers["Location"] == change_url(incident)
    assert "Smalltown" not in live()


def test_publishing_a_list_asks_and_keeps_the_selection(editor: Client, incident: Incident) -> None:
    hold_back()
    other = IncidentFactory(public_id="other", location=incident.location)
    page = act(editor, "publish_selected", incident, other)

    assert_names_what_stays(page)
    assert page.context["kept_number"] == 1
    assert Publication.objects.count() == 1

    chosen = {"action": "publish_selected", "_selected_action": page.context["chosen"]}
    confirm(editor, page, list_url(Incident), **chosen)
    assert "Smalltown" not in live()
    assert "Smalltown" in live("other")


def test_publishing_all_that_match_a_filter_asks_too(editor: Client, incident: Incident) -> None:
    hold_back()
    url = f"{list_url(Incident)}?dataset__id__exact={incident.dataset_id}"
    chosen = {"action": "publish_selected", "_selected_action": [incident.pk], "select_across": "1"}
    page = editor.post(url, chosen)

    assert_names_what_stays(page)
    assert '<input type="hidden" name="select_across" value="1">' in page.content.decode()
    confirm(editor, page, url, **chosen)
    assert "Smalltown" not in live()


def test_what_became_coarser_meanwhile_is_asked_about_again(editor: Client, incident: Incident) -> None:
    hold_back()
    page = editor.get(publish_url(incident))
    hold_back(date_disclosure="year")
    again = confirm(editor, page, publish_url(incident))

    assert_names_what_stays(again)
    assert "date › start" in again.content.decode()
    assert Publication.objects.count() == 1


def test_a_place_without_its_point_names_the_incidents_at_it(editor: Client, incident: Incident) -> None:
    town = incident.location
    assert town is not None
    response = send(editor, change_url(town), "_publish", latitude="", longitude="")
    page = editor.get(response.headers["Location"])

    html = page.content.decode()
    assert [record["id"] for record in page.context["kept"]] == [town.public_id, "one"]
    assert "location › latitude" in html
    assert "only incidents can be redacted" in html

    confirm(editor, page, publish_url(town))
    assert '"latitude":49.0' not in live()


def test_saving_alone_warns_that_publishing_takes_nothing_back(editor: Client, incident: Incident) -> None:
    response = send(editor, change_url(incident), place_disclosure="admin1", date_disclosure="year")

    assert messages_of(response)[0] == (
        "one was published with a more precise place and date. Publishing it with this disclosure does not remove "
        "that: earlier revisions stay readable. Only “Redact…” removes them."
    )


def test_the_preview_and_the_comparison_warn(editor: Client, incident: Incident) -> None:
    preview = send(editor, change_url(incident), "_preview", place_disclosure="admin1")
    assert "<div>Smalltown</div>" in preview.content.decode()
    assert "Only <strong>Redact…</strong>" in preview.content.decode()

    hold_back()
    compared = editor.get(reverse("admin:incidents_incident_compare", args=[incident.pk]), {"part": ""})
    assert "Only <strong>Redact…</strong>" in compared.content.decode()


def test_only_superusers_are_offered_to_redact_there(superuser: Client, editor: Client, incident: Incident) -> None:
    hold_back()

    offered = superuser.get(publish_url(incident)).content.decode()
    assert f'<input type="hidden" name="_selected_action" value="{incident.pk}">' in offered
    assert 'value="redact_selected"' in offered
    told = editor.get(publish_url(incident)).content.decode()
    assert 'value="redact_selected"' not in told
    assert "Redacting is for superusers" in told


def test_what_is_not_coarser_is_published_without_a_question(editor: Client, incident: Incident) -> None:
    response = send(editor, change_url(incident), "_publish", summary="New words.")
    assert response.headers["Location"].startswith(change_url(incident))
    assert "New words." in live()

    new = IncidentFactory(public_id="new", location=incident.location)
    response = send(editor, change_url(new), "_publish", place_disclosure="country", date_disclosure="year")
    assert "Published in" in messages_of(response)[1]
    response = send(editor, change_url(new), "_publish", place_disclosure="full")
    assert "Published in" in messages_of(response)[-1]
    assert send(editor, change_url(new), summary="Once more.").status_code == 302


def test_the_page_of_what_stays_nowhere_leads_back(editor: Client, incident: Incident) -> None:
    assert editor.get(publish_url(incident)).headers["Location"] == change_url(incident)


def test_what_cannot_be_published_is_told_by_the_comparison(editor: Client, incident: Incident) -> None:
    hold_back(place_disclosure="admin1", time_zone="Europe/Kyiv")

    assert editor.get(publish_url(incident)).headers["Location"].endswith("/compare/")


def test_whoever_may_not_change_may_not_publish_there(viewer: Client, log_in: LogIn, incident: Incident) -> None:
    hold_back()

    assert viewer.get(publish_url(incident)).status_code == 403
    assert viewer.post(publish_url(incident), {"still_readable": "x"}).status_code == 403
    assert Client().get(publish_url(incident)).status_code == 302
    assert log_in("nobody").get(publish_url(incident)).status_code == 403
    assert Client().post(f"/admin/incidents/location/{Location.objects.all()[0].pk}/publish/").status_code == 302
    assert Publication.objects.count() == 1
