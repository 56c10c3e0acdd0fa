"""Choosing a record by typing: labels that tell namesakes apart, few queries, no counting, no leak."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents import publishing
from incidents.models import Claim, Incident
from tests.admin.conftest import LogIn
from tests.admin.pages import add_url, change_url, errors_of, send
from tests.factories import ActorFactory, IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db


def choose(client: Client, model: str, field: str, term: str, page: str = "1") -> Any:
    query = {"app_label": "incidents", "model_name": model, "field_name": field, "term": term, "page": page}
    return client.get(reverse("admin:incidents_choices"), query)


def test_namesakes_are_told_apart(editor: Client) -> None:
    for number in (1, 2):
        region = LocationFactory(name=f"Region {number}", kind="admin1")
        LocationFactory(public_id=f"ivanivka-{number}", name="Ivanivka", parent=region)
    texts = [each["text"] for each in choose(editor, "incident", "location", "ivanivka").json()["results"]]
    assert texts == [
        "Ivanivka – Settlement in Region 1, UKR [ivanivka-1]",
        "Ivanivka – Settlement in Region 2, UKR [ivanivka-2]",
    ]


def test_the_bound_of_an_interval_is_not_shown_as_a_day(editor: Client) -> None:
    days: dict[str, tuple[str | None, str | None, str]] = {
        "a": ("2022-08-04", "2022-08-04", "day"),
        "b": ("2022-07-01", "2022-07-10", "month"),
        "c": ("2022-07-01", None, "unknown"),
        "d": (None, "2022-07-10", "unknown"),
        "e": (None, None, "unknown"),
    }
    for name, (start, end, precision) in days.items():
        IncidentFactory(public_id=name, summary="x", date_start=start, date_end=end, date_precision=precision)
    texts = [choose(editor, "relation", "related", name).json()["results"][0]["text"] for name in days]
    assert texts == [
        "a – 2022-08-04 – x",
        "b – 2022-07-01 to 2022-07-10 – x",
        "c – 2022-07-01 to … – x",
        "d – … to 2022-07-10 – x",
        "e – no date – x",
    ]


def test_untitled_reports_of_one_source_are_told_apart_by_what_comes_first(editor: Client) -> None:
    source = SourceFactory(name="A newspaper with a long name")
    for number in (1, 2):
        ReportFactory(public_id=f"report-{number}", source=source, title="", published_on=None)
    texts = [each["text"] for each in choose(editor, "claim", "report", "newspaper").json()["results"]]
    assert sorted(texts) == [f"report-{number} – A newspaper with a long name" for number in (1, 2)]


def test_choices_come_in_pages_and_are_never_counted(editor: Client) -> None:
    [LocationFactory() for _ in range(45)]
    with CaptureQueriesContext(connection) as queries:
        answers = [choose(editor, "incident", "location", "", str(page)).json() for page in (1, 2, 3)]
    assert [len(answer["results"]) for answer in answers] == [20, 20, 5]
    assert [answer["pagination"]["more"] for answer in answers] == [True, True, False]
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"]]


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_an_odd_page_is_the_first_one(editor: Client, page: str) -> None:
    LocationFactory()
    assert len(choose(editor, "incident", "location", "", page).json()["results"]) == 1


def test_a_related_incident_is_chosen_by_the_beginning_of_its_id_or_its_published_words(editor: Client) -> None:
    IncidentFactory(public_id="set-0001", summary="Leaflets.")
    publishing.publish([IncidentFactory(public_id="other-1", summary="Graffiti.")])
    ids = [
        [each["text"].split(" – ")[0] for each in choose(editor, "relation", "related", term).json()["results"]]
        for term in ("set-", "graff", "nothing")
    ]
    assert ids == [["set-0001"], ["other-1"], []]


def test_whoever_may_not_see_a_kind_of_record_cannot_choose_it(log_in: LogIn) -> None:
    nobody = log_in("nobody")
    assert choose(nobody, "incident", "location", "").status_code == 403
    assert choose(Client(), "incident", "location", "").status_code == 302


def test_a_form_asks_no_more_for_many_parts_than_for_few(editor: Client) -> None:
    counts = []
    for number in (2, 12):
        incident = IncidentFactory(
            reports=[ReportFactory() for _ in range(number)],
            actors=[(ActorFactory(), "target") for _ in range(number)],
        )
        for position, evidence in enumerate(incident.evidence.all()):
            Claim.objects.create(incident=incident, report=evidence.report, field="other", value="x", position=position)
        editor.get(change_url(incident))
        with CaptureQueriesContext(connection) as queries:
            editor.get(change_url(incident))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


@pytest.mark.parametrize("key", ["{}", "abc", "9" * 30, "-1", "٣", "1e3", "😀"])
def test_a_choice_that_was_never_offered_is_refused_and_breaks_nothing(editor: Client, key: str) -> None:
    incident = IncidentFactory()

    assert "dataset" in errors_of(send(editor, change_url(incident), dataset=key))
    assert editor.get(add_url(Incident), {"dataset": key}).status_code == 200


def test_a_form_that_counts_fewer_rows_than_none_is_refused_and_breaks_nothing(editor: Client) -> None:
    incident = IncidentFactory()
    for counted in ("INITIAL_FORMS", "TOTAL_FORMS"):
        answer = send(editor, change_url(incident), **{f"evidence-{counted}": "-1"})
        assert answer.status_code == 200
        assert "A form can have 0 to 250 rows of one kind" in answer.content.decode()
