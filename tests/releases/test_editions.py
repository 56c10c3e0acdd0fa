"""A release keeps its edition: later columns, fields, texts and ways to write do not change its files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from incidents import publishing
from incidents.codebook import codebook
from incidents.ledger import shapes
from incidents.ledger.models import Release, ReleaseEdition
from incidents.ledger.shapes import Added
from incidents.releasing import edition
from incidents.releasing.edition import Edition, current_edition, earlier_editions
from incidents.releasing.release import refresh
from incidents.releasing.texts import TEXTS
from incidents.tables import TABLES
from tests.ledger.test_documents_of_older_shapes import know
from tests.releases.making import Quiet, contents, made

NEXT = shapes.latest() + 1


@pytest.fixture
def changed(world: Any, var: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files of a release, after which the code got another field with a column, and other texts."""
    made("before")
    files = contents(var)
    book = codebook()
    incidents, *others = book["tables"]
    first, *columns = incidents["columns"]
    added = {**columns[0], "name": "armament", "path": "armament", "type": "text", "vocabulary": None}
    tables = [{**incidents, "columns": [first, added, *reversed(columns)]}, *others]
    monkeypatch.setattr(edition, "codebook", lambda: {**book, "tables": tables, "types": {"text": "Other words."}})
    monkeypatch.setattr(edition, "TEXTS", TEXTS._replace(readme="# {title}\n", licences="Licences:\n"))
    monkeypatch.setattr(edition, "KEYS", {})
    know(monkeypatch, "ADDED", {**shapes.ADDED, NEXT: (Added("incident", "armament", after="id", default="none"),)})
    return files


def lose(var: Path) -> None:
    """Delete all files of releases."""
    shutil.rmtree(var / "releases")


@pytest.mark.django_db
def test_later_columns_fields_and_texts_do_not_reach_an_earlier_release(changed: dict[str, bytes], var: Path) -> None:
    made("after")
    later = contents(var)
    assert later["after/incidents.csv"].startswith(b"id,armament,time_zone,")
    assert b'"armament":"none"' in later["after/incidents.geojson"]
    assert later["after/README.md"].count(b"\n") == 1
    lose(var)
    assert refresh("before", Quiet())
    assert refresh("after", Quiet())
    assert contents(var) == later
    assert {path: later[path] for path in changed} == changed
    assert ReleaseEdition.objects.count() == 2


@pytest.mark.django_db
def test_equal_editions_are_stored_once(world: Any, var: Path) -> None:
    first, second = made("one"), made("two")
    assert first.edition == second.edition == ReleaseEdition.objects.get()


@pytest.mark.django_db
def test_after_a_redaction_a_release_keeps_its_columns(world: Any, changed: dict[str, bytes], var: Path) -> None:
    """Also if the documents that replaced what was redacted are in a later format."""
    gone, coarser = list(world.incidents.values())[:2]
    publishing.redact(gone, reason="For safety.")
    coarser.place_disclosure = "country"
    coarser.save()
    publishing.publish([coarser], reduce_because="For safety.")
    assert refresh("before", Quiet())
    after = contents(var)
    for path in ("before/incidents.csv", "before/locations.csv"):
        assert after[path].partition(b"\n")[0] == changed[path].partition(b"\n")[0]
    assert b"armament" not in after["before/incidents.geojson"]
    assert after["before/incidents.csv"] != changed["before/incidents.csv"]


@pytest.mark.django_db
def test_a_release_of_before_editions_is_known_by_its_codebook(
    world: Any, changed: dict[str, bytes], var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Release.objects.get()
    monkeypatch.setattr(edition, "earlier_editions", list)
    content = ReleaseEdition.objects.get().content
    monkeypatch.setattr("incidents.releasing.release.earlier_editions", lambda: (Edition(content),))
    Release.objects.update(edition=None)
    lose(var)
    assert refresh("before", Quiet())
    assert contents(var) == changed
    assert Release.objects.get().files == release.files


def test_tables_are_those_of_the_code() -> None:
    """What a release is written by says all that a column says of what is written."""
    now = current_edition()
    for kind, table in TABLES.items():
        found = now.tables[kind]
        assert (found.names, found.point) == (table.names, table.point)
        for mine, theirs in zip(found.columns, table.columns, strict=True):
            for name in ("path", "type", "description", "missing", "unit", "hxl", "gathered", "editable"):
                assert getattr(mine, name) == getattr(theirs, name), (kind, mine.name, name)
            assert list(mine.vocabulary or ()) == list(theirs.vocabulary or ())
            assert theirs.formerly == ()


def test_earlier_editions_are_those_of_the_versions_that_stored_none() -> None:
    assert [(each.layout, each.shape) for each in earlier_editions()] == [(1, 1), (1, 2)]
    assert not earlier_editions()[0].has("incident", "attributes")
    assert earlier_editions()[1].has("incident", "attributes")
