"""Withdrawing, merging and redacting ask for a reason first, and are done as a whole or not at all."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from incidents import publishing
from incidents.ledger.models import Publication, Revision
from incidents.models import Incident
from tests.admin.pages import act, list_url, many_incidents, messages_of
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory

pytestmark = pytest.mark.django_db


def last(record_id: str) -> tuple[str, str, str]:
    row = Revision.objects.filter(record_id=record_id).order_by("number").last()
    assert row
    return row.change, row.reason, row.target


def test_a_withdrawal_asks_for_a_reason_and_then_is_told_to_readers(editor: Client) -> None:
    incident = IncidentFactory(public_id="one", summary="Shots.")
    publishing.publish([incident])
    page = act(editor, "withdraw_selected", incident)
    assert "one – 2022-08-04 – Shots." in page.content.decode()
    assert last("one")[0] == "added"
    response = act(editor, "withdraw_selected", incident, number=1, reason="Did not happen.")
    assert last("one") == ("withdrawn", "Did not happen.", "")
    assert messages_of(response)[0].startswith("Withdraw: done for 1 incident.")
    assert Publication.objects.get(seq=2).author == "editor"


def test_no_reason_no_withdrawal(editor: Client) -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    for reason in ("", "  "):
        page = act(editor, "withdraw_selected", incident, number=1, reason=reason)
        assert page.context["form"].errors == {"reason": ["This field is required."]}
    assert last("one")[0] == "added"


def test_a_withdrawn_incident_does_not_come_back_with_the_next_publication_of_all_that_is_ready(editor: Client) -> None:
    incident = IncidentFactory(public_id="one")
    publishing.publish([incident])
    act(editor, "withdraw_selected", incident, number=1, reason="Wrong.")
    act(editor, "publish_selected", incident)
    assert (last("one")[0], Incident.objects.get().editorial_status) == ("withdrawn", "rejected")


def test_one_that_is_not_public_keeps_all_from_being_withdrawn(editor: Client) -> None:
    public, draft = IncidentFactory(public_id="public"), IncidentFactory(public_id="draft")
    publishing.publish([public])
    page = act(editor, "withdraw_selected", public, draft, number=2, reason="Wrong.")
    assert page.context["form"].non_field_errors() == ["incident draft is not public, so it cannot be withdrawn."]
    assert "Wrong." in page.content.decode()
    assert (last("public")[0], Incident.objects.get(pk=public.pk).editorial_status) == ("added", "ready")


def test_what_is_still_shown_is_not_withdrawn_and_the_page_says_by_what(editor: Client) -> None:
    town = LocationFactory(public_id="town")
    publishing.publish([IncidentFactory(public_id="one", location=town)])
    page = act(editor, "withdraw_selected", town, number=1, reason="Wrong.")
    assert "one still shows it" in page.context["form"].non_field_errors()[0]


def test_if_the_selection_grew_meanwhile_it_is_asked_again(editor: Client) -> None:
    dataset = DatasetFactory()
    incidents = [IncidentFactory(dataset=dataset) for _ in range(3)]
    publishing.publish(incidents)
    data = {
        "action": "withdraw_selected",
        "_selected_action": [incidents[0].pk],
        "select_across": "1",
        "number": "2",
        "reason": "Wrong.",
    }
    page = editor.post(list_url(Incident), data)
    assert "You confirmed 2 records, but now 3 are selected." in page.context["form"].non_field_errors()[0]
    editor.post(list_url(Incident), {**data, "number": "3"})
    assert {last(each.public_id)[0] for each in incidents} == {"withdrawn"}


def test_thousands_are_asked_about_without_thousands_of_fields(editor: Client) -> None:
    made = many_incidents(1500)
    data = {"action": "withdraw_selected", "_selected_action": [made[0].pk], "select_across": "1"}
    page = editor.post(list_url(Incident), data).content.decode()
    assert "Withdraw 1500 incidents" in page
    assert "and 1480 more" in page
    assert page.count('name="_selected_action"') == 1


def test_a_merger_asks_which_one_stays(editor: Client) -> None:
    old, new = LocationFactory(public_id="old"), LocationFactory(public_id="new")
    incident = IncidentFactory(public_id="one", location=old)
    publishing.publish([incident, new])
    page = act(editor, "merge_selected", old, new)
    assert {str(value) for value, _ in page.context["form"].fields["target"].choices} == {str(old.pk), str(new.pk)}
    act(editor, "merge_selected", old, new, number=2, target=new.pk, reason="The same town.")
    assert last("old") == ("merged", "The same town.", "new")
    assert Incident.objects.get().location == new
    assert LogEntry.objects.get().get_change_message() == "Merged into new: The same town."


def test_several_are_merged_into_one_or_none_is(editor: Client) -> None:
    one, two, draft = (IncidentFactory(public_id=name) for name in ("one", "two", "draft"))
    publishing.publish([one, two])
    page = act(editor, "merge_selected", draft, one, two, number=3, target=draft.pk, reason="The same.")
    assert "draft is not public, so nothing can be merged into it" in page.context["form"].non_field_errors()[0]
    assert (last("one")[0], last("two")[0]) == ("added", "added")
    response = act(editor, "merge_selected", draft, one, two, number=3, target=one.pk, reason="The same.")
    assert messages_of(response)[0].startswith("Merge: done for 3 incidents.")
    assert last("two") == ("merged", "The same.", "one")
    assert Incident.objects.get(pk=draft.pk).editorial_status == "rejected"


@pytest.mark.parametrize("number", [1, 51])
def test_a_merger_is_of_two_or_more_that_an_eye_can_compare(editor: Client, number: int) -> None:
    response = act(editor, "merge_selected", *[LocationFactory() for _ in range(number)])
    assert messages_of(response) == [f"Select 2 to 50 records to merge ({number} selected)."]


def test_a_target_outside_the_selection_is_refused(editor: Client) -> None:
    one, two, three = [LocationFactory() for _ in range(3)]
    page = act(editor, "merge_selected", one, two, number=2, target=three.pk, reason="The same.")
    assert "target" in page.context["form"].errors


def test_a_redaction_empties_history_and_keeps_the_reason(superuser: Client) -> None:
    incident = IncidentFactory(public_id="one", summary="Dangerous.")
    publishing.publish([incident])
    act(superuser, "redact_selected", incident, number=1, reason="Puts a witness in danger.")
    assert last("one") == ("redacted", "Puts a witness in danger.", "")
    assert not Revision.objects.filter(document__contains="Dangerous").exists()
    assert Incident.objects.get().editorial_status == "rejected"
