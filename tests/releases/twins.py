"""One ledger released on any database: `python -m tests.releases.twins SEED` prints the checksum of every file."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from tests.twins import edited, tell

EDITS = 30


def story(seed: int) -> dict[str, str]:
    """Publish and edit a world, release it whole and in part, and return the checksum of every file by its path."""
    from django.conf import settings

    from incidents import publishing
    from tests.query.world import clock
    from tests.releases.making import contents, made

    with tempfile.TemporaryDirectory() as folder, clock() as later:
        editors = edited(seed, later, incidents=40, edits=EDITS)
        publishing.redact(editors.open[0], reason="For safety.")
        settings.VAR_DIR, settings.PUBLIC_URL = Path(folder), "https://incidents.example.org"
        made("everything", parted_from=1)
        made("past", as_of=5)
        made("part", dataset="data-1", notes="Some notes.")
        return {path: hashlib.sha256(content).hexdigest() for path, content in contents(Path(folder)).items()}


if __name__ == "__main__":
    tell(story)
