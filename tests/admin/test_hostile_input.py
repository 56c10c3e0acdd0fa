"""Whatever an address or a form of the admin holds, it answers soon, in words, and never with 5xx."""

from __future__ import annotations

import time
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from incidents.ledger.models import Publication, Release
from incidents.models import Incident, Location
from tests.admin.pages import change_url, errors_of, fields_of, list_url
from tests.factories import IncidentFactory

pytestmark = pytest.mark.django_db

LISTS = (Incident, Location, Publication, User)
CHOICES = "/admin/incidents/incident/choices/"


@pytest.fixture
def staff(superuser: Client) -> Client:
    """Somebody who may do everything, and sees the server's own errors as answers."""
    superuser.raise_request_exception = False
    return superuser


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "x" * 60_000}, "A search can have at most 200 characters (got 60,000)."),
        ({"q": "x" * 201}, "A search can have at most 200 characters (got 201)."),
        ({"q": "a " * 13}, "A search can have at most 12 words (got 13)."),
        ({"id__in": "1," * 5000}, "Parameter id__in: must have at most 2,000 characters (got 10,000)."),
        ({"z" * 5000: "1"}, f"Parameter {'z' * 200}…: must have at most 2,000 characters (got 5,000)."),
        (
            {"Parameter id__iregex": "(a+)+$"},
            "Parameter id__iregex: regular expressions are not supported here; use __contains.",
        ),
        ({"pk__in": "1," + "9" * 30}, "Parameter pk__in: numbers must have at most 18 digits (got 30)."),
        (
            {"date_start__year": "9999"},
            "Parameter date_start__year: must be a number from 1 to 9998 (got &#x27;9999&#x27;).",
        ),
        (
            {"date_start__month": "x"},
            "Parameter date_start__month: must be a number from 1 to 12 (got &#x27;x&#x27;).",
        ),
    ],
)
def test_a_list_is_shown_without_what_is_refused_and_says_what(staff: Client, query: Any, said: str) -> None:
    incident = IncidentFactory(public_id="one")
    for model in LISTS:
        response = staff.get(list_url(model), query)
        assert response.status_code == 400
        assert f"{said} It was ignored in the list below." in text_of(response)
        assert 'id="searchbar"' in text_of(response)
    assert change_url(incident) in text_of(staff.get(list_url(Incident), query))


@pytest.mark.parametrize("text", ["x" * 200, "a b c d e f g h i j k l", '"' * 200, "(" * 200, "\\" * 200, "🙂" * 200])
def test_the_longest_searches_are_made(staff: Client, text: str) -> None:
    for model in LISTS:
        began = time.monotonic()
        assert staff.get(list_url(model), {"q": text}).status_code == 200
        assert time.monotonic() - began < 10


def test_choices_refuse_alike(staff: Client) -> None:
    query = {"app_label": "incidents", "model_name": "incident", "field_name": "location"}
    for term in ("x" * 201, "a " * 13):
        response = staff.get(CHOICES, {**query, "term": term})
        assert response.status_code == 400
        assert response.json()["error"].startswith("A search can have at most ")
    assert staff.get(CHOICES, {**query, "term": "x" * 200}).json()["results"] == []
    assert staff.get(CHOICES, {**query, "page": "9" * 30}).status_code == 200


@pytest.mark.parametrize("name", ["p", "o", "all", "e", "_popup", "_facets", "_to_field", "id__exact", "pk__in", "id"])
def test_no_parameter_of_a_list_breaks_it(staff: Client, name: str) -> None:
    for model, value in product((Incident, Publication), ("0", "-1", "9" * 9, "9" * 18, "x", "²", "٣", "1.5", "")):
        assert staff.get(list_url(model), {name: value}).status_code in (200, 302, 400)


@pytest.mark.parametrize("key", ["x", "9" * 19, "9" * 5000, "-1", "a\x00b", "x" * 60_000, "../x", "%00", "_5F"])
def test_no_key_in_an_address_breaks_a_page(staff: Client, key: str) -> None:
    for page in ("change", "delete", "history", "compare", "publish"):
        response = staff.get(f"/admin/incidents/incident/{quote(key, safe='')}/{page}/")
        assert response.status_code in (302, 400, 404)


@pytest.mark.parametrize("key", ["x", "9" * 30, "9223372036854775808", "\x00", "1.5", "x" * 60_000])
@pytest.mark.parametrize("action", ["publish_selected", "withdraw_selected", "delete_selected", "mark_as_ready"])
def test_an_action_refuses_keys_that_no_row_has(staff: Client, action: str, key: str) -> None:
    response = staff.post(list_url(Incident), {"action": action, "_selected_action": [key]})

    assert response.status_code == 400
    assert "Select the rows again in the list." in text_of(response)


def test_an_action_refuses_a_key_of_text_that_holds_a_null(staff: Client) -> None:
    assert staff.post(list_url(Release), {"action": "x", "_selected_action": ["a\x00"]}).status_code == 400


def test_an_action_on_rows_that_are_gone_does_nothing(staff: Client) -> None:
    data = {"action": "publish_selected", "_selected_action": ["999999", "-1"]}

    assert staff.post(list_url(Incident), data).status_code == 302


def test_an_action_is_refused_on_a_list_whose_filter_is(staff: Client) -> None:
    incident = IncidentFactory(editorial_status="draft")
    data = {"action": "mark_as_ready", "_selected_action": [incident.pk], "select_across": "1"}

    assert staff.post(f"{list_url(Incident)}?q={'x' * 201}", data).status_code == 400
    assert Incident.objects.get().editorial_status == "draft"


def test_a_form_that_is_too_large_says_so(staff: Client) -> None:
    response = staff.post(list_url(Incident), {"action": "x", "_selected_action": range(1001)})
    assert (response.status_code, "too many fields or selected rows. The maximum is 1,000." in text_of(response)) == (
        400,
        True,
    )

    response = staff.post(
        change_url(IncidentFactory()), "summary=" + "x" * 3_000_000, "application/x-www-form-urlencoded"
    )
    assert (response.status_code, "The maximum is 2,621,440 bytes." in text_of(response)) == (400, True)


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 5000, '{"a":' * 3000, '{"a":' * 400 + "1" + "}" * 400, "1e400"])
def test_json_that_cannot_be_kept_is_an_error_of_its_field(staff: Client, text: str) -> None:
    incident = IncidentFactory()
    data = fields_of(staff.get(change_url(incident)))

    response = staff.post(change_url(incident), {**data, "extra": text, "_continue": "1"})
    assert response.status_code == 200
    assert list(errors_of(response)) == ["extra"]


@pytest.mark.parametrize("number", ["9" * 30, "100000", "-1", "x"])
def test_no_number_of_parts_breaks_a_form(staff: Client, number: str) -> None:
    incident = IncidentFactory()
    data = fields_of(staff.get(change_url(incident)))

    for name in ("evidence-TOTAL_FORMS", "claims-TOTAL_FORMS"):
        began = time.monotonic()
        response = staff.post(change_url(incident), {**data, name: number})
        assert response.status_code == 200
        assert time.monotonic() - began < 10


def test_whoever_is_not_logged_in_is_sent_to_the_login(client: Client) -> None:
    assert client.get(list_url(Incident), {"q": "x" * 201}).status_code == 302
    assert client.get(list_url(Incident), {"q": "x" * 60_000}).status_code == 400  # no address to go back to is so long
