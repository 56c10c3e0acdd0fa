"""`manage.py mirror`: who may become a mirror, what a mirror refuses, and how it proves itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from incidents import models, publishing
from incidents.ledger.mirrored import mirrored_from
from incidents.ledger.models import Head, Publication, Revision
from incidents.mirroring.errors import MirrorError, RefusedError
from incidents.mirroring.origin import Origin, Part, Query, query_of
from incidents.mirroring.staging import Staging
from tests.factories import IncidentFactory
from tests.mirroring.recorded import Recorded, empty_ledger, mirror
from tests.mirroring.telling import ledger

pytestmark = pytest.mark.django_db

API = "http://testserver/api/v1/"


class Here(Origin):
    """The origin is this very server: what a mirror asks, it is asked."""

    def _part(self, path: str, query: Query) -> Part:
        answer: Any = APIClient().get(f"/api/v1/{path}", query)
        said = answer.json()
        if answer.status_code == 400:
            raise RefusedError("Refused.", frozenset(error["parameter"] for error in said["errors"]))
        return Part(said, query_of(said["next"]) if said["next"] else None)


@pytest.fixture
def run(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("incidents.management.commands.mirror.Origin", Here)

    def run(*arguments: str, **options: Any) -> str:
        out = StringIO()
        call_command("mirror", *arguments, stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    return run


@pytest.fixture
def copied(tmp_path: Path) -> None:
    """A ledger of four publications that was copied from the address of this server; no working records."""
    incidents = [IncidentFactory(public_id=f"case-{number}") for number in range(3)]
    for incident in incidents:
        publishing.publish([incident])
    publishing.withdraw([incidents[0]], reason="Doubts.")
    origin = Recorded(1000)
    empty_ledger()
    for model in (models.Incident, models.Dataset, models.Location):
        model._default_manager.all().delete()
    mirror(origin, tmp_path).catch_up()


def test_it_tells_how_far_it_is_and_proves_it(copied: None, run: Callable[..., str]) -> None:
    told = run("http://testserver/", "--once", "--check")
    assert told.startswith("publication 4 is the latest on both servers; copied 0 changes")
    assert re.search(r"equal up to publication 4: 10 changes, checksum [0-9a-f]{64}\n", told)


def test_a_server_with_publications_of_its_own_does_not_become_a_mirror(run: Callable[..., str]) -> None:
    publishing.publish([IncidentFactory()])
    before = ledger()
    with pytest.raises(CommandError, match=r"published records of its own \(up to publication 1\).*DATABASE_URL"):
        run("http://testserver/")
    assert ledger() == before


def test_a_server_with_working_records_of_its_own_does_not_become_a_mirror(run: Callable[..., str]) -> None:
    IncidentFactory()
    with pytest.raises(CommandError, match=r"holds datasets of its own.*EXAMPLE_DATA=off"):
        run("http://testserver/")


def test_a_mirror_refuses_to_publish_until_it_is_detached(copied: None, run: Callable[..., str]) -> None:
    before, incident = ledger(), IncidentFactory()
    for act in (
        lambda: publishing.publish([incident]),
        lambda: publishing.redact(incident, reason="x"),
        lambda: call_command("loaddata", "luhansk_2022", verbosity=0),
    ):
        with pytest.raises((publishing.RefusedError, CommandError), match=f"mirror of {API}: publish there"):
            act()
    assert publishing.preview(incident).problem.startswith("This server is a mirror")
    assert ledger() == before
    assert run("--detach") == f"No longer a mirror of {API}; this server now publishes itself.\n"
    assert publishing.publish([incident]).seq == 5
    with pytest.raises(CommandError, match="is not a mirror"):
        run("--detach")
    with pytest.raises(CommandError, match="of its own"):
        run("http://testserver/")


def test_an_origin_at_another_address_is_taken_if_it_is_the_same(copied: None, run: Callable[..., str]) -> None:
    assert run("http://other.example/").startswith("publication 4")
    assert mirrored_from(4) == API


def test_another_history_is_refused(copied: None, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Here._part

    def other(self: Here, path: str, query: Query) -> Part:
        part = asked(self, path, query)
        return part._replace(said={**part.said, "checksum": "0" * 64}) if "checksum" in path else part

    monkeypatch.setattr(Here, "_part", other)
    with pytest.raises(CommandError, match="Its history differs"):
        run("http://testserver/")
    with pytest.raises(CommandError, match=r"is a mirror of .*, and http://other\.example/api/v1/ is not the same"):
        run("http://other.example/")


def test_an_origin_that_is_behind_is_told(copied: None, run: Callable[..., str]) -> None:
    class Restored(Here):
        def changes(self, query: Query) -> Part:
            raise RefusedError("Publication 4 is still to come; the latest is 2.", frozenset({"since"}))

    with pytest.raises(MirrorError, match="has publication 4 already: was the origin restored"):
        mirror(Restored("http://testserver/", lambda text: None), Path("/tmp")).catch_up()


@pytest.mark.parametrize(("seq", "number"), [(1, 1), (2, 2), (3, 1)])
def test_a_difference_is_found_and_named(
    copied: None, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch, seq: int, number: int
) -> None:
    revision = Revision.objects.filter(seq=seq).order_by("id")[number - 1]
    asked = Here.checksum

    def of_before(self: Here, query: Query, limit: int = 10_000) -> Part:
        Revision.objects.filter(pk=revision.pk).update(reason="")
        part = asked(self, query, limit)
        Revision.objects.filter(pk=revision.pk).update(reason="changed by hand")
        return part

    monkeypatch.setattr(Here, "checksum", of_before)
    with pytest.raises(CommandError, match=f"^Publication {seq} differs from "):
        run("http://testserver/", "--check")


def test_two_mirrors_at_once_do_not_meet(copied: None, run: Callable[..., str], tmp_path: Path) -> None:
    here = mirror(Here("http://testserver/", lambda text: None), tmp_path)
    other = Staging(here._file)
    other.query()
    with pytest.raises(CommandError, match="Is another mirror process of this server running"):
        run("http://testserver/")
    other.close()
    run("http://testserver/")


def test_a_cursor_that_the_origin_no_longer_knows_is_asked_anew(tmp_path: Path) -> None:
    publishing.publish([IncidentFactory() for _ in range(5)])
    before, origin = ledger(), Recorded(3)
    empty_ledger()
    known = origin.parts

    class Forgetful(Recorded):
        def changes(self, query: Query) -> Part:
            if "cursor" in query and not self.cuts:
                self.cuts = {0}
                raise RefusedError("Was not made by this server.", frozenset({"cursor"}))
            return super().changes(query)

    forgetful = Forgetful(3, range(0))
    forgetful.parts = known
    mirror(forgetful, tmp_path).catch_up()
    assert ledger() == before


def test_nothing_to_copy_is_no_mistake(run: Callable[..., str]) -> None:
    assert run("http://testserver/").startswith("publication 0 is the latest")
    assert (Head.objects.get().seq, Publication.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [([], "Specify the server"), (["x"], "not the URL"), (["http://x", "--every=0"], "1 or")],
)
def test_a_wrong_command_line_is_told(run: Callable[..., str], arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)
