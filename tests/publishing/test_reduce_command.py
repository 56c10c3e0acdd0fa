"""`manage.py reduce`: shows first what earlier revisions tell, and reduces them when asked to."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents import publishing
from incidents.ledger.models import Head, Revision
from incidents.models import Incident
from tests.factories import IncidentFactory, LocationFactory, ReportFactory, SourceFactory

pytestmark = pytest.mark.django_db

REASON = "Under the rules of version 0.3."


def reduce(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("reduce", *arguments, stdout=out, **options)
    return out.getvalue()


def texts() -> str:
    return "\n".join(row.document for row in Revision.objects.of("incident"))


@pytest.fixture
def incidents() -> list[Incident]:
    """Three incidents in Smalltown: two generalised after their publication, whose earlier revisions were kept."""
    town = LocationFactory(name="Smalltown", parent=LocationFactory(name="Region", kind="admin1"))
    made = [IncidentFactory(public_id=name, location=town) for name in ("one", "two", "open")]
    publishing.publish(made)
    Incident.objects.exclude(public_id="open").update(place_disclosure="admin1")
    publishing.publish(Incident.objects.filter(public_id="one"))
    return made


def test_it_first_shows_what_generalised_incidents_tell_and_writes_nothing(incidents: list[Incident]) -> None:
    said = reduce("--generalised")

    assert said.startswith("one\n")
    assert "\n  location.id: " in said
    assert '  location.name: "Smalltown"\n' in said
    assert "\ntwo\n" in said
    assert "open" not in said
    assert said.endswith(
        "Would be reduced: 2 records. Nothing was written: repeat the command with --apply --reason TEXT.\n"
    )
    assert Head.objects.get().seq == 2
    assert texts().count("Smalltown") == 3


def test_it_reduces_them_and_then_has_nothing_to_do(incidents: list[Incident]) -> None:
    said = reduce("--generalised", "--apply", reason=REASON, user="root")

    assert said.endswith("Publication 3: reduced: 2 records.\n")
    assert [row.record_id for row in Revision.objects.of("incident") if "Smalltown" in row.document] == ["open"]
    assert {row.reason for row in Revision.objects.filter(change="redacted")} == {REASON}
    again = reduce("--generalised", "--apply", reason=REASON)
    assert again == "No generalised incident tells more in its history than it does now.\n"
    assert Head.objects.get().seq == 3


def test_what_is_not_ready_is_named_and_left(incidents: list[Incident]) -> None:
    Incident.objects.filter(public_id="two").update(editorial_status="draft")
    with pytest.raises(CommandError, match="1 of 2 cannot be reduced yet") as error:
        reduce("--generalised", "--apply", reason=REASON)
    assert error.value.returncode == 1
    assert {row.record_id for row in Revision.objects.of("incident") if "Smalltown" in row.document} == {"open", "two"}


def test_withdrawn_incidents_are_found_too(incidents: list[Incident]) -> None:
    publishing.withdraw([incidents[1]], reason="Doubts.")
    assert "\ntwo\n" in reduce("--generalised", "--apply", reason=REASON)
    assert {row.record_id for row in Revision.objects.of("incident") if "Smalltown" in row.document} == {"open"}
    last = Revision.objects.of("incident", ["two"]).latest("number")
    assert (last.change, last.reason) == ("withdrawn", "Doubts.")


def test_a_source_and_a_report_by_name() -> None:
    report = ReportFactory(public_id="r", title="Ivan says", source=SourceFactory(public_id="s", name="Ivan"))
    publishing.publish([IncidentFactory(public_id="one", reports=[report])])
    report.source.name, report.title = "A resident", "A resident says"
    report.source.save()
    report.save()

    assert "Would be reduced: 1 record, and 1 incident that showed it." in reduce("source", "s")
    reduce("source", "s", "--apply", reason=REASON)
    assert "Ivan says" in texts()
    reduce("report", "r", "--apply", reason=REASON)
    assert "Ivan" not in texts()
    assert "Ivan" not in "".join(row.document for row in Revision.objects.of("source"))


@pytest.mark.parametrize(
    ("arguments", "options", "why"),
    [
        ((), {}, "Give either --generalised or a KIND and one or more IDs."),
        (("source", "s"), {"generalised": True}, "Give either --generalised or a KIND"),
        (("source",), {}, "Give the public id of one source or of several."),
        (("source", "nobody", "nothing"), {}, "There is no source nobody, nothing."),
        (("--generalised", "--apply"), {}, "--apply needs --reason TEXT, which readers will see."),
        (("planet", "s"), {}, "invalid choice: 'planet'"),
    ],
)
def test_a_wrong_command_says_what_is_right(arguments: tuple[str, ...], options: dict[str, Any], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        reduce(*arguments, **options)
