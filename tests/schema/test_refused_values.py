import pytest
from rest_framework.test import APIClient

from incidents import publishing
from tests.factories import SourceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["limit", "cursor", "ordering", "fields", "count"])
def test_a_count_takes_nothing_that_it_would_have_to_ignore(api: APIClient, name: str) -> None:
    response = api.get("/api/v1/incidents/count/", {name: "1"})

    assert response.status_code == 400
    assert [(error["parameter"], error["message"]) for error in response.json()["errors"]] == [
        (name, "Unknown parameter.")
    ]


@pytest.mark.parametrize("point", ["0.00001,1e-05", "0.30000000000000004,-1E-7", "+1.5,.5", "1.,4.9E+1"])
def test_a_number_is_taken_as_programs_write_it(api: APIClient, point: str) -> None:
    assert api.get("/api/v1/incidents/", {"near": point, "radius_km": "25"}).status_code == 200


@pytest.mark.parametrize("point", ["1e999,0", "0,1e3", "nan,0", "0,inf", "1e,1", "e5,1", "٣,1"])
def test_a_number_that_is_none_or_no_place_is_refused(api: APIClient, point: str) -> None:
    assert api.get("/api/v1/incidents/", {"near": point, "radius_km": "25"}).status_code == 400


def test_the_server_takes_its_own_cursors_beside_the_longest_names(api: APIClient) -> None:
    publishing.publish([SourceFactory(name=letter * 200) for letter in "ЄЇҐ"])
    first = api.get("/api/v1/sources/?limit=1").json()

    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()

    names = [page["results"][0]["name"][0] for page in (first, second, third)]
    assert (names, third["next"]) == (["Є", "Ї", "Ґ"], None)


def test_a_list_is_bounded_by_what_is_sent_not_by_what_is_left_of_it(api: APIClient) -> None:
    response = api.get("/api/v1/incidents/", {"id": ",".join(["one"] * 1001)})

    assert response.json()["errors"][0]["message"] == "Must have at most 1000 values (got 1001)."
