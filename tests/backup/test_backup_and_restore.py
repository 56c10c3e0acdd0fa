"""A backup holds everything, is restored into an empty place alone, and is proved before it counts."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from incidents import publishing
from incidents.backup import BackupError, make
from incidents.backup import release_files as release_files
from incidents.ledger.models import Head
from incidents.ledger.reindex import PLACE_INDEX
from tests.backup.places import as_default, empty_place, rows, tree
from tests.ledger.editing import Editors
from tests.query.world import World, clock
from tests.releases.making import Quiet, made
from tests.upgrades.kept import FOLDER, versions

DAMAGED = r"is damaged|is not a backup of this server, or is truncated"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A world that is edited, redacted and released, with drafts and an account; its folder is `source`."""
    settings.VAR_DIR = tmp_path / "source"
    Head.objects.update(place_index=PLACE_INDEX)  # as `migrate` leaves it, and an emptied test database does not
    with clock() as later:
        world: Any = World(3)
        publishing.publish([*world.sources, *world.actors, *world.datasets, *world.locations.values()])
        publishing.publish([world.incident() for _ in range(15)])
        editors = Editors(world)
        for _ in range(10):
            later()
            editors.act()
        publishing.redact(editors.open[0], reason="For safety.")
        made("all-1")
        made("past-1", as_of=2)
        world.incident()  # a draft
        world.editors = editors
        yield world


def run(command: str, *arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), **options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def run_at(alias: str, command: str, *arguments: Any, **options: Any) -> str:
    """Run a command where the database of an alias is the default one."""
    with as_default(alias):
        return run(command, *arguments, **options)


@pytest.fixture
def backup(world: Any, tmp_path: Path) -> Path:
    """A backup of the world."""
    file = tmp_path / "one.backup"
    run("backup", file)
    return file


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    """A copy of a small backup that is kept for upgrade tests."""
    settings.VAR_DIR = tmp_path / "source"
    return Path(shutil.copy(FOLDER / versions()[-1] / f"{connection.vendor}.backup", tmp_path / "one.backup"))


def test_everything_comes_back_equal(backup: Path, tmp_path: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.backup", "source"]
    with empty_place(tmp_path / "target") as alias:
        said = run_at(alias, "restore", backup)
        assert rows(alias) == rows("default")
        names = (path.name for path in (tmp_path / "target").iterdir())
        assert [name for name in names if not name.startswith("two.sqlite3")] == ["releases"]
        with connections[alias].cursor() as cursor:  # what is written next gets an id of its own
            cursor.execute("INSERT INTO auth_group (name) VALUES ('Editors')")
    assert tree(tmp_path / "target/releases") == tree(tmp_path / "source/releases")
    head = Head.objects.get()
    assert said.startswith(f"restored up to publication {head.seq}: ")
    assert said.endswith(f"as backed up; files of {len(release_files.shown())} releases\n")


def test_a_database_that_is_migrated_and_empty_is_an_empty_place(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    with empty_place(tmp_path / "target") as alias:
        call_command("migrate", database=alias, verbosity=0)
        run_at(alias, "restore", backup)
        assert rows(alias) == rows("default")


def test_a_place_that_is_not_empty_is_refused_and_stays_as_it_is(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "target/releases/mine").mkdir(parents=True)
    with empty_place(tmp_path / "target") as alias:
        with pytest.raises(CommandError, match="is not empty: it holds mine"):
            run_at(alias, "restore", backup)
        assert rows(alias) == {}
        (tmp_path / "target/releases/mine").rmdir()
        call_command("migrate", database=alias, verbosity=0)
        with connections[alias].cursor() as cursor:
            cursor.execute("INSERT INTO auth_group (name) VALUES ('mine')")
        before = rows(alias)
        with pytest.raises(CommandError, match="The database is not empty: auth_group has rows"):
            run_at(alias, "restore", backup)
        assert rows(alias) == before


@pytest.mark.parametrize("step", ["migrate", "files"] if connection.vendor == "sqlite" else ["files"])
def test_a_restore_that_fails_leaves_nothing(
    backup: Path, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if step == "migrate":
        monkeypatch.setattr("incidents.backup.restoring.call_command", _interrupted)
    else:
        monkeypatch.setattr(release_files, "require_listed", _interrupted)
    (tmp_path / "target").mkdir()
    with empty_place(tmp_path / "target") as alias:
        with pytest.raises(CommandError, match="Interrupted; nothing was restored"):
            run_at(alias, "restore", backup)
        assert rows(alias) == {}
        monkeypatch.undo()
        assert tree(tmp_path / "target/releases") == {}
        assert not list((tmp_path / "target").glob(".*"))


def _interrupted(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_file_that_exists_is_replaced_only_on_demand(backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="already exists"):
        run("backup", backup)
    assert backup.read_bytes() == before
    backup.write_bytes(b"old")
    run("backup", backup, force=True)
    assert backup.read_bytes() == before  # nothing was published, and the clock stands still


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "text"])
def test_a_damaged_backup_is_refused_before_anything_is_written(kept: Path, tmp_path: Path, harm: str) -> None:
    whole = kept.read_bytes()
    with ZipFile(kept) as archive:
        largest = max(archive.infolist(), key=lambda info: info.compress_size)
    middle = largest.header_offset + largest.compress_size // 2
    damaged = {
        "cut": whole[:-100],
        "changed": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
        "empty": b"",
        "text": b"hello",
    }[harm]
    kept.write_bytes(damaged)
    with pytest.raises(CommandError, match=DAMAGED):
        run("backup", kept, verify=True)
    (tmp_path / "target").mkdir()
    with empty_place(tmp_path / "target") as alias:
        with pytest.raises(CommandError, match=DAMAGED):
            run_at(alias, "restore", kept)
        assert rows(alias) == {}


def test_a_sound_backup_says_what_it_is(kept: Path) -> None:
    said = run("backup", kept, verify=True)
    assert said.startswith(f"{kept}: valid; made 20")
    assert said.endswith(f" by version 0.1.0 on {connection.vendor}, up to publication 11: 119 changes\n")


def changed(backup: Path, **values: Any) -> None:
    """Write another manifest into a backup."""
    other = backup.with_suffix(".other")
    with ZipFile(backup) as old, ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **values}).encode()
            new.writestr(name, content)
    other.replace(backup)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"format": 2}, "has format 2; this version reads format 1"),
        ({"engine": "oracle"}, "This is a backup of a database on oracle, but DATABASE_URL is a database on"),
        (
            {"migrations": ["ledger.0099_later"]},
            "made by a newer version .* the migration ledger.0099.* is unknown",
        ),
        ({"proof": {"changes": 5, "checksum": "ab"}}, "The restored ledger differs from the backed-up one"),
    ],
)
def test_a_backup_that_cannot_be_restored_here_is_refused_in_words(
    kept: Path, tmp_path: Path, values: dict[str, Any], said: str
) -> None:
    changed(kept, **values)
    (tmp_path / "target").mkdir()
    with empty_place(tmp_path / "target") as alias:
        with pytest.raises(CommandError, match=said):
            run_at(alias, "restore", kept)
        assert rows(alias) == {}


def test_files_of_releases_that_are_lacking_are_said_and_can_be_left_out(world: Any, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    shutil.rmtree(tmp_path / "source/releases/all-1")
    with pytest.raises(CommandError, match=r"Missing here: releases/all-1/\S+ and \d+ more files"):
        run("backup", file)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]
    run("backup", file, without_release_files=True)
    (tmp_path / "target").mkdir()
    with empty_place(tmp_path / "target") as alias:
        said = run_at(alias, "restore", file)
        assert "Run manage.py release --refresh to rebuild them." in said
        assert tree(tmp_path / "target/releases") == {}
        run_at(alias, "release", refresh=True)
        assert "all-1/SHA256SUMS" in tree(tmp_path / "target/releases")


def test_a_redaction_meanwhile_makes_it_begin_again_and_is_not_in_it(world: Any, tmp_path: Path) -> None:
    redacted = [world.editors.open[1]]
    write = release_files.write

    def redact_then_write(*arguments: Any) -> list[str]:
        while redacted:
            publishing.redact(redacted.pop(), reason="For safety.")
        return write(*arguments)

    quiet = Quiet()
    with patch.object(release_files, "write", redact_then_write):
        make(tmp_path / "one.backup", quiet)
    assert quiet.said == ["A record was redacted during the backup, so the backup restarts."]
    with empty_place(tmp_path / "target") as alias:
        run_at(alias, "restore", tmp_path / "one.backup")
        assert rows(alias) == rows("default")
        assert tree(tmp_path / "target/releases") == {}  # the redaction has reached the release


def test_redactions_without_end_are_an_error_in_words(world: Any, tmp_path: Path) -> None:
    left = list(world.editors.open[1:])

    def redact(*_: Any) -> list[str]:
        publishing.redact(left.pop(), reason="For safety.")
        return []

    with patch.object(release_files, "write", redact), pytest.raises(BackupError, match="during each of 5 attempts"):
        make(tmp_path / "one.backup", Quiet())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


@pytest.mark.parametrize("place", ["missing/one.backup", "source"])
def test_a_place_that_cannot_be_written_is_named(world: Any, tmp_path: Path, place: str) -> None:
    with pytest.raises(CommandError, match=r"There is no directory|is a directory. Specify a file"):
        run("backup", tmp_path / place)


def test_a_full_disk_is_said_in_a_sentence_and_nothing_is_left(world: Any, tmp_path: Path) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with (
        patch("incidents.backup.archive.Writer.finish", full),
        pytest.raises(CommandError, match=r"cannot be written to .*: No space left on device. Nothing was left there."),
    ):
        run("backup", tmp_path / "one.backup")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]
