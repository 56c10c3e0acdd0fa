"""Rows that cannot be loaded: each is told with line, column, value and what would be right; nothing is written."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from incidents.ledger.content import RefusedError, prepare
from incidents.ledger.models import Revision
from incidents.loading.slugs import fingerprint
from incidents.models import Batch, Dataset, Incident, Location
from tests.loading.files import COLUMNS, event, events, load, outcome, public, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


def refused(path: Path, capsys: pytest.CaptureFixture[str] | None = None, **options: object) -> str:
    with pytest.raises(CommandError) as caught:
        load(path, **options)
    return str(caught.value)


def nothing_was_written() -> bool:
    return not any(model._default_manager.exists() for model in (Incident, Location, Dataset, Batch, Revision))


BAD = [
    event(1),
    event(2, best="several", latitude="148.1"),
    event(3, date_start="yesterday"),
    event(4, where_prec=9, where_description="two\nlines"),
    event("", side_a_new_id=""),
    event(1),
    event(6, date_end="2014-04-30"),
    event(7, longitude=""),
]
TOLD = [
    'line 3, latitude: "148.1", expected a number from -90 to 90',
    'line 3, best: "several", expected a whole number from 0 to 2147483647',
    'line 4, date_start: "yesterday", expected a date such as 2014-01-22, 2014-01-22 00:00:00.000000',
    'line 5, where_prec: "9", expected one of 1, 2, 3, 4, 5, 6, 7',
    "line 7, id: nothing, expected a value: incident.id is made of it",
    "line 7, side_a_new_id: nothing, expected a value: incident.actors.1.id is made of it",
    'line 8, id: "ucdp-ged-1", expected an id that no other row has; line 2 has it too',
    'line 9, date_end: "2014-04-30", expected a day not before the start, 2014-05-01',
    "line 10, longitude: nothing, expected both latitude and longitude, or neither",
]


def test_every_bad_cell_of_every_row_is_told_and_nothing_is_written(path: Path) -> None:
    import io

    from django.core.management import call_command

    err = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded: 7 rows have errors"):
        call_command("load_incidents", write(path, BAD), profile="ucdp-ged", stderr=err, stdout=io.StringIO())
    assert err.getvalue().splitlines() == TOLD
    assert nothing_was_written()


def test_skip_bad_loads_the_others_and_still_tells_every_bad_one(path: Path) -> None:
    lines, err = load(write(path, BAD), skip_bad=True)
    assert err.splitlines() == TOLD
    assert lines[-1] == "added 1, changed 0, withdrawn 0, unchanged 0"
    assert "left out 7 bad rows" in lines
    assert Batch.objects.get().counts["skipped"] == 7


def test_a_row_of_another_width_is_bad(path: Path) -> None:
    write(path, events(1))
    path.write_text(path.read_text() + "2,3\n")
    _, err = load(path, skip_bad=True)
    assert err == f'line 3: "2 cells", expected {len(COLUMNS)}, as many as the header has\n'


def test_all_missing_columns_are_told_with_the_nearest(path: Path) -> None:
    renamed = [{"where_prec": "where_precision", "best": "best_est"}.get(name, name) for name in COLUMNS]
    told = refused(write(path, events(1), columns=renamed))
    assert told.splitlines() == [
        "The file does not fit the profile:",
        "  best: the file has no such column; did you mean best_est? (needed for incident.summary)",
        "  where_prec: the file has no such column; did you mean where_precision? (needed for incident.place.kind.4)",
    ]


def test_a_column_that_is_there_twice_is_refused(path: Path) -> None:
    assert "best: the file has this column twice" in refused(write(path, events(1), columns=[*COLUMNS, "BEST"]))


def test_columns_that_no_profile_knows_are_told(path: Path) -> None:
    lines, _ = load(write(path, events(1), columns=[*COLUMNS, "mood"]))
    assert "note: columns that the profile does not know, not loaded: mood" in lines


def test_a_header_without_rows_is_refused(path: Path) -> None:
    assert refused(write(path, [])) == f"{path} has a header and no rows."


def test_a_missing_file_and_an_unknown_profile_are_refused(path: Path) -> None:
    assert "there is no such file" in refused(path)
    assert "There is no profile 'ged'" in refused(path, profile="ged")


def test_a_dataset_id_that_cannot_be_one_is_refused(path: Path) -> None:
    assert refused(write(path, events(1)), dataset="UCDP GED").startswith("--dataset 'UCDP GED': Use lower-case")


RESERVED = """
title = "Ids as they come"
[dataset]
id = "any"
name = "Any"
licence = "CC0-1.0"
[incident]
id = "{nr}"
event_type = { constant = "unknown" }
summary = { template = "Something." }
[incident.date]
start = "day"
[[incident.actors]]
id = "{who}"
name = "who"
kind = { constant = "unknown" }
role = { constant = "belligerent" }
certainty = { constant = "confirmed" }
"""


def test_an_id_that_would_be_hidden_behind_a_list_is_refused(path: Path) -> None:
    assert "“count” is reserved by the API" in refused(write(path, events(1)), dataset="count")
    (profile := path.with_name("any.toml")).write_text(RESERVED)
    path.write_text("nr,day,who\ncite,2014-05-01,Blues\ntwo,2014-05-01,Blues\n")
    _, err = load(path, profile=str(profile), skip_bad=True)
    assert err.splitlines() == ['line 2, nr: "cite", expected an id other than aggregate, cite, count']
    assert list(public("incident")) == ["two"]


def test_the_ledger_takes_no_such_id_from_anybody() -> None:
    with pytest.raises(RefusedError, match="actor count has an id that is reserved by the API"):
        prepare("actor", {"id": "count"}, 1, "", "", {})


def test_an_actor_called_like_an_address_gets_an_id_of_its_own(path: Path) -> None:
    (profile := path.with_name("any.toml")).write_text(RESERVED)
    path.write_text("nr,day,who\none,2014-05-01,Count\n")
    load(path, profile=str(profile))
    assert [actor["id"] for actor in public("incident")["one"]["actors"]] == ["count-" + fingerprint("count")[:10]]


def test_an_id_that_another_dataset_has_is_refused(path: Path) -> None:
    outcome(write(path, events(1)))
    assert "Nothing was loaded: 1 row has errors" in refused(path, dataset="other")
    assert Incident.objects.get().dataset.public_id == "ucdp-ged"
    assert not Dataset.objects.filter(public_id="other").exists()


def test_a_text_too_long_for_its_field_is_shortened_and_told(path: Path) -> None:
    lines, _ = load(write(path, [event(1, where_description="x" * 600)]))
    assert "note: rows with a text too long for its field, shortened: place as reported: 1, on line 2" in lines
    assert len(Incident.objects.get().location_as_reported) == 500
