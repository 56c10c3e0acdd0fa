"""The databases of earlier versions that are kept here: how they are unpacked, and what is asked of them.

`python -m tests.upgrades.kept ask` prints every answer of the database of the environment; `… upgrade` brings it up to
date first; afterwards it loses and rebuilds files of releases, and edits and publishes in its admin.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command

from tests.upgrades.story import ACCOUNT, PASSWORD, PUBLIC_URL, ROOT, SECRET_KEY, START

FOLDER = Path(__file__).resolve().parent
ANSWERS = FOLDER / "answers.json.xz"
ADDRESSES = FOLDER / "addresses.txt"
HEADERS = ("Content-Type", "Content-Disposition", "Link", "Location", "Repr-Digest", "X-Row-Count", "X-As-Of")
"""Headers that belong to the answer; others are of the connection and of caches."""


def versions() -> list[str]:
    """Return the versions of which a database is kept, oldest first."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0].isdigit())


def unpack(version: str, database_url: str, var: Path) -> None:
    """Put a kept database and the files of its releases into empty places."""
    kept = FOLDER / version
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).write_bytes(lzma.decompress((kept / "sqlite3.xz").read_bytes()))
    else:
        script = lzma.decompress((kept / "postgresql.sql.xz").read_bytes()).decode()
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(script.encode())
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress((kept / "releases.tar.xz").read_bytes()))) as archive:
        archive.extractall(var, filter="data")


def environment(database_url: str, var: Path) -> dict[str, str]:
    """Return the environment in which the story was told."""
    return {
        **{name: value for name, value in os.environ.items() if not name.endswith("_FILE")},
        "DJANGO_SETTINGS_MODULE": "incidents_api.settings",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(var),
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": SECRET_KEY,
        "LOG_LEVEL": "CRITICAL",
    }


def run(database_url: str, var: Path, *arguments: str) -> str:
    """Run Python in that environment; return what it printed."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(database_url, var), text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def addresses() -> list[str]:
    """Return what is asked of every kept database."""
    lines = ADDRESSES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def ask() -> dict[str, Any]:
    """Return each address with the status, headers and body of its answer. Of a binary body, the SHA-256."""
    from rest_framework.test import APIClient

    api = APIClient(SERVER_NAME="localhost")
    found = {}
    for address in addresses():
        answer = api.get(f"/api/v1/{address}")
        headers = {name: answer[name] for name in HEADERS if name in answer}
        found[address] = {"status": answer.status_code, "headers": headers, "body": _text(answer.getvalue())}
    return found


def _text(body: bytes) -> list[str]:
    try:
        return body.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return [f"sha256:{hashlib.sha256(body).hexdigest()}"]


def expected() -> dict[str, Any]:
    """Return the answers that are right."""
    found: dict[str, Any] = json.loads(lzma.decompress(ANSWERS.read_bytes()))
    return found


def rebuild() -> None:
    """Lose the files of a release, and rebuild those of all."""
    from incidents.releasing.paths import root

    shutil.rmtree(root() / "all-1")
    (root() / "all-1.zip").unlink()
    call_command("release", refresh=True, stdout=sys.stderr)


def edit() -> None:
    """Log in to the admin with the account that is kept, change an incident's summary and publish it."""
    from django.test import Client
    from django.test.utils import setup_test_environment

    from incidents.models import Incident
    from tests.admin.pages import change_url, messages_of, send

    setup_test_environment()
    client = Client(SERVER_NAME="localhost")
    answer = client.post("/admin/login/", {"username": ACCOUNT, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    incident = Incident.objects.get(public_id="luhansk-2022-0011")
    said = f"{incident.summary} Edited after the upgrade."
    answer = send(client, change_url(incident), "_publish", summary=said)
    assert answer.status_code == 302, answer.content
    shown = client.get("/api/v1/incidents/luhansk-2022-0011/").json()
    assert shown["summary"] == said, messages_of(answer)


def main(what: str) -> None:
    """Do one of the two."""
    import django
    import time_machine

    django.setup()
    with time_machine.travel(START + timedelta(days=30)):  # whatever this machine's clock says, all that is past
        if what == "upgrade":
            call_command("migrate", verbosity=0)
        found = ask()
        if what == "upgrade":
            rebuild()
            edit()
        json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
