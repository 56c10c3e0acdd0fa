"""Who knows another API is told what a parameter is called here, word for word."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver
from rest_framework.test import APIClient

from incidents.query import filters
from incidents_api.parameters.filtersets import StrictFilterSet
from incidents_api.parameters.words_of_others import _TABLE, WORDS_OF_OTHERS, normalised

pytestmark = pytest.mark.django_db

INCIDENTS = filters.IncidentFilterSet.base_filters
ALL = [(word, names) for names, (words, _) in _TABLE.items() for word in words.split()]


def refused(api: APIClient, address: str) -> dict[str, Any]:
    answer = api.get(f"/api/v1/{address}")
    assert answer.status_code == 400, answer.content
    (error,) = answer.json()["errors"]
    return dict(error)


@pytest.mark.parametrize(
    ("asked", "suggestion", "message"),
    [
        ("page=2", "cursor", "Unknown parameter. Use cursor. Follow `next` of each page; it has the cursor."),
        ("page_size=50", "limit", "Unknown parameter. Use limit."),
        ("offset=100", "cursor", "Unknown parameter. Use cursor. Follow `next` of each page; it has the cursor."),
        ("search=shots", "q", "Unknown parameter. Use q."),
        ("sort=-date", "ordering", "Unknown parameter. Use ordering."),
        ("date=2022-08-04", "date_after", "Unknown parameter. Use date_after and date_before."),
        ("region=Luhansk", "admin1", "Unknown parameter. Use admin1."),
        ("type=battle", "event_type", "Unknown parameter. Use event_type."),
        (
            "since=2026-01-01",
            "published_after",
            (
                "Unknown parameter. Use published_after. To follow all changes, also of withdrawn records, read "
                "changes/?since=."
            ),
        ),
        ("fatalities=3", "killed_min", "Unknown parameter. Use killed_min and killed_max."),
        ("lat=49", "near", "Unknown parameter. Use near and radius_km."),
        ("api_key=secret", None, "Unknown parameter. No key is needed: the API is open."),
        ("pageSize=5", "limit", "Unknown parameter. Use limit."),
        ("page%5Bsize%5D=5", "limit", "Unknown parameter. Use limit."),
        ("date__gte=2022", "date_after", "Unknown parameter. Use date_after."),
        ("evnt_type=battle", "event_type", "Unknown parameter."),
        ("nothing_like_it=1", None, "Unknown parameter."),
    ],
)
def test_a_word_of_another_api_gets_ours(api: APIClient, asked: str, suggestion: str | None, message: str) -> None:
    error = refused(api, f"incidents/?{asked}")
    assert (error["suggestion"], error["message"]) == (suggestion, message)


@pytest.mark.parametrize(
    ("address", "suggestion"),
    [
        ("locations/?type=settlement", "kind"),
        ("locations/?search=x", "q"),
        ("sources/?lang=uk", "language"),
        ("datasets/?license=CC0-1.0", "licence"),
        ("changes/?page=2", "cursor"),
        ("releases/?offset=2", "cursor"),
        ("incidents/aggregate/?group_by=month", "by"),
        ("incidents/aggregate/?sort=count", "ordering"),
        ("incidents/count/?region=Luhansk", "admin1"),
        ("incidents.atom?page_size=5", "limit"),
    ],
)
def test_each_list_suggests_what_it_takes(api: APIClient, address: str, suggestion: str) -> None:
    assert refused(api, address)["suggestion"] == suggestion


@pytest.mark.parametrize(("word", "names"), ALL)
def test_every_word_of_the_table_leads_to_a_parameter_there_is(
    api: APIClient, word: str, names: tuple[str, ...]
) -> None:
    found = [name for name in names if name in INCIDENTS]
    if found and word not in INCIDENTS:
        assert refused(api, f"incidents/?{word}=1")["suggestion"] == found[0]
    assert not names or _takers(names)


def test_no_word_is_in_the_table_twice() -> None:
    assert len({normalised(word) for word, _ in ALL}) == len(WORDS_OF_OTHERS)
    twice = [word for word, names in ALL if WORDS_OF_OTHERS[normalised(word)].names != names]
    assert twice == []


def _takers(names: tuple[str, ...]) -> list[type[StrictFilterSet]]:
    get_resolver().url_patterns  # noqa: B018 - imports all views
    return [each for each in _every(StrictFilterSet) if set(names) & set(each.base_filters)]


def _every(of: type[StrictFilterSet]) -> list[type[StrictFilterSet]]:
    return [found for each in of.__subclasses__() for found in (each, *_every(each))]
