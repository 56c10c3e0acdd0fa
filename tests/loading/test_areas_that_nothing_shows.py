"""An area that a file names for a place which lies elsewhere here is not public: no incident shows it."""

from pathlib import Path

import pytest

from tests.loading.files import public
from tests.loading.small import loaded

pytestmark = pytest.mark.django_db

PLACE = """
[incident.place]
name = "town"
geonames_id = "number"
kind = { constant = "settlement" }
admin1 = "region"
country_code = { constant = "UKR" }
precision = { constant = "settlement" }
"""
HEADER = "n,day,town,number,region\n"


def test_the_area_of_a_place_that_lies_elsewhere_is_not_published(tmp_path: Path) -> None:
    loaded(tmp_path, HEADER + "1,2024-01-02,Town A,900001,North\n", rest=PLACE)
    north = "3,2024-01-02,Town A,900001,North\n"  # as many rows as have it in the south, so it stays
    south = "1,2024-01-02,Town A,900001,South\n"
    loaded(tmp_path, HEADER + south + north + "2,2024-01-02,Town B,900002,West\n", rest=PLACE)
    shown = {each["location"]["id"] for each in public().values()}
    places = public("location")
    shown |= {area for each in shown for area in places[each]["within"]}
    assert set(places) == shown
    assert {each["name"] for each in places.values()} >= {"Town A", "North", "Town B", "West"}
    assert "South" not in {each["name"] for each in places.values()}


def test_an_area_that_a_row_names_alone_is_published(tmp_path: Path) -> None:
    loaded(
        tmp_path, HEADER + "1,2024-01-02,Town A,900001,North\n2,2024-01-02,,,North\n3,2024-01-02,,,South\n", rest=PLACE
    )
    assert {each["name"] for each in public("location").values()} >= {"Town A", "North", "South"}
