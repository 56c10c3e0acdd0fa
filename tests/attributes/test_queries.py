"""Fields that a dataset brings itself are in documents and have the power of the query."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import publishing
from incidents.ledger.attribute_indexes import wanted
from incidents.ledger.database.indexes import make_for_attributes
from incidents.models import Dataset, DatasetCode, Incident
from tests.attributes.conftest import Asking, declare
from tests.factories import DatasetFactory, IncidentFactory

pytestmark = pytest.mark.django_db


def test_a_document_has_the_values_of_public_fields_alone(incidents: list[Incident], ask: Asking) -> None:
    assert ask("incidents/one-1/")["attributes"] == {
        "weapon": "rifle",
        "crew": 3,
        "first_seen": "2022-07-01",
        "detained": {"low": 1, "best": 2, "high": 4},
    }
    assert ask("incidents/one-4/")["attributes"] == {
        "cost": 1.5,
        "remark": "Seen by a harbour pilot",
        "detained": {"low": None, "best": 5, "high": None},
    }
    assert ask("incidents/one-5/")["attributes"] == {}


def test_the_document_of_a_dataset_declares_public_fields_alone(incidents: list[Incident], ask: Asking) -> None:
    declared = {each["name"]: each for each in ask("datasets/one/")["attributes"]}
    assert "secret" not in declared
    assert declared["crew"]["unit"] == "persons"
    assert declared["weapon"]["codes"][0]["labels"] == {"uk": "вогнепальна зброя"}
    assert declared["weapon"]["codes"][1]["parent"] == "firearm"
    assert ask("datasets/?id=one")["results"][0]["attributes"] == ask("datasets/one/")["attributes"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"attr.weapon": "knife"}, ["one-2"]),
        ({"attr.weapon": "rifle,knife"}, ["one-2", "one-1"]),
        ({"attr.weapon": "firearm"}, ["one-3", "one-1"]),  # includes rifle and pistol
        ({"attr.means": "boat"}, ["one-3", "one-2"]),
        ({"attr.means": "drone,car"}, ["one-2"]),
        ({"attr.crew_min": "3"}, ["one-3", "one-1"]),
        ({"attr.crew_max": "3"}, ["one-1"]),
        ({"attr.crew_min": "4", "attr.crew_max": "12"}, ["one-3"]),
        ({"attr.cost_min": "1.4", "attr.cost_max": "1.5"}, ["one-4"]),
        ({"attr.detained_min": "2"}, ["one-4", "one-1"]),
        ({"attr.detained_min": "3"}, ["one-4"]),
        ({"attr.at_night": "true"}, ["one-2"]),
        ({"attr.at_night": "false"}, ["one-3"]),
        ({"attr.first_seen_after": "2022-07", "attr.first_seen_before": "2022"}, ["one-1"]),
        ({"attr.first_seen_before": "2022-06"}, []),
        ({"attr.clock_after": "22:00"}, ["one-2"]),
        ({"attr.clock_before": "05:00"}, ["one-3"]),
        ({"q": "harbour pilot"}, ["one-4"]),
        ({"q": "drone"}, ["one-2"]),
        ({"q": "informant"}, []),
        ({"attr.weapon": "firearm", "dataset": "one", "date_after": "2022-07-02"}, ["one-3"]),
        ({"attr.weapon": "firearm", "attr.crew_min": "1", "as_of": "1"}, ["one-3", "one-1"]),
        ({"attr.weapon": "firearm", "ordering": "attr.crew"}, ["one-1", "one-3"]),
        ({"attr.weapon": "firearm", "ordering": "-attr.crew"}, ["one-3", "one-1"]),
        ({"dataset": "one", "ordering": "attr.weapon"}, ["one-4", "one-5", "one-2", "one-3", "one-1"]),
        ({"dataset": "one", "ordering": "-attr.detained"}, ["one-4", "one-1", "one-5", "one-3", "one-2"]),
    ],
)
@pytest.mark.parametrize("is_indexed", [False, True])
def test_values_are_asked_for(
    incidents: list[Incident], ask: Asking, query: dict[str, str], found: list[str], is_indexed: bool
) -> None:
    if is_indexed:
        make_for_attributes()
    assert ask.ids(**query) == found
    pages, at = [], f"incidents/?{'&'.join(f'{name}={value}' for name, value in query.items())}&limit=1"
    while at:
        page = ask(at)
        pages += [each["id"] for each in page["results"]]
        at = page["next"].partition("/api/v1/")[2] if page["next"] else ""
    assert pages == found
    counted: dict[str, Any] = {name: value for name, value in query.items() if name != "ordering"}
    assert ask("incidents/count/", **counted)["count"] == len(found)


def test_every_field_that_is_asked_for_by_a_value_has_an_index(incidents: list[Incident]) -> None:
    make_for_attributes()
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, "ledger_incidententry")
    assert wanted().keys() <= there.keys()
    assert {"inc_attr_s_weapon", "inc_attr_n_crew", "inc_attr_n_detained", "inc_attr_long_s_weapon"} <= wanted().keys()
    assert not [name for name in wanted() if "secret" in name or "means" in name]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads so few rows without an index")
def test_a_code_within_a_window_is_found_by_indexes_of_the_field(incidents: list[Incident], ask: Asking) -> None:
    make_for_attributes()
    window = {"attr.weapon": "knife", "date_after": "2022-07-02", "date_before": "2022-07-30"}
    with CaptureQueriesContext(connection) as captured:
        ask.ids(**window)
    (page,) = [each["sql"] for each in captured if "$.s_weapon" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {page.replace('%', '%%')}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "INDEX inc_attr_s_weapon (<expr>=? AND day_from>? AND day_from<?)" in plan
    assert "INDEX inc_attr_long_s_weapon (<expr>=? AND day_from>? AND day_from<?)" in plan


@pytest.mark.parametrize(
    ("query", "parameter", "said", "suggestion"),
    [
        ({"attr.weapn": "knife"}, "attr.weapn", "Unknown parameter", "attr.weapon"),
        ({"attr.weapon": "nife"}, "attr.weapon", "must be one of: firearm, rifle, pistol, knife", "knife"),
        ({"attr.crew": "3"}, "attr.crew", "use attr.crew_min and attr.crew_max", "attr.crew_min"),
        ({"attr.remark": "x"}, "attr.remark", "find its words with q", None),
        ({"attr.weapon_min": "3"}, "attr.weapon_min", "has no min. Use attr.weapon", "attr.weapon"),
        ({"attr.crew_min": "many"}, "attr.crew_min", "Must be a whole number", None),
        ({"attr.cost_min": "many"}, "attr.cost_min", "must be a number", None),
        ({"attr.clock_after": "25:00"}, "attr.clock_after", "Use HH:MM", None),
        ({"attr.secret": "informant"}, "attr.secret", "Unknown parameter", None),
        ({"attr.weapon": "knife", "dataset": "dataset-none"}, "attr.weapon", "Unknown parameter", None),
        ({"ordering": "attr.means"}, "ordering", "has no order", None),
        ({"ordering": "-attr.crw"}, "ordering", "No dataset declares the field 'crw'", "attr.crew"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    incidents: list[Incident], ask: Asking, query: dict[str, str], parameter: str, said: str, suggestion: str | None
) -> None:
    error = ask.error(**query)
    assert error["parameter"] == parameter
    assert said in error["message"]
    if suggestion:
        assert error["suggestion"] == suggestion


def test_one_name_of_two_types_needs_a_dataset(incidents: list[Incident], ask: Asking) -> None:
    other = DatasetFactory(public_id="two")
    declare(other, "crew", "text")
    publishing.publish([IncidentFactory(public_id="two-1", dataset=other, attributes={"crew": "Sailors"})])
    assert "different types: integer in one, text in two" in ask.error(**{"attr.crew_min": "1"})["message"]
    assert ask.ids(**{"attr.crew_min": "1", "dataset": "one"}) == ["one-3", "one-1"]


def test_one_name_of_one_type_is_asked_across_datasets(incidents: list[Incident], ask: Asking) -> None:
    other = DatasetFactory(public_id="two")
    declare(other, "weapon", "code", [{"code": "harpoon", "label": "Harpoon"}])
    publishing.publish([IncidentFactory(public_id="two-1", dataset=other, attributes={"weapon": "harpoon"})])
    assert set(ask.ids(**{"attr.weapon": "harpoon,knife"})) == {"two-1", "one-2"}


def test_large_figures_are_asked_for(dataset: Dataset, ask: Asking) -> None:
    values = [{"crew": 1_500_000}, {"cost": 12_345_678.5}, {"detained": {"best": 40_000_000}}]
    publishing.publish(
        [IncidentFactory(public_id=f"big-{at}", dataset=dataset, attributes=each) for at, each in enumerate(values)]
    )
    assert ask.ids(**{"attr.crew_min": "1500000"}) == ["big-0"]
    assert ask.ids(**{"attr.cost_min": "12345678.5", "attr.cost_max": "99999999"}) == ["big-1"]
    assert ask.ids(**{"attr.detained_min": "40000000"}) == ["big-2"]
    assert "from -2000000000 to 2000000000" in ask.error(**{"attr.crew_min": "3000000000"})["message"]


def test_the_feed_a_citation_and_a_count_take_own_fields(incidents: list[Incident], ask: Asking) -> None:
    feed = ask.client.get("/api/v1/incidents.atom", {"attr.weapon": "knife"}).content
    assert feed.count(b"<entry>") == 1
    assert b"one-2" in feed
    cited = ask("incidents/cite/?attr.weapon=knife")
    assert "attr.weapon=knife" in str(cited)
    assert ask("incidents/count/?attr.weapon=knife")["count"] == 1


def test_what_was_published_before_it_was_withheld_is_named(dataset: Dataset) -> None:
    values = {"weapon": "rifle", "remark": "At the third pier"}
    incident = IncidentFactory(public_id="one-9", dataset=dataset, attributes=values)
    publishing.publish([incident])
    incident.place_disclosure = "country"
    incident.save()
    (record,) = publishing.publish([incident]).still_readable
    assert record.values["attributes.remark"] == ["At the third pier"]
    assert "attributes.weapon" not in record.values


def test_groups_and_sums(incidents: list[Incident], ask: Asking) -> None:
    answer = ask("incidents/aggregate/", by="attr.weapon", sum="attr.crew,attr.detained", dataset="one")
    found = {each["attr.weapon"]: (each["count"], each["sums"]["attr.crew"]["sum"]) for each in answer["results"]}
    assert found == {"knife": (1, None), "pistol": (1, 12), "rifle": (1, 3), None: (2, None)}
    assert answer["total"]["sums"] == {
        "attr.crew": {"sum": 15, "reported": 2},
        "attr.detained_low": {"sum": 1, "reported": 1},
        "attr.detained_best": {"sum": 7, "reported": 2},
        "attr.detained_high": {"sum": 4, "reported": 1},
    }
    cost = ask("incidents/aggregate/", by="month", sum="attr.cost", fill="zero", date_before="2022-08", dataset="one")
    assert [each["sums"]["attr.cost"] for each in cost["results"]][-1] == {"sum": 0, "reported": 0}
    assert cost["total"]["sums"]["attr.cost"] == {"sum": 1.5, "reported": 1}


def test_an_incident_counts_in_each_of_its_codes(incidents: list[Incident], ask: Asking) -> None:
    answer = ask("incidents/aggregate/", by="attr.means", dataset="one")
    assert {each["attr.means"]: each["count"] for each in answer["results"]} == {"boat": 2, "drone": 1, None: 3}
    assert answer["overlapping"] == ["attr.means"]
    assert answer["total"]["count"] == 5
    table = ask.client.get("/api/v1/incidents/aggregate/?by=attr.means&dataset=one&sum=attr.crew&format=csv").content
    assert table.startswith(b"attr.means,count,killed_low,")
    assert b"attr.crew,killed_low_reported" in table


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"by": "attr.crew"}, "group by codes"),
        ({"by": "attr.none"}, "No dataset declares"),
        ({"sum": "attr.weapon"}, "only figures can be summed"),
        ({"sum": "weapon"}, "must be a field such as attr.detained"),
    ],
)
def test_groups_that_make_no_sense_are_refused(
    incidents: list[Incident], ask: Asking, query: dict[str, str], said: str
) -> None:
    (error,) = ask("incidents/aggregate/", 400, **query)["errors"]
    assert said in error["message"]


def test_a_renamed_field_finds_what_was_published_under_its_former_name(
    incidents: list[Incident], ask: Asking, dataset: Dataset
) -> None:
    field = dataset.own_fields.get(name="weapon")
    field.name, field.formerly = "arm", ["weapon"]
    field.save()
    publishing.publish([dataset])
    assert ask("incidents/one-2/")["attributes"]["weapon"] == "knife"  # as it was published
    assert ask.ids(**{"attr.arm": "knife"}) == ["one-2"]
    assert ask.ids(**{"attr.weapon": "knife"}) == ["one-2"]
    publishing.publish([incidents[0]])
    assert ask("incidents/one-1/")["attributes"]["arm"] == "rifle"
    assert ask.ids(**{"attr.arm": "firearm"}) == ["one-3", "one-1"]
    groups = ask("incidents/aggregate/", by="attr.arm", dataset="one")["results"]
    assert {each["attr.arm"]: each["count"] for each in groups} == {"knife": 1, "pistol": 1, "rifle": 1, None: 2}
    assert ask.ids(**{"attr.weapon": "rifle", "as_of": "1"}) == ["one-1"]


def test_a_merged_code_finds_what_was_published_with_either(
    incidents: list[Incident], ask: Asking, dataset: Dataset
) -> None:
    DatasetCode.objects.filter(attribute__name="weapon", code="pistol").update(merged_into="rifle")
    publishing.publish([dataset])
    assert ask.ids(**{"attr.weapon": "rifle"}) == ["one-3", "one-1"]
    assert ask.ids(**{"attr.weapon": "pistol"}) == ["one-3", "one-1"]
    assert ask("incidents/one-3/")["attributes"]["weapon"] == "pistol"
    publishing.publish([incidents[2]])
    assert ask("incidents/one-3/")["attributes"]["weapon"] == "rifle"


@pytest.mark.parametrize("level", ["place", "date"])
def test_a_generalised_incident_keeps_only_fields_that_say_so(dataset: Dataset, ask: Asking, level: str) -> None:
    disclosure: dict[str, Any] = {"place": {"place_disclosure": "country"}, "date": {"date_disclosure": "month"}}[level]
    values = {"weapon": "rifle", "crew": 3, "remark": "At the third pier", "clock": "04:00"}
    incident = IncidentFactory(public_id="one-9", dataset=dataset, attributes=values, **disclosure)
    publishing.publish([incident])
    assert ask("incidents/one-9/")["attributes"] == {"weapon": "rifle"}
    assert ask.ids(q="pier") == ask.ids(**{"attr.crew_min": "1"}) == []


def test_a_value_that_does_not_fit_is_not_published(dataset: Dataset) -> None:
    incident = IncidentFactory(public_id="one-9", dataset=dataset, attributes={"weapon": "bow"})
    with pytest.raises(publishing.RefusedError, match=r"one-9: attributes\.weapon must be one of firearm, rifle"):
        publishing.publish([incident])


def test_a_new_field_of_a_dataset_republishes_no_incident(
    incidents: list[Incident], ask: Asking, dataset: Dataset
) -> None:
    declare(dataset, "vessel", "text")
    publishing.publish([dataset])
    assert ask("incidents/one-1/")["revision"] == 1
    assert len(ask("datasets/one/")["attributes"]) == 11
