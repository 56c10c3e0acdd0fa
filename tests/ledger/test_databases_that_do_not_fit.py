"""A database that cannot be used is reported by /readyz, by manage.py check and by the start, in words."""

from __future__ import annotations

import io
import socket
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import RequestFactory

from incidents.ledger import migrations
from incidents.ledger.database import Kind, findings, make_missing
from incidents_api.health import Probes

pytestmark = pytest.mark.django_db

LAST = max(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))
"""The last migration of the ledger."""


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def readiness() -> tuple[int, str]:
    """Ask a server that starts now."""
    answer = Probes(lambda request: HttpResponse())(RequestFactory().get("/readyz"))
    assert isinstance(answer, HttpResponse)
    return answer.status_code, answer.content.decode()


def checked() -> str:
    """Return what `manage.py check --database default` says, and what it fails with."""
    err = io.StringIO()
    try:
        call_command("check", databases=["default"], stdout=io.StringIO(), stderr=err)
    except SystemCheckError as error:
        return str(error)
    return err.getvalue()


def kinds() -> list[Kind]:
    return [finding.kind for finding in findings()]


def test_the_database_of_this_version_fits() -> None:
    assert findings() == []
    assert readiness() == (200, "ready\n")
    assert checked() == ""


WORDS = ("DROP TABLE ledger_incidententry_words", "ALTER TABLE ledger_incidententry DROP COLUMN words")
DAMAGES = {
    "a table": (
        ("DROP TABLE incidents_membership",),
        "it has no table incidents_membership",
    ),
    "a column of another name": (
        ("ALTER TABLE incidents_batch RENAME COLUMN complete TO whole",),
        "incidents_batch has no column complete; incidents_batch.whole is required, but unknown to this version",
    ),
    "a word index": (
        (WORDS[connection.vendor == "postgresql"],),
        "ledger_incidententry_words" if connection.vendor == "sqlite" else "ledger_incidententry has no column words",
    ),
    "the head": (("DELETE FROM ledger_head",), "The ledger has no head"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_what_a_database_lacks_is_named_wherever_somebody_looks(what: str) -> None:
    statements, said = DAMAGES[what]
    execute(*statements)
    (finding,) = findings()
    assert finding.kind is Kind.UNFIT
    assert said in finding.text
    assert readiness() == (
        503,
        "The database does not match this version: run manage.py check --database default for details.\n",
    )
    assert "(ledger.E004)" in checked()
    assert said in checked()
    for command in ("migrate", "make_indexes"):
        with pytest.raises(CommandError, match="Restore a backup into a new database"):
            call_command(command)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no such statement")
def test_a_column_of_another_type_is_named() -> None:
    execute("ALTER TABLE ledger_publication ALTER COLUMN author TYPE varchar(20)")
    (finding,) = findings()
    assert "ledger_publication.author is of type varchar(20), not varchar(150)" in finding.text


def test_a_database_of_a_newer_version_is_refused_by_the_name_of_its_migration() -> None:
    MigrationRecorder(connection).record_applied("ledger", "0099_later")
    (finding,) = findings()
    assert (finding.kind, finding.text) == (
        Kind.NEWER,
        "The database was made by a newer version: it has the unknown migration ledger.0099_later.",
    )
    assert readiness()[0] == 503
    assert "made by a newer version" in readiness()[1]
    assert "(ledger.E003)" in checked()
    with pytest.raises(CommandError, match=r"ledger\.0099_later\.\nUse that version"):
        call_command("migrate")


def test_an_app_that_is_no_longer_installed_makes_no_database_newer() -> None:
    MigrationRecorder(connection).record_applied("somebody_elses", "0001_initial")
    assert findings() == []


def test_a_database_that_waits_for_migrations_says_so_and_can_be_migrated() -> None:
    MigrationRecorder(connection).record_unapplied("ledger", LAST)
    (finding,) = findings()
    assert finding.kind is Kind.PENDING
    assert finding.text.endswith(f"it needs the migration ledger.{LAST}.")
    assert readiness() == (503, "The database needs migrations: run manage.py migrate.\n")
    assert "(ledger.E005)" in checked()


def test_a_database_that_does_not_fit_its_migrations_is_refused_before_the_next_one_is_applied() -> None:
    MigrationRecorder(connection).record_unapplied("ledger", LAST)
    execute("DROP TABLE ledger_release")
    with pytest.raises(CommandError, match="it has no table ledger_release"):
        call_command("migrate")


INDEXES = ("publication_at", "incident_one_live", "place_name_key", "inc_long")


def test_indexes_that_are_lacking_are_named_and_made_again() -> None:
    execute(*(f"DROP INDEX {name}" for name in INDEXES))
    (finding,) = findings()
    assert finding.kind is Kind.INDEX
    assert finding.text == f"The database is missing the indexes {', '.join(sorted(INDEXES))}."
    assert readiness() == (200, "ready\n")
    assert "(ledger.W001)" in checked()
    assert {(made.name, made.error) for made in make_missing()} == {(name, "") for name in INDEXES}
    assert findings() == []
    assert list(make_missing()) == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="only PostgreSQL keeps words in a column")
def test_the_index_of_words_is_made_again() -> None:
    execute("DROP INDEX ledger_incidententry_words")
    assert [made.name for made in make_missing()] == ["ledger_incidententry_words"]
    assert findings() == []


def test_the_start_makes_indexes_again_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", str(server.getsockname()[1]))
    monkeypatch.setenv("EXAMPLE_DATA", "off")
    execute("DROP INDEX inc_by_day")
    out = io.StringIO()
    # SQLite's test database lets no second connection in while its tables change.
    with patch("os.execv"), patch("incidents_api.management.commands.serve.require_database"):
        call_command("serve", stdout=out)
    assert out.getvalue().startswith("The index inc_by_day was missing: it was created again.\n")
    assert findings() == []


def test_an_index_that_cannot_be_made_is_told_with_the_reason() -> None:
    statements = {"bad": "CREATE INDEX bad ON ledger_head (nothing)"}
    with patch("incidents.ledger.database.indexes.missing_indexes", return_value=statements):
        (made,) = make_missing()
    assert made.name == "bad"
    assert made.error


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite cannot drop a constraint")
def test_a_lost_constraint_is_a_warning() -> None:
    execute("ALTER TABLE ledger_head DROP CONSTRAINT ledger_head_is_one_row")
    assert kinds() == [Kind.CONSTRAINT]
    assert readiness() == (200, "ready\n")
    assert "The database is missing the constraint ledger_head_is_one_row" in checked()


def test_a_database_that_is_away_is_an_error_of_the_check_in_words() -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("Connection refused\n")):
        assert "(ledger.E006) The database cannot be read: Connection refused" in checked()


def test_a_good_database_is_looked_at_once_a_process() -> None:
    probes = Probes(lambda request: HttpResponse())
    with patch("incidents_api.health.findings", return_value=[]) as looked:
        for _ in range(3):
            assert probes(RequestFactory().get("/readyz")).status_code == 200
    assert looked.call_count == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="an index half made is PostgreSQL's")
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_indexes_are_made_while_editors_write_and_a_broken_one_is_replaced() -> None:
    execute("DROP INDEX publication_at")
    execute("INSERT INTO ledger_publication (seq, published_at, author, message, origin, counts, totals) VALUES"
            " (1, now(), '', '', '{}', '{}', '{}'), (2, now(), '', '', '{}', '{}', '{}')")  # fmt: skip
    with pytest.raises(DatabaseError):
        execute("CREATE UNIQUE INDEX CONCURRENTLY publication_at ON ledger_publication (author)")
    assert kinds() == [Kind.INDEX]
    assert [(made.name, made.error) for made in make_missing()] == [("publication_at", "")]
    assert findings() == []
