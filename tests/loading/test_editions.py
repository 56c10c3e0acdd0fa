"""Loading again: the same file publishes nothing, a newer edition publishes exactly its difference."""

import random
from pathlib import Path

import pytest

from incidents.ledger.models import Publication, Revision
from incidents.models import Batch, Incident, IncidentReport
from tests.loading.files import COLUMNS, event, events, load, outcome, public, write

pytestmark = pytest.mark.django_db

SAME = "added 0, changed 0, withdrawn 0, unchanged 6"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    outcome(write(path, events(6)))
    return path


def test_the_same_file_publishes_nothing(path: Path) -> None:
    before = Publication.objects.count(), Revision.objects.count()
    assert outcome(path) == SAME
    assert (Publication.objects.count(), Revision.objects.count()) == before
    assert Batch.objects.latest("loaded_at").publication is None


def test_order_of_columns_and_rows_line_ends_tags_and_date_format_publish_nothing(path: Path) -> None:
    mixed = random.Random(1)
    rows = events(6, date_start="2014-05-01", date_end="2014-05-01", latitude="48.1")
    mixed.shuffle(rows)
    columns = mixed.sample(COLUMNS, len(COLUMNS))
    assert outcome(write(path, rows, columns=columns, line_end="\r\n", tags=True, delimiter=";")) == SAME


def test_letter_case_publishes_nothing(path: Path) -> None:
    rows = events(
        6,
        adm_1="Northern province",
        adm_2="STRELTSAU DISTRICT",
        where_coordinates="streltsau Town",
        where_description="the Market of Streltsau",
        side_b="BLUES",
        source_article='"AGENCY,2014-05-02,two die in streltsau"',
    )
    assert outcome(write(path, rows, upper=True)) == SAME
    assert len(public("location")) == 4


def test_an_edition_publishes_exactly_its_difference(path: Path) -> None:
    rows = [
        event(1),
        event(2, best=3, deaths_b=2),
        event(3, latitude="48.15"),
        event(4, date_end="2014-05-03", date_prec=2),
        event(5, source_article='"Agency,2014-05-04,Three die in Streltsau"'),
        event(7),
    ]
    lines, _ = load(write(path, rows))
    assert lines[-1] == "added 1, changed 4, withdrawn 0, unchanged 1"
    assert (
        "note: 1 of 6 published records of ucdp-ged are not in the file; they stay public (--complete withdraws them)"
        in lines
    )
    last = Publication.objects.latest("seq").seq
    changed = dict(Revision.objects.filter(seq=last, kind="incident").values_list("record_id", "fields"))
    assert changed == {
        "ucdp-ged-2": "summary,casualties,extra",
        "ucdp-ged-3": "location",
        "ucdp-ged-4": "date",
        "ucdp-ged-5": "reports",
        "ucdp-ged-7": "",
    }
    assert set(Revision.objects.filter(seq=last).values_list("kind", flat=True)) == {"incident"}
    assert Incident.objects.get(public_id="ucdp-ged-2").killed_best == 3
    assert IncidentReport.objects.filter(incident__public_id="ucdp-ged-5").count() == 1


def test_what_changes_back_is_as_it_was(path: Path) -> None:
    before = public()
    outcome(write(path, events(6, low=1)))
    assert outcome(write(path, events(6))) == "added 0, changed 6, withdrawn 0, unchanged 0"
    unset = {"revision": None, "published": None}
    assert {key: value | unset for key, value in public().items()} == {
        key: value | unset for key, value in before.items()
    }


def test_figures_put_in_order_are_no_longer_kept_as_coded(path: Path) -> None:
    outcome(write(path, [event(1, low=9)]))
    outcome(write(path, [event(1)]))
    assert not Incident.objects.get(public_id="ucdp-ged-1").figures_as_coded
