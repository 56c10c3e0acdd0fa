"""A load writes the fields that its profile sets, and leaves every other field as the editors left it."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.utils import timezone

from incidents import publishing
from incidents.ledger.models import Head, Revision
from incidents.loading.pipeline import worker
from incidents.loading.profiles.authority import EDITORS_OWN, SET_BY
from incidents.loading.profiles.profile import SHIPPED
from incidents.loading.profiles.profile import load as load_profile
from incidents.models import Claim, Incident, IncidentActor, IncidentReport, Relation
from incidents.publishing.text_confirmations import confirm_text
from tests.loading import reload
from tests.loading.files import load, outcome, public
from tests.loading.reload import ROW, actor, edit, edits, file, publish, report

pytestmark = pytest.mark.django_db

UNCHANGED = "added 0, changed 0, withdrawn 0, unchanged 1"
CHANGED = "added 0, changed 1, withdrawn 0, unchanged 0"
IDENTITY = {"id", "public_id", "dataset_id", "created", "edited"}
SET_BY_MINIMAL = {"summary", "event_type", "date_start"}
CORRECTED = "A bomb went off in the square."
NOT_PUBLISHED = {"note", "editorial_status", "figures_as_coded"}
"""Fields whose edits readers do not see."""


@pytest.fixture
def minimal(tmp_path: Path) -> str:
    return reload.minimal(tmp_path)


@pytest.fixture
def whole(tmp_path: Path) -> str:
    return reload.whole(tmp_path)


def working() -> dict[str, Any]:
    """Return the fields of the working record, without the time of its last edit."""
    values: dict[str, Any] = Incident.objects.filter(public_id="mini-1").values().get()
    del values["edited"]
    return values


def test_every_field_of_an_incident_is_either_set_by_profiles_or_the_editors_own() -> None:
    fields = {field.attname for field in Incident._meta.concrete_fields}
    assert fields == {*SET_BY, *EDITORS_OWN, *IDENTITY}
    assert not EDITORS_OWN.intersection(SET_BY)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_profile_sets_what_it_names(path: Path) -> None:
    authority = load_profile(path.stem).authority
    assert authority.fields >= {"summary", "event_type", "date_start"}
    assert authority.fields <= set(SET_BY)
    assert authority.sets("tags") == ("\ntags" in path.read_text())
    assert authority.actors == ("[[incident.actors" in path.read_text())
    assert authority.reports == ("[incident.reports" in path.read_text())


def test_what_editors_added_to_a_record_stays_when_its_file_is_loaded_again(tmp_path: Path, minimal: str) -> None:
    path = file(tmp_path)
    outcome(path, profile=minimal)
    incident = edit(edits()["location_id"])
    IncidentActor.objects.create(incident=incident, actor=actor(), role="target", certainty="claimed")
    evidence = IncidentReport.objects.create(incident=incident, report=report())
    Claim.objects.create(incident=incident, report=evidence.report, field="killed", value=2)
    publish(incident)
    before, head = public()["mini-1"], Head.objects.get().seq
    assert [len(before[name]) for name in ("actors", "reports", "claims")] == [1, 1, 1]
    assert outcome(path, profile=minimal) == UNCHANGED
    assert (public()["mini-1"], Head.objects.get().seq) == (before, head)
    assert outcome(file(tmp_path, text=CORRECTED), profile=minimal) == CHANGED
    after = public()["mini-1"]
    assert after == before | {"summary": CORRECTED, "revision": 3, "published": after["published"]}
    assert (incident.participations.count(), incident.evidence.count(), incident.claims.count()) == (1, 1, 1)


@pytest.mark.parametrize("field", sorted({*SET_BY, *EDITORS_OWN} - SET_BY_MINIMAL))
def test_a_field_that_the_profile_does_not_set_stays_as_an_editor_published_it(
    tmp_path: Path, minimal: str, field: str
) -> None:
    path = file(tmp_path)
    outcome(path, profile=minimal)
    publish(edit(edits()[field]))
    document, record = public()["mini-1"], working()
    assert outcome(path, profile=minimal) == UNCHANGED
    assert (public()["mini-1"], working()) == (document, record)
    assert outcome(file(tmp_path, text=CORRECTED), profile=minimal) == CHANGED or "disclosure" in field
    after = public()["mini-1"]
    told = document["summary"] if "disclosure" in field else CORRECTED
    assert after == document | {"summary": told} | {name: after[name] for name in ("revision", "published")}
    assert working() == record | {"summary": record["summary"] if "disclosure" in field else CORRECTED}


@pytest.mark.parametrize(
    "field", sorted({*SET_BY, *EDITORS_OWN} - SET_BY_MINIMAL - {"place_disclosure", "date_disclosure"})
)
def test_a_load_does_not_publish_what_an_editor_has_not_published(tmp_path: Path, minimal: str, field: str) -> None:
    path = file(tmp_path)
    outcome(path, profile=minimal)
    document = public()["mini-1"]
    edit(edits()[field])
    record = working()
    assert outcome(path, profile=minimal) == UNCHANGED
    assert (public()["mini-1"], working()) == (document, record)
    assert outcome(file(tmp_path, text=CORRECTED), profile=minimal) == CHANGED
    after = public()["mini-1"]
    assert after == document | {"summary": CORRECTED} | {name: after[name] for name in ("revision", "published")}
    assert working() == record | {"summary": CORRECTED}


@pytest.mark.parametrize("field", sorted(set(SET_BY) - {"extra"}))
def test_a_field_that_the_profile_sets_is_the_files(tmp_path: Path, whole: str, field: str) -> None:
    path = file(tmp_path)
    outcome(path, profile=whole)
    document, record = public()["mini-1"], working()
    publish(edit(edits()[field]))
    assert (public()["mini-1"] != document) or field in NOT_PUBLISHED
    assert outcome(path, profile=whole) == CHANGED
    after = public()["mini-1"]
    assert after == document | {name: after[name] for name in ("revision", "published")}
    assert working() == record


def test_the_profile_sets_those_columns_of_the_origin_that_it_names(tmp_path: Path, whole: str) -> None:
    path = file(tmp_path)
    outcome(path, profile=whole)
    publish(edit({"extra": {"code": "mine", "editors": "own"}}))
    assert outcome(path, profile=whole) == CHANGED
    assert public()["mini-1"]["extra"] == working()["extra"] == {"code": "x1", "editors": "own"}
    assert outcome(path, profile=whole) == UNCHANGED
    assert outcome(file(tmp_path, code=""), profile=whole) == CHANGED
    assert public()["mini-1"]["extra"] == working()["extra"] == {"editors": "own"}


def test_actors_and_reports_that_editors_added_stay_beside_those_of_the_file(tmp_path: Path, whole: str) -> None:
    outcome(file(tmp_path), profile=whole)
    incident = edit({})
    incident.participations.update(position=1)
    incident.evidence.update(position=1)
    IncidentActor.objects.create(incident=incident, actor=actor(), role="target", certainty="claimed", position=0)
    IncidentReport.objects.create(incident=incident, report=report(), position=2)
    publish(incident)
    document = public()["mini-1"]
    assert [each["id"] for each in document["actors"]] == ["editors-actor", "blues"]
    assert outcome(file(tmp_path), profile=whole) == UNCHANGED
    changed = file(tmp_path, actor="Greens", address="https://example.org/other", headline="Other")
    assert outcome(changed, profile=whole) == CHANGED
    after = public()["mini-1"]
    assert [each["id"] for each in after["actors"]] == ["editors-actor", "greens"]
    assert [each["url"] for each in after["reports"]] == ["https://example.org/other", "https://example.org/1"]
    publish(incident)
    assert public()["mini-1"]["revision"] == after["revision"]  # the working record says the same


def test_the_file_decides_about_the_part_of_an_actor_that_it_lists(tmp_path: Path, whole: str) -> None:
    outcome(file(tmp_path), profile=whole)
    incident = edit({})
    incident.participations.update(role="target")
    publish(incident)
    assert outcome(file(tmp_path), profile=whole) == CHANGED
    assert [(each["id"], each["role"]) for each in public()["mini-1"]["actors"]] == [("blues", "alleged_perpetrator")]
    assert list(incident.participations.values_list("actor__public_id", "role")) == [("blues", "alleged_perpetrator")]


def test_a_report_on_which_a_claim_rests_stays_when_the_file_lists_it_no_more(tmp_path: Path, whole: str) -> None:
    outcome(file(tmp_path), profile=whole)
    incident = edit({})
    Claim.objects.create(incident=incident, report=incident.reports.get(), field="killed", value=2)
    publish(incident)
    changed = file(tmp_path, address="https://example.org/other", headline="Other")
    assert outcome(changed, profile=whole) == CHANGED
    urls = ["https://example.org/bomb", "https://example.org/other"]
    assert sorted(each["url"] for each in public()["mini-1"]["reports"]) == urls
    assert sorted(incident.reports.values_list("url", flat=True)) == urls


def test_an_actor_that_an_editor_added_and_did_not_publish_stays_unpublished(tmp_path: Path, whole: str) -> None:
    outcome(file(tmp_path), profile=whole)
    incident = edit({})
    IncidentActor.objects.create(incident=incident, actor=actor(), role="target", certainty="claimed", position=5)
    assert outcome(file(tmp_path), profile=whole) == UNCHANGED
    assert outcome(file(tmp_path, text=CORRECTED), profile=whole) == CHANGED
    assert [each["id"] for each in public()["mini-1"]["actors"]] == ["blues"]
    assert sorted(incident.actors.values_list("public_id", flat=True)) == ["blues", "editors-actor"]


def test_relations_stay(tmp_path: Path, minimal: str) -> None:
    outcome(file(tmp_path, ROW, ROW | {"n": "2"}), profile=minimal)
    incident = edit({})
    Relation.objects.create(
        incident=incident, related=Incident.objects.get(public_id="mini-2"), relation="same_episode"
    )
    publish(incident)
    related = public()["mini-1"]["related"]
    outcome(file(tmp_path, ROW | {"text": CORRECTED}, ROW | {"n": "2"}), profile=minimal)
    assert public()["mini-1"]["related"] == related != []
    assert public()["mini-1"]["summary"] == CORRECTED


def test_an_unpublished_draft_is_left_out_and_told(tmp_path: Path, minimal: str) -> None:
    path = file(tmp_path)
    outcome(path, profile=minimal)
    incident = edit({})
    publishing.withdraw([incident], reason="Under review.")
    edit({"editorial_status": "in_review"})
    lines, _ = load(path, profile=minimal)
    said = "note: rows whose incident is not public and not marked ready by the editors; left out: 1, on line 2"
    assert said in lines
    assert "mini-1" not in public()
    assert working()["editorial_status"] == "in_review"


def test_an_incident_that_is_ready_again_is_published_with_what_editors_added(tmp_path: Path, minimal: str) -> None:
    path = file(tmp_path)
    outcome(path, profile=minimal)
    incident = edit(edits()["location_id"])
    IncidentActor.objects.create(incident=incident, actor=actor(), role="target", certainty="claimed")
    publishing.withdraw([incident], reason="Under review.")
    edit({"editorial_status": "ready"})
    assert outcome(path, profile=minimal) == "added 1, changed 0, withdrawn 0, unchanged 0"
    document = public()["mini-1"]
    assert document["location"]["id"] == "editors-town"
    assert [each["id"] for each in document["actors"]] == ["editors-actor"]


def test_days_that_follow_from_the_start_follow_it_until_an_editor_sets_them(tmp_path: Path, minimal: str) -> None:
    outcome(file(tmp_path), profile=minimal)
    outcome(file(tmp_path, day="2024-02-05"), profile=minimal)
    day = public()["mini-1"]["date"]
    assert day == {
        "start": "2024-02-05",
        "end": "2024-02-05",
        "precision": "day",
        "remark": None,
        "time": None,
        "time_zone": None,
    }
    publish(edit({"date_end": "2024-02-20", "date_precision": "month"}))
    outcome(file(tmp_path, day="2024-02-07"), profile=minimal)
    day = public()["mini-1"]["date"]
    assert day == {
        "start": "2024-02-07",
        "end": "2024-02-20",
        "precision": "month",
        "remark": None,
        "time": None,
        "time_zone": None,
    }


@pytest.mark.parametrize(
    ("fields", "changes", "expected"),
    [
        ({"date_end": "2024-01-09"}, {"day": "2024-03-01"}, "a start that is not after 2024-01-09"),
        ({"event_subtype": "grenade"}, {}, "the event type explosion, of which the editors set the sub-type grenade"),
    ],
)
def test_a_row_that_does_not_go_with_what_editors_set_is_told(
    tmp_path: Path, minimal: str, fields: dict[str, str], changes: dict[str, str], expected: str
) -> None:
    outcome(file(tmp_path), profile=minimal)
    publish(edit(fields))
    Path(minimal).write_text(Path(minimal).read_text().replace('"explosion"', '"armed_attack"'))
    document = public()["mini-1"]
    lines, errors = load(file(tmp_path, text=CORRECTED, **changes), profile=minimal, skip_bad=True)
    assert errors.startswith(f'line 2: "mini-1", expected {expected}')
    assert "left out 1 bad rows" in lines
    assert public()["mini-1"] == document


def test_a_place_that_editors_hold_back_stays_held_back(tmp_path: Path, minimal: str) -> None:
    outcome(file(tmp_path), profile=minimal)
    edit(edits()["location_id"])
    incident = edit({"place_disclosure": "country", "latitude": 48.5, "longitude": 37.5, "summary": "A bomb."})
    confirm_text(incident, "summary", reason="It names no place.", author="e", at=timezone.now())
    incident.save()
    publish(incident)
    document = public()["mini-1"]
    assert outcome(file(tmp_path, text="In Hentzau"), profile=minimal) == UNCHANGED
    assert outcome(file(tmp_path, text="In Hentzau", day="2024-01-05"), profile=minimal) == CHANGED
    after = public()["mini-1"]
    assert after["location"] == document["location"]
    assert (after["summary"], after["date"]["start"]) == ("A bomb.", "2024-01-05")
    assert not any("Hentzau" in text for text in Revision.objects.values_list("document", flat=True))


def test_a_large_file_that_two_processes_read_leaves_editors_work_too(
    tmp_path: Path, minimal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ITEMS_BEFORE_START", 0)
    monkeypatch.setattr(worker, "_processors", lambda: 2)
    rows = [ROW | {"n": str(number)} for number in range(1, 3001)]
    outcome(file(tmp_path, *rows), profile=minimal)
    publish(edit(edits()["location_id"] | {"tags": ["bazaar"]}))
    rows[2999]["text"], rows[10]["day"] = CORRECTED, "yesterday"
    path = tmp_path / "changes.ndjson"
    lines, errors = load(file(tmp_path, *rows), profile=minimal, skip_bad=True, diff=path)
    assert lines[-1] == "added 0, changed 1, withdrawn 0, unchanged 2998"
    assert errors.startswith('line 12, day: "yesterday"')
    told = {"change": "changed", "id": "mini-3000", "fields": {"summary": [ROW["text"], CORRECTED]}}
    assert orjson.loads(path.read_bytes()) == told
    assert (public()["mini-1"]["location"]["id"], working()["tags"]) == ("editors-town", ["bazaar"])
