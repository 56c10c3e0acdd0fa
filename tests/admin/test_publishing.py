"""Publishing from a form and from a list: one publication, all of it or nothing, and a message that says which."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.ledger.models import Publication, Revision
from incidents.models import Incident, Location
from tests.admin.pages import act, add_url, change_url, list_url, many_incidents, messages_of, send
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db


def live(kind: str) -> set[str]:
    return set(Revision.objects.live().of(kind).values_list("record_id", flat=True))


def test_save_and_publish_publishes_what_was_saved_in_the_editors_name(editor: Client) -> None:
    incident = IncidentFactory(public_id="one")
    response = send(editor, change_url(incident), "_publish", summary="New words.")
    assert response.headers["Location"].startswith(change_url(incident))
    assert "New words." in Revision.objects.get(kind="incident").document
    assert Publication.objects.get().author == "editor"
    told = messages_of(response)
    assert told[0] == "Saved: incident one."
    assert "publication 1</a>: 1 dataset added, 1 location added, 1 incident added." in told[1].replace(
        "1 location added, 1 dataset added", "1 dataset added, 1 location added"
    )


def test_a_new_record_is_saved_and_published_at_once(editor: Client) -> None:
    send(editor, add_url(Location), "_publish", name="Town", kind="settlement")
    assert live("location") == {"town"}


def test_what_is_not_ready_is_saved_and_not_published(editor: Client) -> None:
    incident = IncidentFactory(public_id="one", editorial_status="draft")
    response = send(editor, change_url(incident), "_publish", summary="New words.")
    assert Incident.objects.get().summary == "New words."
    assert live("incident") == set()
    assert "the editorial status is not “Ready”" in messages_of(response)[1]
    assert change_url(incident) in messages_of(response)[1]


def test_a_refusal_keeps_what_was_saved_and_is_told_line_by_line(editor: Client) -> None:
    town = LocationFactory(name="Smalltown", parent=LocationFactory(kind="admin1"))
    incident = IncidentFactory(public_id="smalltown-1", location=town)
    changes = {"place_disclosure": "admin1", "summary": "Shots in Smalltown."}
    response = send(editor, change_url(incident), "_publish", **changes)
    assert messages_of(response)[1:] == [
        "Nothing was published:",
        (
            "smalltown-1 – id: it has “smalltown”, which is “Smalltown”, a name of Smalltown; its disclosure level "
            "hides that. Ids are permanent: choose another one before the incident is published."
        ),
    ]
    assert Incident.objects.get().summary == "Shots in Smalltown."
    assert not Revision.objects.exists()


def test_what_did_not_change_publishes_nothing_and_says_so(editor: Client) -> None:
    incident = IncidentFactory()
    act(editor, "publish_selected", incident)
    response = act(editor, "publish_selected", incident)
    assert messages_of(response)[-1:] == ["Nothing to publish: the published records are up to date."]
    assert Publication.objects.count() == 1


def test_the_ready_ones_of_a_list_are_published_and_the_others_are_named(editor: Client) -> None:
    ready, draft = IncidentFactory(public_id="ready"), IncidentFactory(public_id="draft", editorial_status="draft")
    response = act(editor, "publish_selected", ready, draft)
    assert live("incident") == {"ready"}
    assert ">draft</a>" in messages_of(response)[1]
    assert ">ready</a>" not in messages_of(response)[1]


def test_one_bad_record_keeps_the_whole_selection_from_being_published(editor: Client) -> None:
    good, bad = IncidentFactory(public_id="good"), IncidentFactory(public_id="bad", event_subtype="leaflets")
    worse = IncidentFactory(public_id="worse", event_subtype="leaflets")
    response = act(editor, "publish_selected", good, bad, worse)
    told = messages_of(response)
    assert told[0] == "Nothing was published:"
    assert [line.split(" – ")[0] for line in told[1:]] == ["bad", "worse"]
    assert not Revision.objects.exists()


def test_marking_as_ready_publishes_nothing(editor: Client) -> None:
    draft = IncidentFactory(editorial_status="draft")
    edited = Incident.objects.get().edited
    response = act(editor, "mark_as_ready", draft, IncidentFactory())
    assert messages_of(response) == ["Marked as ready: 1. They are not published yet."]
    assert set(Incident.objects.values_list("editorial_status", flat=True)) == {"ready"}
    assert Incident.objects.get(pk=draft.pk).edited == edited
    assert not Revision.objects.exists()


def test_thousands_that_match_a_filter_are_one_publication(editor: Client) -> None:
    made = many_incidents(2100)
    other = IncidentFactory(public_id="other")
    data: dict[str, Any] = {"action": "publish_selected", "_selected_action": [made[0].pk], "select_across": "1"}
    response = editor.post(f"{list_url(Incident)}?dataset__id__exact={made[0].dataset_id}", data)
    assert "2100 incidents added" in messages_of(response)[0]
    assert Publication.objects.count() == 1
    assert other.public_id not in live("incident")


def test_the_unready_are_named_up_to_twenty_and_then_counted(editor: Client) -> None:
    drafts = [IncidentFactory(editorial_status="draft", dataset=DatasetFactory()) for _ in range(23)]
    told = messages_of(act(editor, "publish_selected", *drafts))[0]
    assert told.count("<a ") == 20
    assert "and 3 more." in told
