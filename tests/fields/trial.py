"""Tries fields that were added to a copy of the project on the database of an older version; run in that copy.

`python -m tests.fields.trial FOLDER`: the environment names the database, as in `tests.upgrades.kept`.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

ROW = {
    "weapon_type": "rifle",
    "weapons_seen": ["rifle", "knife"],
    "vehicles": 3,
    "depth_m": 2.5,
    "confirmed": False,
    "reported_on": "2022-08-05",
    "operation": "Night Owl",
    "words": ["dawn raid", "bridge"],
    "page": "https://example.org/report",
    "detained": {"low": None, "best": 2, "high": 5},
    "began_at": "14:30",
}
"""What the file says of its one incident, by field."""

NOTHING: dict[str, Any] = {
    name: [] if isinstance(value, list) else dict.fromkeys(value) if isinstance(value, dict) else None
    for name, value in ROW.items()
}
"""What a document has that says nothing of the fields."""

PROFILE = """
title = "A trial"
[dataset]
id = "trial"
name = "Trial"
licence = "CC0-1.0"
[incident]
id = "trial-{id}"
summary = "text"
event_type = { constant = "armed_attack" }
weapon_type = "weapon_type"
weapons_seen = { column = "weapons_seen", separator = "|" }
vehicles = "vehicles"
depth_m = "depth_m"
confirmed = "confirmed"
reported_on = "reported_on"
operation = "operation"
words = { column = "words", separator = "|" }
page = "page"
detained_low = "detained_low"
detained_best = "detained_best"
detained_high = "detained_high"
began_at = "began_at"
[incident.date]
start = "day"
"""

ASKED = {
    "weapon_type=rifle": 1,
    "weapon_type=knife": 0,
    "weapon_type=rifle,knife": 1,
    "weapons_seen=knife": 1,
    "weapons_seen=explosive": 0,
    "vehicles_min=3": 1,
    "vehicles_min=4": 0,
    "vehicles_max=3": 1,
    "depth_m_min=2.4&depth_m_max=2.6": 1,
    "confirmed=false": 1,
    "confirmed=true": 0,
    "reported_on_after=2022-08-05": 1,
    "reported_on_before=2022-08": 1,
    "reported_on_before=2022-08-04": 0,
    "operation=Night Owl": 1,
    "words=Dawn Raid": 1,
    "detained_min=2&detained_max=2": 1,
    "detained_min=3": 0,
    "began_at_after=14:30&began_at_before=14:30:59": 1,
    "began_at_before=14:29": 0,
}


def main() -> None:
    """Try everything; an assertion says what is wrong."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()  # so that answers have the context that their page was made of

    folder = Path(sys.argv[1])
    call_command("migrate", verbosity=0)
    older_documents()
    a_place_is_renamed()
    a_file_is_loaded(folder)
    it_is_found()
    it_is_edited_in_a_table(folder)
    it_is_edited_in_the_admin()
    it_is_withheld_unless_it_is_declared_safe()


def api() -> Any:
    """Return a client of the API."""
    from rest_framework.test import APIClient

    return APIClient(SERVER_NAME="localhost")


def get(address: str) -> Any:
    """Return the JSON of an answer."""
    answer = api().get(f"/api/v1/{address}")
    assert answer.status_code == 200, (address, answer.status_code, answer.getvalue()[:500])
    return json.loads(answer.getvalue())


def cells() -> dict[str, str]:
    """Return the cells of the row by column; a range has three."""
    found: dict[str, Any] = {}
    for name, value in ROW.items():
        parts = {f"{name}_{part}": number for part, number in value.items()} if isinstance(value, dict) else None
        found |= parts or {name: "|".join(value) if isinstance(value, list) else value}
    return {name: "" if value is None else str(value) for name, value in found.items()}


def older_documents() -> None:
    """Every document of before has the fields, empty, in every format, now and in the past."""
    count = get("incidents/count/")["count"]
    for asked in ("limit=1000", "limit=1000&as_of=1"):
        for document in get(f"incidents/?{asked}")["results"]:
            names = list(document)
            assert names[names.index("event_subtype") + 1] == "weapon_type"
            assert {name: document[name] for name in ROW} == NOTHING
    rows = list(csv.DictReader(io.StringIO(api().get("/api/v1/incidents.csv").getvalue().decode())))
    assert len(rows) == count
    assert {row[name] for row in rows for name in cells()} == {""}
    for ending in ("xlsx", "parquet", "geojson", "ndjson"):
        assert api().get(f"/api/v1/incidents.{ending}").status_code == 200, ending
    assert get("incidents/aggregate/?by=weapon_type")["results"][0]["count"] == count
    assert "weapon_type" in {each["name"] for each in get("codebook/")["vocabularies"]}


def a_place_is_renamed() -> None:
    """Incidents of before follow their place, in the new shape."""
    from incidents import publishing
    from incidents.models import Location

    public = get("incidents/?limit=1000")["results"]
    shown = next(each["location"]["id"] for each in public if each["location"]["id"])
    place = Location.objects.get(public_id=shown)
    place.name = "Renamed in the trial"
    place.save()
    publishing.publish([place])
    names = {each["location"]["name"] for each in get("incidents/?limit=1000")["results"]}
    assert "Renamed in the trial" in names


def a_file_is_loaded(folder: Path) -> None:
    """A profile names the new fields, and loading the file twice changes nothing."""
    from django.core.management import call_command

    with (folder / "trial.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "day", *cells()])
        writer.writerow(["1", "Something happened.", "2022-08-04", *cells().values()])
    (folder / "trial.toml").write_text(PROFILE)
    for _ in range(2):
        call_command("load_incidents", str(folder / "trial.csv"), "--profile", str(folder / "trial.toml"), verbosity=0)
    document = get("incidents/trial-1/")
    assert {name: document[name] for name in ROW} == ROW
    assert document["revision"] == 1


def it_is_found() -> None:
    """Parameters, groups and the schema know the new fields."""
    for asked, count in ASKED.items():
        assert get(f"incidents/count/?dataset=trial&{asked}")["count"] == count, asked
        assert len(get(f"incidents/?dataset=trial&{asked}")["results"]) == count, asked
    groups = get("incidents/aggregate/?dataset=trial&by=weapon_type")["results"]
    assert [(each["weapon_type"], each["count"]) for each in groups] == [("rifle", 1)]
    reported = {"low": 0, "best": 1, "high": 1}
    assert groups[0]["detained"] == {"low": None, "best": 2, "high": 5, "reported": reported}
    assert get("incidents/aggregate/?dataset=trial&by=weapon_type&ordering=-detained")["total"]["detained"]["best"] == 2
    refused = api().get("/api/v1/incidents/?weapon_type=rifel")
    assert refused.status_code == 400
    assert b"rifle" in refused.content
    (row,) = csv.DictReader(io.StringIO(api().get("/api/v1/incidents.csv?dataset=trial").getvalue().decode()))
    shown = {"vehicles": "3", "depth_m": "2.5", "confirmed": "false", "weapons_seen": "rifle|knife"}
    assert {name: row[name] for name in shown} == shown


def it_is_edited_in_a_table(folder: Path) -> None:
    """A table goes back with other values."""
    from django.core.management import call_command

    text = api().get("/api/v1/incidents.csv?dataset=trial").getvalue().decode()
    text = text.replace("rifle|knife", "knife").replace(",false,", ",true,").replace(",2.5,", ",7.25,")
    (folder / "edited.csv").write_text(text, newline="")
    call_command("load_incidents", str(folder / "edited.csv"), "--profile", "incidents", verbosity=0)
    document = get("incidents/trial-1/")
    assert (document["weapons_seen"], document["confirmed"], document["depth_m"]) == (["knife"], True, 7.25)


def it_is_edited_in_the_admin() -> None:
    """The form has inputs for the new fields with what is declared of them."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from incidents import publishing
    from incidents.models import Incident
    from tests.admin.pages import fields_of

    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.filter(is_superuser=True)[0])
    incident = Incident.objects.get(public_id="trial-1")
    address = f"/admin/incidents/incident/{incident.pk}/change/"
    page = client.get(address)
    assert "The main weapon that was used." in page.content.decode()
    answer = client.post(address, fields_of(page) | {"weapon_type": "knife", "vehicles": "4", "confirmed": "true"})
    assert answer.status_code == 302, answer.context["errors"]
    incident.refresh_from_db()
    assert (incident.weapon_type, incident.vehicles) == ("knife", 4)
    answer = client.post(address, fields_of(client.get(address)) | {"detained_low": "9"})
    assert "detained_best (2) is less than detained_low (9)" in str(answer.context["errors"])
    publishing.publish([incident])
    assert get("incidents/trial-1/")["weapon_type"] == "knife"
    assert get("incidents/count/?dataset=trial&weapon_type=knife")["count"] == 1
    (changed,) = [each for each in get("incidents/trial-1/revisions/")["results"] if each["revision"] == 3]
    assert {each["field"] for each in changed["changes"]} == {"weapon_type", "vehicles"}


def it_is_withheld_unless_it_is_declared_safe() -> None:
    """A coarser date takes out every new field but the one whose declaration says that it stays."""
    from incidents import publishing
    from incidents.models import Incident

    incident = Incident.objects.get(public_id="trial-1")
    incident.date_disclosure = "year"
    incident.save()
    publishing.publish([incident])
    document = get("incidents/trial-1/")
    assert {name: document[name] for name in ROW} == NOTHING | {"weapon_type": "knife"}
    assert get("incidents/aggregate/?dataset=trial")["total"]["detained"]["reported"]["best"] == 0
    hidden = ("vehicles_min=1", "words=Dawn Raid", "confirmed=true", "reported_on_after=2022-08-05", "detained_min=0")
    for asked in (*hidden, "began_at_after=00:00", "q=owl"):
        assert get(f"incidents/count/?dataset=trial&{asked}")["count"] == 0, asked
    assert get("incidents/count/?dataset=trial&weapon_type=knife")["count"] == 1


if __name__ == "__main__":
    main()
