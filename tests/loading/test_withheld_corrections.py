"""A row that corrects only what is withheld of an incident changes nothing, and the load says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from incidents import publishing
from incidents.loading.pipeline.withheld_corrections import NOT_WRITTEN
from incidents.models import Incident
from tests.loading.files import event, load, write

pytestmark = pytest.mark.django_db


def reload(path: Path, **changes: Any) -> str:
    return "\n".join(load(write(path, [event(1, **changes), event(2), event(3)]))[0])


@pytest.fixture
def held_back(path: Path) -> Incident:
    """An incident of which only the province is public."""
    incident: Incident = Incident.objects.get(public_id="ucdp-ged-1")
    incident.place_disclosure = "country"
    incident.save()
    publishing.publish([incident])
    return incident


def test_a_file_without_changes_is_not_noted(path: Path, held_back: Incident) -> None:
    said = reload(path)
    assert NOT_WRITTEN not in said
    assert "unchanged 3" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"where_coordinates": "Zenda village"},
        {"latitude": "48.100000", "longitude": "37.900000"},
        {"source_article": '"Courier,2014-05-03,Three die"', "source_headline": "Three die"},
        {"side_b": "Greens", "side_b_new_id": 63},
    ],
)
def test_a_correction_of_what_is_withheld_is_noted_by_its_line(
    path: Path, held_back: Incident, changes: dict[str, Any]
) -> None:
    before = Incident.objects.filter(pk=held_back.pk).values().get()
    said = reload(path, **changes)
    assert f"note: {NOT_WRITTEN}: 1, on line 2" in said
    assert "unchanged 3" in said
    assert Incident.objects.filter(pk=held_back.pk).values().get() == before
