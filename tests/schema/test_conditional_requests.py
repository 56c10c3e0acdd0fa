import json

import pytest
from rest_framework.test import APIClient

from tests.schema.golden import FOLDER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history")]

ANY = {"if-none-match": "*"}
KEPT = ("ETag", "Cache-Control", "Vary")


@pytest.mark.parametrize("path", ["incidents/none/", "incidents/none/revisions/", "incidents/none/?as_of=1"])
def test_of_what_does_not_exist_no_copy_is_right(api: APIClient, path: str) -> None:
    assert api.get(f"/api/v1/{path}", headers=ANY).status_code == 404


def test_of_what_was_withdrawn_no_copy_is_right(api: APIClient) -> None:
    assert api.get("/api/v1/incidents/luhansk-2022-0009/", headers=ANY).status_code == 410


@pytest.mark.parametrize(
    "path",
    ["", "incidents/", "incidents/count/", "incidents/luhansk-2022-0002/", "incidents/luhansk-2022-0002/revisions/"],
)
def test_of_what_exists_any_copy_will_do_for_whoever_says_so(api: APIClient, path: str) -> None:
    response = api.get(f"/api/v1/{path}", headers=ANY)

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == api.get(f"/api/v1/{path}")["ETag"]


def test_the_root_links_to_addresses_that_answer_whatever_its_own_format(api: APIClient) -> None:
    found = api.get("/api/v1/?format=json").json()

    assert {name: api.get(address).status_code for name, address in found.items()} == dict.fromkeys(found, 200)
    assert not any("format" in address for address in found.values())


def declared() -> list[tuple[str, str]]:
    """Return each address without a name in it, and of each vocabulary one, in each format that it declares."""
    document = json.loads((FOLDER / "openapi-3.1.json").read_text())
    found = []
    for path, item in document["paths"].items():
        address = path.replace("{vocabulary_name}", "event_type") + ("?by=month" if path.endswith("aggregate/") else "")
        if "{" not in address and "get" in item:
            types = item["get"]["responses"]["200"]["content"].keys() | {"text/html"}
            found += [(address, type_) for type_ in sorted(types) if not (path.endswith(".atom") and "html" in type_)]
    return found


@pytest.mark.parametrize(("address", "accept"), declared())
def test_whoever_has_an_answer_in_a_format_is_not_sent_it_again(api: APIClient, address: str, accept: str) -> None:
    first = api.get(address, headers={"accept": accept})
    assert first.status_code == 200
    first.getvalue()  # a file that nobody reads to its end stays open

    again = api.get(address, headers={"accept": accept, "if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.get(name) for name in KEPT} == {name: first.get(name) for name in KEPT}
