"""Two databases that are told the same story: that of this process, and a SQLite to which another process tells it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a process that tells a story imports models once Django is set up
    from tests.ledger.editing import Editors


def edited(seed: int, later: Callable[[], object], *, incidents: int, edits: int) -> Editors:
    """Publish a world and edit it, the same for each seed; return its editors."""
    from incidents import publishing
    from tests import factories
    from tests.ledger.editing import Editors
    from tests.query.world import World

    for name in ("Incident", "Location", "Source", "Actor", "Dataset", "Report"):
        getattr(factories, f"{name}Factory").reset_sequence(0, force=True)
    world = World(seed)
    publishing.publish([*world.sources, *world.actors, *world.datasets, *world.locations.values()])
    publishing.publish([world.incident() for _ in range(incidents)])
    editors = Editors(world)
    for _ in range(edits):
        later()
        editors.act()
    return editors


def tell(story: Callable[[int], Any]) -> None:
    """Tell a story to the empty database of the environment, with the seed of the command line; print it as JSON."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    json.dump(story(int(sys.argv[1])), sys.stdout)


def told_to_sqlite(module: str, seed: int, folder: Path) -> Any:
    """Return what a module tells that is run with a database of SQLite in a folder."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/twin.sqlite3",
        "DJANGO_SETTINGS_MODULE": "incidents_api.settings",
    }
    command = [sys.executable, "-m", module, str(seed)]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
