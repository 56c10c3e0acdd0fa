"""A published dataset with fields of its own, and incidents that have values of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents import publishing
from incidents.models import Dataset, DatasetAttribute, DatasetCode, Incident
from tests.factories import DatasetFactory, IncidentFactory
from tests.worlds import world

WEAPONS: list[dict[str, Any]] = [
    {"code": "firearm", "label": "Firearm", "labels": {"uk": "вогнепальна зброя"}},
    {"code": "rifle", "label": "Rifle", "parent": "firearm"},
    {"code": "pistol", "label": "Pistol", "parent": "firearm"},
    {"code": "knife", "label": "Knife"},
]
"""One includes two others."""

VALUES: list[dict[str, Any]] = [
    {"weapon": "rifle", "crew": 3, "detained": {"low": 1, "best": 2, "high": 4}, "first_seen": "2022-07-01"},
    {"weapon": "knife", "means": ["boat", "drone"], "at_night": True, "clock": "23:10"},
    {"weapon": "pistol", "means": ["boat"], "crew": 12, "at_night": False, "clock": "04:00"},
    {"remark": "Seen by a harbour pilot", "cost": 1.5, "secret": "informant", "detained": {"best": 5}},
    {},
]
"""Of the incidents one-1 to one-5."""


def declare(
    dataset: Dataset, name: str, type_: str, codes: Iterable[dict[str, Any]] = (), **more: Any
) -> DatasetAttribute:
    """Declare a field of a dataset."""
    position = dataset.own_fields.count()
    label = more.pop("label", name.replace("_", " ").capitalize())
    made: DatasetAttribute = DatasetAttribute.objects.create(
        dataset=dataset, name=name, type=type_, label=label, position=position, **more
    )
    for number, code in enumerate(codes):
        DatasetCode.objects.create(attribute=made, position=number, **code)
    return made


def declare_all(dataset: Dataset) -> None:
    """Declare a field of each type."""
    declare(dataset, "weapon", "code", WEAPONS, generalised="keep")
    means = [{"code": code, "label": code.capitalize()} for code in ("boat", "drone", "car")]
    declare(dataset, "means", "codes", means)
    declare(dataset, "crew", "integer", unit="persons")
    declare(dataset, "cost", "number", unit="US dollars")
    declare(dataset, "at_night", "boolean")
    declare(dataset, "first_seen", "date")
    declare(dataset, "clock", "time")
    declare(dataset, "remark", "text")
    declare(dataset, "page", "link")
    declare(dataset, "detained", "range", unit="persons")
    declare(dataset, "secret", "text", is_public=False)


@world
def dataset() -> Dataset:
    """The dataset `one`, with a field of each type."""
    made: Dataset = DatasetFactory(public_id="one", name="One")
    declare_all(made)
    return made


@world
def incidents(dataset: Dataset) -> list[Incident]:
    """Incidents one-1 to one-5, on days that follow each other, published; and one of another dataset."""
    made = [
        IncidentFactory(
            public_id=f"one-{number}",
            dataset=dataset,
            attributes=values,
            date_start=f"2022-07-0{number}",
            date_end=f"2022-07-0{number}",
        )
        for number, values in enumerate(VALUES, 1)
    ]
    publishing.publish([*made, IncidentFactory(public_id="other-1")])
    return [Incident.objects.get(public_id=each.public_id) for each in made]


class Asking:
    """Asks the API, in few words."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def __call__(self, address: str, status: int = 200, **query: Any) -> Any:
        """Return what an address below /api/v1/ answers."""
        answer = self.client.get(f"/api/v1/{address}", query)
        assert answer.status_code == status, answer.content
        return answer.json()

    def ids(self, **query: Any) -> list[str]:
        """Return the ids of the incidents that are found, in their order."""
        return [each["id"] for each in self("incidents/", **query)["results"]]

    def error(self, **query: Any) -> dict[str, Any]:
        """Return the one error of a list that is refused."""
        (error,) = self("incidents/", 400, **query)["errors"]
        found: dict[str, Any] = error
        return found


@pytest.fixture
def ask() -> Asking:
    """Ask the API."""
    return Asking(APIClient())
