"""One ledger released on any database: `python -m tests.releases.twins SEED` prints the checksum of every file."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path

EDITS = 30


def story(seed: int) -> dict[str, str]:
    """Publish and edit a world, release it whole and in part, and return the checksum of every file by its path."""
    from django.conf import settings

    from incidents import publishing
    from tests import factories
    from tests.ledger.editing import Editors
    from tests.query.world import World, clock
    from tests.releases.making import contents, made

    for name in ("Incident", "Location", "Source", "Actor", "Dataset", "Report"):
        getattr(factories, f"{name}Factory").reset_sequence(0, force=True)
    with tempfile.TemporaryDirectory() as folder, clock() as later:
        world = World(seed)
        publishing.publish([*world.sources, *world.actors, *world.datasets, *world.locations.values()])
        publishing.publish([world.incident() for _ in range(40)])
        editors = Editors(world)
        for _ in range(EDITS):
            later()
            editors.act()
        publishing.redact(editors.open[0], reason="For safety.")
        settings.VAR_DIR, settings.PUBLIC_URL = Path(folder), "https://incidents.example.org"
        made("everything", parted_from=1)
        made("past", as_of=5)
        made("part", dataset="data-1", notes="Some notes.")
        return {path: hashlib.sha256(content).hexdigest() for path, content in contents(Path(folder)).items()}


def main() -> None:
    """Tell the story and print it."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    json.dump(story(int(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
