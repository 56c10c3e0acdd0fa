"""Whatever cannot be published is refused with its id and why, and leaves no trace: no row, no number, no word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from incidents import publishing
from incidents.ledger.models import Head, Revision
from incidents.models import Claim, IncidentReport, Relation
from incidents.publishing import RefusedError
from tests.factories import IncidentFactory, LocationFactory, ReportFactory
from tests.ledger.dump import dump
from tests.publishing.test_publish import document, live
from tests.worlds import world

pytestmark = pytest.mark.django_db


@world
def public() -> Any:
    """A published incident at a town in a region."""
    region = LocationFactory(public_id="region", kind="admin1")
    incident = IncidentFactory(public_id="one", location=LocationFactory(public_id="town", parent=region))
    publishing.publish([incident])
    return incident


def test_an_exception_midway_leaves_nothing(public: Any) -> None:
    def withdraw_and_fail() -> None:
        with publishing.publication(message="Half done.") as door:
            door.withdraw("incident", ["one"], reason="Half done.")
            raise ZeroDivisionError

    before = dump("ledger_")
    with pytest.raises(ZeroDivisionError):
        withdraw_and_fail()
    assert dump("ledger_") == before
    public.killed_best = 1
    public.save()
    assert publishing.publish([public]).seq == 2


def test_one_bad_record_among_many_leaves_nothing(public: Any) -> None:
    before = dump("ledger_")
    bad = IncidentFactory(public_id="bad", extra={"row": 2**70})
    with pytest.raises(RefusedError, match="bad – extra: Enter what JSON can hold: Integer exceeds 64-bit range"):
        publishing.publish([IncidentFactory(public_id="good"), bad])
    assert dump("ledger_") == before


def test_a_publication_that_changes_nothing_leaves_nothing(public: Any) -> None:
    before = dump("ledger_")
    with publishing.publication(message="Nothing.") as door:
        pass
    assert (door.seq, publishing.publish([public]).seq, dump("ledger_")) == (None, None, before)


def test_a_preview_leaves_nothing_in_any_table(public: Any) -> None:
    public.summary = "Edited."
    public.save()
    new = IncidentFactory(public_id="new", location=LocationFactory(public_id="village"))
    Relation.objects.create(incident=public, related=new, relation="part_of")
    before = dump("")
    assert (publishing.preview(public).changed, publishing.preview(new).problem) == (["summary"], "")
    assert dump("") == before


def test_a_region_cannot_be_redacted_while_places_in_it_tell_its_name(public: Any) -> None:
    region = public.location.parent
    with pytest.raises(RefusedError, match=r"location region is or was part of one\. Redact that first"):
        publishing.redact(region, reason="No.")
    publishing.redact(public, reason="Puts people in danger.")
    with pytest.raises(RefusedError, match=r"location region is or was part of town\. Redact that first"):
        publishing.redact(region, reason="No.")
    publishing.redact(public.location, reason="Puts people in danger.")
    publishing.redact(region, reason="Puts people in danger.")
    assert live("location") == []


def test_a_region_and_all_that_lies_in_it_can_be_withdrawn_together(public: Any) -> None:
    with pytest.raises(RefusedError, match="location region cannot be withdrawn: town still shows it"):
        publishing.withdraw([public, public.location.parent], reason="Not a region.")
    publishing.withdraw([public.location.parent, public.location, public], reason="Not a region.")
    assert (live("location"), Head.objects.get().totals["location"]) == ([], 0)


def test_what_was_merged_into_a_record_is_redacted_before_it() -> None:
    """Both told the same, and the history of the merged one still does."""
    one, two = IncidentFactory(public_id="one"), IncidentFactory(public_id="two")
    publishing.publish([one, two])
    publishing.merge(one, two, reason="Told twice.")
    with pytest.raises(RefusedError, match=r"one was merged into two and may contain the same content\. Redact it"):
        publishing.redact(two, reason="Puts people in danger.")
    publishing.redact(one, reason="Puts people in danger.")
    publishing.redact(two, reason="Puts people in danger.")
    assert not Revision.objects.filter(kind="incident").exclude(document="").exists()


def test_more_words_than_an_index_can_hold_are_refused_alike() -> None:
    wordy = IncidentFactory(public_id="wordy")
    for each in range(40):
        quote = " ".join(f"word{number}" for number in range(each * 1_800, (each + 1) * 1_800))
        report = ReportFactory()
        IncidentReport.objects.create(incident=wordy, report=report)
        Claim.objects.create(incident=wordy, report=report, field="other", value=quote)
    with pytest.raises(RefusedError, match="incident wordy has more words than the search index can hold"):
        publishing.publish([wordy])


@pytest.mark.parametrize("times", [1, 2])
def test_a_redaction_can_be_done_once(public: Any, times: int) -> None:
    publishing.redact(public, reason="Puts people in danger.")
    if times == 2:
        with pytest.raises(RefusedError, match="incident one is not public, so it cannot be redacted"):
            publishing.redact(public, reason="Once more.")
    assert Head.objects.get().redacted == 2


def test_a_coarser_date_holds_back_what_else_tells_it() -> None:
    report = ReportFactory(
        url="https://news.example/2022/08/04/shots",
        archive_url="https://archive.example/web/20220804101010/shots",
        published_on=date(2022, 8, 4),
        title="Shots on 4 August",
    )
    publishing.publish(
        [
            IncidentFactory(
                public_id="one", date_disclosure="month", reports=[report], extra={"event_date": "2022-08-04"}
            )
        ]
    )
    shown = document("incident", "one")
    assert (shown["date"]["start"], shown["date"]["end"], shown["extra"]) == ("2022-08-01", "2022-08-31", {})
    assert {name: value for name, value in shown["reports"][0].items() if value is None} == dict.fromkeys(
        ("relays", "title", "url", "archive_url", "published", "published_not_before", "language")
    )
