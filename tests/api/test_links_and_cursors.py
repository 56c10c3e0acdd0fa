"""Links lead where they say, whatever is in them; a cursor opens only the query that it was made for."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents_api.rest.errors import MEDIA_TYPE
from tests.factories import IncidentFactory
from tests.worlds import world

pytestmark = pytest.mark.django_db


@partial(world, autouse=True)
def public() -> None:
    """Five incidents of one day, called a to e, each published alone."""
    for name in "abcde":
        publishing.publish([IncidentFactory(public_id=name, summary="Вибух & more", tags=["a+b", "ніч"])])


def page(api: APIClient, address: str) -> dict[str, Any]:
    answer = api.get(address if address.startswith("http") else f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()  # type: ignore[no-any-return]  # JSON has no type before it is read


def ids(of: dict[str, Any]) -> list[str]:
    return [each["id"] for each in of["results"]]


def cursor_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["cursor"][0]


@pytest.mark.parametrize(
    "query",
    [
        "q=" + quote("вибух"),
        "q=вибух",
        "tag=" + quote("ніч") + "," + quote("a+b"),
        "tag=a%2Bb&q=%D0%B2%D0%B8%D0%B1%D1%83%D1%85",
        "q=more%20вибух&ordering=-date",
        "q=more+%26",
        "bbox=38.5,48.5,39.5,49.5",
        "published_after=0&event_type=armed_attack,battle",
        "event_type=armed_attack&event_type=battle",
    ],
)
def test_links_ask_the_same_of_the_same_state(api: APIClient, query: str) -> None:
    raw = query.encode().decode("latin-1")  # as a server hands over what was not escaped
    answer = api.get("/api/v1/incidents/", QUERY_STRING=f"{raw}&limit=2")
    first = answer.json()
    publishing.publish([IncidentFactory(public_id="f", summary="Вибух & more", tags=["ніч", "a+b"])])
    second = page(api, first["next"])
    third = page(api, second["next"])
    assert [ids(each) for each in (first, second, third)] == [["e", "d"], ["c", "b"], ["a"]]
    assert [each["as_of"] for each in (first, second, third)] == [5, 5, 5]
    assert (first["previous"], third["next"]) == (None, None)
    assert ids(page(api, third["previous"])) == ["c", "b"]
    assert page(api, page(api, third["previous"])["previous"])["results"] == first["results"]
    assert api.get(first["count_url"]).json() == {"count": 5, "as_of": 5, "warnings": []}


def test_a_link_keeps_every_parameter_and_pins_the_moment(api: APIClient) -> None:
    link = page(api, "incidents/?limit=2&fields=id&ordering=date&count=exact&format=json")["next"]
    asked = parse_qs(urlsplit(link).query)
    assert {name: values for name, values in asked.items() if name != "cursor"} == {
        "as_of": ["5"],
        "count": ["exact"],
        "fields": ["id"],
        "format": ["json"],
        "limit": ["2"],
        "ordering": ["date"],
    }
    assert page(api, link)["results"] == [{"id": "c"}, {"id": "d"}]


def test_a_page_may_be_longer_than_the_one_before(api: APIClient) -> None:
    link = page(api, "incidents/?limit=1")["next"]
    assert ids(page(api, link.replace("limit=1", "limit=1000"))) == ["d", "c", "b", "a"]


def refusal(api: APIClient, address: str) -> list[tuple[str, str | None]]:
    answer = api.get(address if address.startswith("http") else f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (400, MEDIA_TYPE), answer.content
    return [(error["parameter"], error["suggestion"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    "changes",
    [
        "incidents/?limit=2&ordering=date&cursor={}",
        "incidents/?q=more&limit=2&cursor={}",
        "incidents/?fields=id&limit=2&cursor={}",
        "locations/?limit=2&cursor={}",
        "sources/?cursor={}",
    ],
)
def test_a_cursor_of_another_query_or_resource_is_refused(api: APIClient, changes: str) -> None:
    cursor = cursor_of(page(api, "incidents/?limit=2")["next"])
    assert refusal(api, changes.format(cursor)) == [("cursor", None)]


def test_a_cursor_with_another_moment_is_refused_and_told_its_own(api: APIClient) -> None:
    link = page(api, "incidents/?limit=2&as_of=4")["next"]
    assert refusal(api, link.replace("as_of=4", "as_of=3")) == [("as_of", "4")]
    without = page(api, f"incidents/?limit=2&cursor={cursor_of(link)}")
    assert (without["as_of"], ids(without)) == (4, ["b", "a"])


def test_no_byte_of_a_cursor_can_be_changed(api: APIClient) -> None:
    cursor = cursor_of(page(api, "incidents/?limit=2")["next"])
    raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    changed = [
        urlsafe_b64encode(raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]).decode().rstrip("=")
        for at in range(len(raw))
        for bit in (1, 128)
    ]
    changed += [f"{cursor[:-1]}{chr(ord(cursor[-1]) + 1)}"]
    changed += [
        cursor[:-1],
        cursor[1:],
        f"{cursor}A",
        f"{cursor}!",
        f"!{cursor}",
        f"{cursor[:9]} {cursor[9:]}",
        f"{cursor[:8]}!!!!{cursor[8:]}",
        cursor[::-1],
    ]
    assert {(refusal(api, f"incidents/?limit=2&cursor={quote(each)}")[0][0]) for each in changed} == {"cursor"}


def test_a_cursor_is_not_made_by_another_key(api: APIClient, settings: Any) -> None:
    link = page(api, "incidents/?limit=2")["next"]
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key, as long as it takes to be one"
    assert refusal(api, link) == [("cursor", None)]
    settings.SECRET_KEY_FALLBACKS = [old]
    assert ids(page(api, link)) == ["c", "b"]
