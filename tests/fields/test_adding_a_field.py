"""Fields are added to a copy of the project as CONTRIBUTING.md says, and tried there on a database of 0.1.0."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from tests.databases import new_database
from tests.upgrades.kept import environment, unpack
from tests.upgrades.story import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.processes]

VOCABULARY = """
WEAPON_TYPES = Vocabulary(
    "weapon_type",
    "The main weapon that was used.",
    Term("rifle", "Rifle", "A long gun."),
    Term("knife", "Knife", "A blade."),
    Term("explosive", "Explosive", "A bomb, mine or grenade."),
)
"""

DECLARED = """
            incident_field(
                "weapon_type", "code", vocabulary=WEAPON_TYPES, since=9, after="event_subtype", indexed_as="by_weapon",
                generalised="keep",
            ),
            incident_field(
                "weapons_seen", "codes", vocabulary=WEAPON_TYPES, since=9, after="weapon_type", indexed_as="ws"
            ),
            incident_field("vehicles", "integer", "Vehicles.", since=9, after="weapons_seen", indexed_as="by_vehicles"),
            incident_field("depth_m", "number", "Depth.", since=9, after="vehicles", indexed_as="by_depth", unit="m"),
            incident_field("confirmed", "boolean", "Seen.", since=9, after="depth_m", indexed_as="by_confirmed"),
            incident_field("reported_on", "date", "When.", since=9, after="confirmed", indexed_as="by_reported"),
            incident_field("operation", "text", "Name.", since=9, after="reported_on", indexed_as="by_operation"),
            incident_field("words", "words", "Words.", since=9, after="operation", indexed_as="wd"),
            incident_field("page", "link", "Page.", since=9, after="words"),
            incident_field(
                "detained", "range", "People detained.", since=9, after="page", indexed_as="by_detained", lowest=0
            ),
            incident_field("began_at", "clock", "Time.", since=9, after="detained", indexed_as="by_began_at"),
"""

STORED = """
    weapon_type = models.CharField(max_length=40, choices=WEAPON_TYPES.choices, blank=True, default="")
    weapons_seen = models.JSONField(default=list, blank=True)
    vehicles = models.IntegerField(null=True, blank=True)
    depth_m = models.FloatField(null=True, blank=True)
    confirmed = models.BooleanField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    operation = models.CharField(max_length=100, blank=True, default="")
    words = models.JSONField(default=list, blank=True)
    page = models.URLField(max_length=1000, blank=True, default="")
    detained_low = models.IntegerField(null=True, blank=True)
    detained_best = models.IntegerField(null=True, blank=True)
    detained_high = models.IntegerField(null=True, blank=True)
    began_at = models.CharField(max_length=8, blank=True, default="", validators=[validate_time_of_day])
"""


def copied(folder: Path) -> Path:
    """Return a copy of what the project's files are now."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, text=True, capture_output=True, check=True).stdout.splitlines():
        if (ROOT / name).is_file():  # not one that was taken away
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def changed(file: Path, *changes: tuple[str, str]) -> None:
    """Put a text behind another one in a file, once each."""
    text = file.read_text(encoding="utf-8")
    for before, added in changes:
        assert text.count(before) >= 1, (file, before)
        text = text.replace(before, before + added, 1)
    file.write_text(text, encoding="utf-8")


def run(copy: Path, env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=copy, env=env, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_fields_of_every_type_are_added_in_five_files(tmp_path: Path) -> None:
    copy = copied(tmp_path / "copy")
    before = product_files(copy)
    changed(
        copy / "incidents/vocabulary/events.py",
        ("from incidents.vocabulary.terms import Term, Vocabulary\n", VOCABULARY),
    )
    changed(
        copy / "incidents/schema/incident.py",
        ("from __future__ import annotations\n", "from incidents.vocabulary.events import WEAPON_TYPES\n"),
        ("from incidents import vocabulary\n", "from incidents.schema.common import incident_field\n"),
        ('hxl="#event+subtype"),\n                generalised="keep",\n            ),\n', DECLARED),
    )
    changed(
        copy / "incidents/models/incidents.py",
        ("    event_subtype = models.CharField(max_length=40, choices=EVENT_SUBTYPES.choices, blank=True)\n", STORED),
        (
            "from incidents.models.places import Location\n",
            "from incidents.vocabulary.events import WEAPON_TYPES\n",
        ),
    )
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/kept.sqlite3"
        if connection.vendor == "postgresql":
            url = stack.enter_context(new_database(os.environ["DATABASE_URL"]))
        unpack("0.1.0", url, tmp_path)
        env = environment(url, tmp_path) | {"PYTHONPATH": str(copy)}
        run(copy, env, "manage.py", "makemigrations", "--name", "trial", "--skip-checks")
        assert len(product_files(copy) - before) == 5
        run(copy, env, "-m", "tests.fields.trial", str(tmp_path))


def product_files(copy: Path) -> set[tuple[str, str]]:
    """Return the files of the product, each with its content."""
    return {
        (str(path.relative_to(copy)), path.read_text(encoding="utf-8"))
        for room in ("incidents", "incidents_api")
        for path in (copy / room).rglob("*.py")
    }
