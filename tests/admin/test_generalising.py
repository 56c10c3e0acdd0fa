"""Staff are asked what becomes of the earlier revisions before a publication makes coarser what is public."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents import publishing
from incidents.ledger.models import Publication, Revision
from incidents.models import Incident, Location, Report, Source
from tests.admin.conftest import LogIn
from tests.admin.pages import act, change_url, list_url, messages_of, send
from tests.factories import DatasetFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db

TITLE = "What becomes of the published values?"


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
    """Keep the earlier revisions, or what `more` says of them."""
    return client.post(url, {"still_readable": page.context["kept_token"], "earlier": "keep", **more})


def confirm_as_offered(client: Client, page: Any, url: str, **more: Any) -> Any:
    """Send the form as it is shown."""
    form = page.context["form"]
    offered = {name: form[name].value() for name in form.fields}
    return client.post(url, {"still_readable": page.context["kept_token"], **offered, **more})


def assert_names_what_stays(page: Any) -> None:
    html = page.content.decode()
    assert page.status_code == 200
    assert f"<h1>{TITLE}</h1>" in html
    assert '<th scope="row">location › name</th>' in html
    assert "<div>Smalltown</div>" in html
    for where in ("/api/v1/incidents/one/revisions/", "changes/", "as_of", "mirrors", "exports", "Redact…"):
        assert where in html
    assert "can never be published again" in html
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


def test_the_default_reduces_the_earlier_revisions(editor: Client, incident: Incident) -> None:
    hold_back()
    page = editor.get(publish_url(incident))
    assert page.context["form"]["earlier"].value() == "reduce"
    done = confirm_as_offered(editor, page, publish_url(incident))

    assert done.headers["Location"] == change_url(incident)
    assert messages_of(done)[-2] == "The earlier revisions of 1 record have the coarser content now."
    assert messages_of(done)[-1].startswith("Still public, and first published together with the incident: location ")
    history = Revision.objects.of("incident", ["one"]).order_by("number")
    assert [(row.change, row.reduced, "Smalltown" in row.document) for row in history] == [
        ("added", 2, False),
        ("redacted", 2, False),
        ("added", None, False),
    ]
    assert history[1].reason == "Made less precise for the safety of people."
    panel = editor.get(change_url(incident)).content.decode()
    assert "Made less precise for the safety of people." in panel


def test_a_reduction_without_a_reason_is_asked_for_one(editor: Client, incident: Incident) -> None:
    hold_back()
    page = editor.get(publish_url(incident))
    again = confirm_as_offered(editor, page, publish_url(incident), reason=" ")

    assert "Enter a reason, which readers will see." in again.content.decode()
    assert "Nothing was published." in again.content.decode()
    assert Publication.objects.count() == 1
    unanswered = confirm(editor, again, publish_url(incident), earlier="")
    assert "This field is required." in unanswered.content.decode()
    assert Publication.objects.count() == 1


def test_a_list_is_reduced_by_default_too(editor: Client, incident: Incident) -> None:
    hold_back()
    page = act(editor, "publish_selected", incident)
    chosen = {"action": "publish_selected", "_selected_action": page.context["chosen"]}
    confirm_as_offered(editor, page, list_url(Incident), **chosen)

    assert not any("Smalltown" in row.document for row in Revision.objects.of("incident", ["one"]))


def test_a_source_is_reduced_by_an_action_that_asks_for_a_reason(
    editor: Client, viewer: Client, incident: Incident
) -> None:
    report = ReportFactory(source__name="Ivan’s channel", source__public_id="channel")
    incident.evidence.create(report=report)
    publishing.publish([incident])
    source = report.source
    source.name = "A resident"
    source.save()
    assert "reduce_selected" not in viewer.get(list_url(Source)).content.decode()
    assert "Reduce…" not in editor.get(change_url(source)).content.decode()  # nothing is older than what is public
    publishing.publish([source])
    assert "Reduce…" in editor.get(change_url(source)).content.decode()
    page = act(editor, "reduce_selected", source)
    assert "permanently replaced" in page.content.decode()
    chosen = {"action": "reduce_selected", "_selected_action": [source.pk], "number": "1"}
    assert "This field is required." in editor.post(list_url(Source), chosen).content.decode()

    editor.post(list_url(Source), {**chosen, "reason": "He was threatened."})

    assert not any("Ivan" in row.document for row in Revision.objects.all())
    assert Publication.objects.get(seq=4).message == "Reduce: He was threatened."


@pytest.mark.parametrize(("name", "offered"), [("Paper", "reduce"), ("Gazette", "keep")])
def test_a_renamed_source_is_asked_about_and_reduced_by_default_if_it_says_less(
    editor: Client, name: str, offered: str
) -> None:
    source = SourceFactory(public_id="paper", name="Paper of Petrenko")
    publishing.publish([source])
    response = send(editor, change_url(source), "_publish", name=name)
    assert response.headers["Location"] == publish_url(source)
    page = editor.get(publish_url(source))
    assert "<div>Paper of Petrenko</div>" in page.content.decode()
    assert ("less precise from now on" in page.content.decode()) == (offered == "reduce")
    assert page.context["form"]["earlier"].value() == offered

    confirm_as_offered(editor, page, publish_url(source))

    names = [document["name"] for _, document in Revision.objects.of("source").with_content().each_document()]
    assert set(names) == ({name} if offered == "reduce" else {name, "Paper of Petrenko"})


def test_an_own_point_that_is_removed_is_asked_about(editor: Client, incident: Incident) -> None:
    Incident.objects.update(latitude=49.25, longitude=39.25)
    incident.refresh_from_db()
    publishing.publish([incident])
    send(editor, change_url(incident), "_publish", latitude="", longitude="")
    page = editor.get(publish_url(incident))
    assert "<div>49.25</div>" in page.content.decode()
    confirm_as_offered(editor, page, publish_url(incident))
    assert "49.25" not in "".join(Revision.objects.of("incident").values_list("document", flat=True))


def test_the_incidents_of_a_report_are_reduced_by_an_action(editor: Client, incident: Incident) -> None:
    report = ReportFactory(title="Ivan of Smallstreet says")
    incident.evidence.create(report=report)
    publishing.publish([incident])
    report.title = "A resident says"
    report.save()

    chosen = {"action": "reduce_selected", "_selected_action": [report.pk], "number": "1", "reason": "A threat."}
    page = editor.post(list_url(Report), chosen)

    assert page.status_code == 302
    assert not any("Ivan" in row.document for row in Revision.objects.all())
    assert "A resident says" in live()


def test_an_own_field_that_is_public_no_longer_is_asked_about_and_reduced(editor: Client) -> None:
    dataset = DatasetFactory(public_id="own")
    field = dataset.own_fields.create(name="informant", type="text", label="Informant")
    publishing.publish([IncidentFactory(public_id="one", dataset=dataset, attributes={"informant": "Ivan"})])
    field.is_public = False
    field.save()

    page = editor.get(publish_url(dataset))
    assert '<th scope="row">attributes › informant</th>' in page.content.decode()
    confirm_as_offered(editor, page, publish_url(dataset))

    assert not any("informant" in row.document for row in Revision.objects.all())
    assert not any("Ivan" in row.document for row in Revision.objects.all())


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
    assert "Redact…" not in html

    confirm(editor, page, publish_url(town))
    assert '"latitude":49.0' not in live()


def test_saving_alone_warns_that_publishing_takes_nothing_back(editor: Client, incident: Incident) -> None:
    response = send(editor, change_url(incident), place_disclosure="admin1", date_disclosure="year")

    assert messages_of(response)[0] == (
        "one was published with a more precise place and date, which readers see until you publish it. Then you are "
        "asked what becomes of the earlier revisions."
    )


def test_the_preview_and_the_comparison_warn(editor: Client, incident: Incident) -> None:
    preview = send(editor, change_url(incident), "_preview", place_disclosure="admin1")
    assert "<div>Smalltown</div>" in preview.content.decode()
    assert "<strong>Reducing</strong>" in preview.content.decode()

    hold_back()
    compared = editor.get(reverse("admin:incidents_incident_compare", args=[incident.pk]), {"part": ""})
    assert "<strong>Reducing</strong>" in compared.content.decode()


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
