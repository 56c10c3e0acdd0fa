"""Words find a place by any of its names that holds them; what is called just so comes first."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.models import PlaceName
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(api: APIClient) -> Any:
    """Ask for the ids of places page by page."""
    oblast = LocationFactory(public_id="oblast", name="Streltsau Oblast", kind="admin1")
    PlaceName.objects.create(location=oblast, name="Стрельцовская область", language="ru")
    city = LocationFactory(public_id="city", name="Streltsau", kind="settlement", parent=oblast)
    longer = [
        LocationFactory(public_id=f"longer-{n}", name=f"{name} of Streltsau Oblast", kind="facility", parent=oblast)
        for n, name in enumerate(("Archive", "Bank", "Zoo"))
    ]
    publishing.publish([oblast, city, *longer])

    def ask(query: str) -> list[str]:
        found, address = [], f"/api/v1/locations/?limit=2&{query}"
        while address:
            page = api.get(address).json()
            found += [each["id"] for each in page["results"]]
            address = page["next"]
        return found

    return ask


LONGER = ["longer-0", "longer-1", "longer-2"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=streltsau oblast", ["oblast", *LONGER]),
        ("q=STRELTSAU", ["city", "oblast", *LONGER]),
        ("q=стрельцовская область", ["oblast"]),
        ("q=zoo oblast", ["longer-2"]),
        ("q=streltsau&ordering=-name", ["longer-2", "oblast", "city", "longer-1", "longer-0"]),
        ("q=streltsau*", ["city", "oblast", *LONGER]),
        ("", ["longer-0", "longer-1", "city", "oblast", "longer-2"]),
    ],
)
def test_a_place_of_that_name_comes_before_longer_names(names: Any, query: str, found: list[str]) -> None:
    assert names(query) == found
