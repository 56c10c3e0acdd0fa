"""Points that a cell writes in one of many ways."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.loading.errors import ProfileError
from incidents.loading.profiles import cell_types, points
from incidents.loading.profiles.profile import parse
from tests.loading.files import load, public

WRITTEN = [
    "48.5, 37.9",
    "(48.5, 37.9)",
    "[48.5;37.9]",
    "48.5 37.9",
    "48,5; 37,9",
    "48,5, 37,9",
    "POINT (37.9 48.5)",
    "SRID=4326;POINT Z(37.9 48.5 120)",
    '{"type": "Point", "coordinates": [37.9, 48.5]}',
    "48°30'00\"N 37°54'00\"E",
    "37° 54′ E, 48° 30′ N",
    "N 48°30' E 37°54'",
    "48 30 00 N 37 54 00 E",
    "48.5N, 37.9E",
    "geo:48.5,37.9;u=20",
]
REFUSED = [
    "48.5",
    "48,5,37,9",
    "148.5, 37.9",
    "48°61'N 37°54'E",
    "48°30'N 37°54'N",
    "SRID=3857;POINT(4218000 6190000)",
    "Kyiv",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_point_in_one_cell_is_read(text: str) -> None:
    assert points.point(text) == pytest.approx((48.5, 37.9))


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a point such as"):
        cell_types.point().read(text)


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["{0:.6f}, {1:.6f}", "POINT({1:.6f} {0:.6f})"]))
def test_every_point_is_read_as_it_was_written(latitude: float, longitude: float, form: str) -> None:
    read = points.point(form.format(latitude, longitude))
    assert all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(read, (latitude, longitude), strict=True))


@given(st.text("0123456789.,;°'\"NSEWnsew ()-+", max_size=30))
def test_no_text_gives_a_point_off_the_earth(text: str) -> None:
    try:
        latitude, longitude = points.point(text)
    except ValueError:
        return
    assert -90 <= latitude <= 90
    assert -180 <= longitude <= 180


PROFILE = """
title = "t"
[dataset]
id = "d"
name = "D"
licence = "CC0-1.0"
[incident]
id = "d-{id}"
event_type = { constant = "unknown" }
summary = "what"
[incident.date]
start = "date"
[incident.place]
name = "town"
kind = { constant = "settlement" }
precision = { constant = "settlement" }
POINT
point_of = "event"
"""


def written(folder: Path, point: str) -> Path:
    path = folder / "p.toml"
    path.write_text(PROFILE.replace("POINT", point))
    return path


@pytest.mark.django_db
def test_points_in_one_cell_are_loaded_in_the_order_that_the_profile_says(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,date,what,town,at\n1,2024-01-02,Fire,Aville,"37.9, 48.5"\n2,2024-01-02,Fire,Bville,\n')
    profile = written(tmp_path, 'point_order = "longitude"\npoint = "at"')
    load(path, profile=str(profile))
    first, second = public()["d-1"]["location"], public()["d-2"]["location"]
    assert (first["latitude"], first["longitude"]) == (48.5, 37.9)
    assert (second["latitude"], second["longitude"]) == (None, None)


@pytest.mark.django_db
def test_a_bad_point_is_listed_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,date,what,town,at\n1,2024-01-02,Fire,Aville,"98.5, 37.9"\n2,2024-01-02,Fire,Bville,\n')
    _, err = load(path, profile=str(written(tmp_path, 'point = "at"')), skip_bad=True)
    assert err.startswith('line 2, at: "98.5, 37.9", expected a point such as 48.5, 37.9')


def test_a_row_has_one_point() -> None:
    with pytest.raises(ProfileError, match=r"incident\.place: has point, and latitude or longitude too"):
        parse(PROFILE.replace("POINT", 'point = "at"\nlatitude = "lat"'), "p.toml")


@pytest.mark.django_db
def test_columns_of_degrees_minutes_and_seconds_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,date,what,town,lat,lon\n1,2024-01-02,Fire,Aville,48°30'N,37°54'00''W\n")
    load(path, profile=str(written(tmp_path, 'latitude = "lat"\nlongitude = "lon"')))
    place = public()["d-1"]["location"]
    assert (place["latitude"], place["longitude"]) == (48.5, -37.9)
